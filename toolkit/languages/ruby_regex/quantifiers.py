"""Quantifiers: ``? * + {n,m}``, lazy and possessive forms, and the reduction of nested ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.scanner import Scanner

_INTERVAL = re.compile(r"\{(\d*)(?:(,)(\d*))?\}", re.ASCII)
_MOST = 100_000
_LONGEST_TEXT = 100
_SIMPLE = {"?": (0, 1), "*": (0, None), "+": (1, None)}

# By the kind of the inner quantifier, then of the outer: ? * + ?? *? +?
# A letter names the quantifier both come to, "d" is the inner alone, "p" is (?:x+)??, "." both.
_KINDS = {(0, 1): 0, (0, None): 1, (1, None): 2}
_NESTED = ("d**qz.", "dddppd", "**d.pd", "dzzdzz", "dddddd", "...zzd")
_MERGED = {"*": (0, None, True), "z": (0, None, False), "q": (0, 1, False)}


@dataclass(frozen=True, slots=True)
class Repeat:
    """A quantifier as it is written."""

    low: int
    high: int | None
    greedy: bool
    possessive: bool


def read_repeat(scanner: Scanner) -> Repeat | None:
    """Read a quantifier, if one comes next; ``{`` that starts none is a character."""
    start = scanner.place
    if (letter := scanner.peek()) in _SIMPLE and letter:
        scanner.place += 1
        return _suffixed(scanner, *_SIMPLE[letter], interval=False)
    interval = _INTERVAL.match(scanner.text, start)
    if interval is None or not (interval[1] or interval[3]):
        return None
    scanner.place = interval.end()
    low = int(interval[1][:7] or 0)
    high = low if interval[2] is None else int(interval[3][:7]) if interval[3] else None
    if max(low, high or 0) > _MOST:
        scanner.fail("too big number for repeat range", start)
    if high is not None and low > high:
        scanner.fail("upper is smaller than lower in repeat range", start)
    if interval[2] is None:
        return Repeat(low, high, greedy=True, possessive=False)
    return _suffixed(scanner, low, high, interval=True)


def _suffixed(scanner: Scanner, low: int, high: int | None, *, interval: bool) -> Repeat:
    if scanner.take("?"):
        return Repeat(low, high, greedy=False, possessive=False)
    return Repeat(low, high, greedy=True, possessive=not interval and scanner.take("+"))


def quantify(body: tree.RegexNode, repeat: Repeat, end: int) -> tree.RegexNode:
    """Repeat ``body``, with Onigmo's reduction of nested quantifiers.

    Args:
        body: The part that is repeated.
        repeat: The quantifier behind it.
        end: The offset in the pattern behind the quantifier.
    """
    low, high = repeat.low, repeat.high
    node: tree.RegexNode = tree.Quantifier(body.start, end, body, low, high, repeat.greedy)
    if (low, high) == (1, 1):
        node = body
    elif isinstance(body, tree.Literal) and body.fold and low == high:
        node = _spelt_out(body, low, node)
    elif isinstance(body, tree.Quantifier) and isinstance(node, tree.Quantifier):
        node = _reduced(body, node)
    return tree.Atomic(body.start, end, node) if repeat.possessive else node


def _spelt_out(text: tree.Literal, times: int, repeated: tree.RegexNode) -> tree.RegexNode:
    """Repeat the characters themselves: ``ss`` may match one character, as in ``(?i)s{2}``."""
    characters = text.characters * times
    if not 0 < len(characters.encode()) <= _LONGEST_TEXT:
        return repeated
    return replace(text, end=repeated.end, characters=characters)


def _reduced(inner: tree.Quantifier, outer: tree.Quantifier) -> tree.RegexNode:
    kinds = _kind(inner), _kind(outer)
    if kinds[0] is None:
        return outer
    if kinds[1] is None:
        if kinds[0] in (1, 2) and outer.greedy and outer.high is not None and outer.high > 1:
            return replace(outer, high=outer.low or 1)
        return outer
    verdict = _NESTED[kinds[0]][kinds[1]]
    if verdict == "d":
        return replace(inner, end=outer.end)
    if verdict == "p":
        many = replace(inner, low=1, high=None, greedy=True)
        return replace(outer, body=many, low=0, high=1, greedy=False)
    if verdict == ".":
        return outer
    low, high, greedy = _MERGED[verdict]
    return tree.Quantifier(outer.start, outer.end, inner.body, low, high, greedy)


def _kind(quantifier: tree.Quantifier) -> int | None:
    kind = _KINDS.get((quantifier.low, quantifier.high))
    return kind if kind is None or quantifier.greedy else kind + 3
