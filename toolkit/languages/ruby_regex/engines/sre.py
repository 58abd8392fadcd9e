"""The standard library's engine: fast, and it backtracks in the same order as Onigmo.

So an expression printed in Python's syntax finds the same match, as long as each part means
the same. Unicode is where they differ, so an expression is printed in up to three forms, for
kinds of texts that allow a simpler one: in ASCII all sets are small; where Python and Ruby
agree on what is a letter, word boundaries are native.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from enum import Enum
from typing import ClassVar, cast

from toolkit.languages.ruby_regex import folding, tree
from toolkit.languages.ruby_regex.codes import ASCII, EVERY, NONE, Codes
from toolkit.languages.ruby_regex.errors import Untranslatable
from toolkit.languages.ruby_regex.lengths import Lengths
from toolkit.languages.ruby_regex.match import Native
from toolkit.languages.ruby_regex.properties import bounding_word

_NOTHING = "(?!)"
_ANCHORS = {
    tree.At.TEXT_START: r"\A",
    tree.At.TEXT_END: r"\Z",
    tree.At.LAST_LINE_END: r"(?=\n?\Z)",
    tree.At.LINE_END: "$",
}
_LAST_REFERENCE = 99
_LONGEST_FOLD = 3
_MOST_FOLDED = 12


class Texts(Enum):
    """The texts that a form of an expression is compiled for."""

    ASCII = "ascii"
    AGREED = "agreed"
    """Python and Ruby agree on which of its characters are part of words."""
    ANY = "any"


class _Agreed(dict[str, bool]):
    """Characters, and whether Python and Ruby agree on their being part of a word."""

    def __missing__(self, character: str) -> bool:
        agreed = character.isalnum() == (ord(character) in bounding_word())
        self[character] = agreed
        return agreed


_agreed = _Agreed()
_beyond_ascii = re.compile("[^\x00-\x7f]").findall


def texts_like(text: str) -> Texts:
    """Return the most restricted kind of texts that ``text`` belongs to."""
    if text.isascii():
        return Texts.ASCII
    return Texts.AGREED if all(map(_agreed.__getitem__, _beyond_ascii(text))) else Texts.ANY


def compile_native(expression: tree.RegexTree, texts: Texts) -> Native:
    """Compile for some texts; raises `Untranslatable` if the meaning would change."""
    printer = _Printer(expression, texts)
    ascii_only = texts is Texts.ASCII
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = re.MULTILINE | re.DOTALL | (re.ASCII if ascii_only else 0)
            return cast("Native", re.compile(printer.print(expression.body), flags))
    except (re.error, OverflowError, RecursionError) as error:
        raise Untranslatable(str(error)) from error


def printed_set(codes: Codes, *, ascii_only: bool = False) -> str:
    """Print one character of ``codes``, as short as possible (``.`` matches any)."""
    everything = ASCII if ascii_only else EVERY
    codes &= everything
    if codes == NONE:
        return _NOTHING
    if codes == everything:
        return "."
    if codes.single is not None:
        return _escape(codes.single)
    rest = everything - codes
    if len(rest.ranges) < len(codes.ranges) or codes.ranges[0][0] == 0:
        return f"[^{_ranges(rest)}]"
    return f"[{_ranges(codes)}]"


class _Printer:
    """Prints a tree as an expression of Python.

    ``filled``: what follows takes a character at least, so that the text cannot end here.
    """

    def __init__(self, expression: tree.RegexTree, texts: Texts) -> None:
        self._ascii = texts is Texts.ASCII
        self._native_bounds = texts is not Texts.ANY
        self._lengths = Lengths.of(expression)
        self._open: set[int] = set()
        names = [name for name, _ in expression.names]
        self._native_names = {n for n in names if n.isidentifier() and names.count(n) == 1}

    def print(self, node: tree.RegexNode, *, filled: bool = False) -> str:
        return self._PRINTERS.get(type(node), _Printer._unkept)(self, node, filled)

    def _unkept(self, node: tree.RegexNode, filled: bool) -> str:
        raise Untranslatable(type(node).__name__)

    def _text(self, node: tree.Literal, filled: bool) -> str:
        if not node.fold:
            return re.escape(node.characters)
        return self._folded(folding.fold(node.characters))

    def _set(self, node: tree.Set, filled: bool) -> str:
        printed = [self._codes(node.codes), *map(self._folded, node.strings)]
        return printed[0] if len(printed) == 1 else f"(?:{'|'.join(printed)})"

    def _codes(self, codes: Codes) -> str:
        return printed_set(codes, ascii_only=self._ascii)

    def _folded(self, folded: str) -> str:
        """Print an expression of all texts whose case folding is ``folded``."""
        if self._ascii:
            return "".join(self._codes(Codes.of(*_cases(c))) for c in folded)
        printed, start = [], 0
        for end in range(1, len(folded) + 1):
            if not _spanned(folded, start, end):
                printed.append(self._variants(folded[start:end]))
                start = end
        return "".join(printed)

    def _variants(self, folded: str) -> str:
        if len(folded) > _MOST_FOLDED:
            raise Untranslatable("too many ways to write a text in other cases")
        ways = []
        for width in range(1, min(_LONGEST_FOLD, len(folded)) + 1):
            if codes := folding.folds_to(folded[:width]):
                rest = self._variants(folded[width:]) if folded[width:] else ""
                ways.append(self._codes(codes) + rest)
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"

    def _anchor(self, node: tree.Anchor, filled: bool) -> str:
        if node.at is tree.At.LINE_START:
            return "^" if filled else r"(?:\A|^(?!\Z))"
        if node.at in (tree.At.BOUND, tree.At.NO_BOUND):
            return self._bound(node.at is tree.At.BOUND, node.ascii)
        if node.at is tree.At.SEARCH_START:
            raise Untranslatable("start of the search")
        return _ANCHORS[node.at]

    def _bound(self, differs: bool, ascii_word: bool) -> str:
        bound = r"\b" if differs else r"(?!\b)"
        if ascii_word and not self._ascii:
            return f"(?a:{bound})"
        if self._native_bounds:
            return bound
        word = self._codes(bounding_word())
        after, otherwise = ("!", "=") if differs else ("=", "!")
        return f"(?:(?<={word})(?{after}{word})|(?<!{word})(?{otherwise}{word}))"

    def _sequence(self, node: tree.Sequence, filled: bool) -> str:
        printed = []
        for item in reversed(node.items):
            printed.append(self._part(item, filled))
            filled = filled or self._lengths.shortest(item) > 0
        return "".join(reversed(printed))

    def _part(self, node: tree.RegexNode, filled: bool) -> str:
        printed = self.print(node, filled=filled)
        return f"(?:{printed})" if isinstance(node, tree.Alternation) else printed

    def _alternation(self, node: tree.Alternation, filled: bool) -> str:
        return "|".join(self.print(branch, filled=filled) for branch in node.branches)

    def _group(self, node: tree.Group, filled: bool) -> str:
        name = f"?P<{node.name}>" if node.name in self._native_names else ""
        self._open.add(node.number)
        body = self.print(node.body, filled=filled)
        self._open.remove(node.number)
        return f"({name}{body})"

    def _quantifier(self, node: tree.Quantifier, filled: bool) -> str:
        body = self.print(node.body)
        if not _is_atom(node.body):
            body = f"(?:{body})"
        return body + _times(node.low, node.high) + ("" if node.greedy else "?")

    def _atomic(self, node: tree.Atomic, filled: bool) -> str:
        return f"(?>{self.print(node.body, filled=filled)})"

    def _look(self, node: tree.Look, filled: bool) -> str:
        mark = f"?{'<' if node.behind else ''}{'!' if node.negative else '='}"
        if not node.behind or not isinstance(node.body, tree.Alternation):
            return f"({mark}{self.print(node.body)})"
        looks = [f"({mark}{self.print(branch)})" for branch in node.body.branches]
        return "".join(looks) if node.negative else f"(?:{'|'.join(looks)})"

    def _back_reference(self, node: tree.BackReference, filled: bool) -> str:
        if node.fold or node.level is not None or len(node.numbers) > 1:
            raise Untranslatable("this kind of back reference")
        if node.numbers[0] > _LAST_REFERENCE:
            raise Untranslatable("a back reference beyond 99")
        return f"(?:\\{node.numbers[0]})"

    def _conditional(self, node: tree.Conditional, filled: bool) -> str:
        if len(node.numbers) > 1 or not self._open.isdisjoint(node.numbers):
            raise Untranslatable("a condition on several groups, or on the one around it")
        yes, no = (f"(?:{self.print(way, filled=filled)})" for way in (node.yes, node.no))
        return f"(?({node.numbers[0]}){yes}|{no})" if node.numbers else no

    _PRINTERS: ClassVar[dict[type[tree.RegexNode], Callable[..., str]]] = {
        tree.Alternation: _alternation,
        tree.Anchor: _anchor,
        tree.Atomic: _atomic,
        tree.BackReference: _back_reference,
        tree.Conditional: _conditional,
        tree.Group: _group,
        tree.Look: _look,
        tree.Quantifier: _quantifier,
        tree.Sequence: _sequence,
        tree.Set: _set,
        tree.Literal: _text,
    }


def _is_atom(node: tree.RegexNode) -> bool:
    return isinstance(node, tree.Group | tree.Atomic) or (
        isinstance(node, tree.Set) and not node.strings
    )


def _times(low: int, high: int | None) -> str:
    short = {(0, 1): "?", (0, None): "*", (1, None): "+"}.get((low, high))
    if short:
        return short
    return f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"


def _ranges(codes: Codes) -> str:
    return "".join(
        _escape(low) if low == high else f"{_escape(low)}-{_escape(high)}"
        for low, high in codes.ranges
    )


def _escape(code: int) -> str:
    return re.escape(chr(code))


def _cases(character: str) -> tuple[tuple[int, int], ...]:
    return tuple((ord(c), ord(c)) for c in {character, character.upper()} if len(c) == 1)


def _spanned(folded: str, start: int, end: int) -> bool:
    """Return whether one character can fold to text on both sides of ``end``."""
    return any(
        folding.folds_to(folded[begin:stop])
        for begin in range(max(start, end - _LONGEST_FOLD + 1), end)
        for stop in range(end + 1, min(len(folded), begin + _LONGEST_FOLD) + 1)
    )
