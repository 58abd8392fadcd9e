"""A compiled grok expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from toolkit.languages import ruby_regex
from toolkit.logstash.event import ruby
from toolkit.logstash.grok.expansion import (
    Expansion,
    ExpansionTooLong,
    Place,
    TooDeep,
    Undefined,
    expand,
)
from toolkit.logstash.grok.tokens import Token
from toolkit.logstash.texts import FaultRows

_ROWS = FaultRows(__package__)
Captured: TypeAlias = "str | int | float | None"

_TYPES: dict[str, Callable[[str], int | float]] = {
    "int": ruby.to_i,
    "float": ruby.to_f,
}


@dataclass(frozen=True, slots=True)
class Capture:
    """A group of the regex and the field its text goes to."""

    field: str
    """A field reference, such as ``status`` or ``[http][version]``."""
    group: int
    type: str = ""
    """``int``, ``float``, or nothing: any other word is ignored."""

    @property
    def convert(self) -> Callable[[str], int | float] | None:
        """The conversion of the text to a number, if it has one."""
        return _TYPES.get(self.type)


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason that an expression cannot be compiled, with its place."""

    kind: str
    """``unknown-pattern``, ``recursion`` or ``regex``."""
    what: str
    fix: str
    place: Place
    logstash: str
    """The message of Logstash."""
    unsupported: bool = False
    """Logstash accepts it, but no engine here supports it."""


class ExpressionError(ValueError):
    """An expression with which Logstash does not start."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.what for problem in problems))
        self.problems = problems


class Expression:
    """A compiled expression."""

    __slots__ = ("_converted", "_fields", "_groups", "captures", "expansion", "regex", "source")

    def __init__(
        self,
        source: str,
        definitions: Mapping[str, str],
        *,
        named_captures_only: bool = True,
        engine: str | None = None,
    ) -> None:
        """Compile an expression.

        Args:
            source: The expression.
            definitions: The definitions of patterns by name.
            named_captures_only: Do not capture patterns without a field name.
            engine: The name of the regex engine; None chooses one.

        Raises:
            ExpressionError: It is invalid; all problems are listed.
        """
        self.source = source
        self.expansion = _expand(source, definitions, named_captures_only)
        self.regex = _compile(self.expansion, engine)
        self.captures = _captures(self.regex.names)
        self._fields = tuple(capture.field for capture in self.captures)
        groups = tuple(capture.group - 1 for capture in self.captures)
        self._groups = None if groups == tuple(range(self.regex.groups)) else groups
        self._converted = tuple(
            (place, capture.convert)
            for place, capture in enumerate(self.captures)
            if capture.convert is not None
        )

    def match(
        self, text: str, *, deadline: float | None = None
    ) -> list[tuple[str, Captured]] | None:
        """Return each field and what was captured for it, or None if it does not match.

        A group that took no part gives None. Fields may repeat. `RegexTimeout` after
        ``deadline`` seconds.
        """
        found = self.regex.search(text, deadline=deadline)
        if found is None:
            return None
        texts = found.groups()
        groups = self._groups
        values: list[Captured] = list(texts) if groups is None else [texts[i] for i in groups]
        for place, convert in self._converted:
            value = values[place]
            if isinstance(value, str):
                values[place] = convert(value)
        return list(zip(self._fields, values, strict=True))


def _expand(source: str, definitions: Mapping[str, str], named_captures_only: bool) -> Expansion:
    try:
        return expand(source, definitions, named_captures_only=named_captures_only)
    except Undefined as error:
        problems = (_undefined(token, place, definitions) for token, place in error.tokens)
        raise ExpressionError(*problems) from None
    except TooDeep as error:
        raise ExpressionError(_recursion(source, error)) from None


def _undefined(token: Token, place: Place, definitions: Mapping[str, str]) -> Problem:
    near = _nearest(token.syntax, tuple(definitions))
    written = place.origin.text[place.start : place.end]
    values = {"name": token.syntax, "near": near, "written": written}
    return _problem("misspelt-pattern" if near else "unknown-pattern", place, **values)


@lru_cache(maxsize=256)
def _nearest(name: str, names: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1)), "")


def _recursion(source: str, error: TooDeep) -> Problem:
    row = "many-patterns" if error.limit else "recursion"
    if isinstance(error, ExpansionTooLong):
        row = "long-expansion"
    return _problem(row, error.place, name=error.token.syntax, limit=error.limit, source=source)


def _compile(expansion: Expansion, engine: str | None) -> ruby_regex.Regex:
    try:
        return ruby_regex.compile(expansion.regex, engine=engine, dotall=True)
    except ruby_regex.RegexError as error:
        row = "unsupported-regex" if error.unsupported else "regex"
        place = expansion.locate(error.start, error.end)
        problem = _problem(row, place, reason=error.message, regex=expansion.regex)
        raise ExpressionError(problem) from None


def _problem(row: str, place: Place, **values: str) -> Problem:
    unsupported = row in ("long-expansion", "unsupported-regex")
    return Problem(place=place, unsupported=unsupported, **_ROWS.filled(row, values))


def _captures(names: Iterable[tuple[str, int]]) -> tuple[Capture, ...]:
    """Give each group its field, in the order in which names first appear.

    A name is ``SYNTAX:field:type``. Of groups with one name only the first is converted.
    """
    groups: dict[str, list[int]] = {}
    for name, group in names:
        groups.setdefault(name, []).append(group)
    captures: list[Capture] = []
    for name, numbers in groups.items():
        first, *others = numbers
        syntax, *rest = name.rstrip(":").split(":")
        field = rest[0] if rest else syntax
        captures.append(Capture(field, first, rest[1] if len(rest) > 1 else ""))
        captures += (Capture(field, number) for number in others)
    return tuple(captures)
