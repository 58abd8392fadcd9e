"""The fields that a grok expression captures, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from toolkit.logstash.grok.tokens import next_token

_GROUP = re.compile(r"\(\?<(?P<name>[A-Za-z_@\[][^>]*)>")


@dataclass(frozen=True, slots=True)
class CaptureSpan:
    """A field that an expression fills."""

    field: str
    """A field reference."""
    start: int
    """Its offset in the expression, or that of the pattern that contains it."""
    end: int
    text: str
    """Its notation, with the pattern that it is part of."""
    numeric: bool = False
    """True if it is stored as a number."""
    known: bool = True
    """True if it names a field: false for an undefined pattern, which may capture any."""


def captures_of(
    expression: str, definitions: Mapping[str, str], *, named_only: bool = True
) -> Iterator[CaptureSpan]:
    """Yield the captures of a grok expression, those of its patterns included.

    Args:
        expression: The expression.
        definitions: The definitions of patterns by name.
        named_only: Leave out patterns without a field name.

    >>> [c.field for c in captures_of("%{A:a:int} (?<b>x) %{B}", {"A": "", "B": "(?<[c][d]>x)"})]
    ['a', 'b', '[c][d]']
    """
    found = [*_tokens(expression, definitions, named_only, ()), *_groups(expression)]
    yield from sorted(found, key=lambda capture: capture.start)


def _groups(expression: str) -> Iterator[CaptureSpan]:
    for group in _GROUP.finditer(expression):
        # A group can be called as a token is: ``SYNTAX:field:type``.
        syntax, *rest = group["name"].split(":")
        field = rest[0] if rest else syntax
        numeric = _is_number(rest[1:])
        yield CaptureSpan(field, group.start(), group.end(), f"{group[0]}…)", numeric)


def _tokens(
    expression: str, definitions: Mapping[str, str], named_only: bool, above: tuple[str, ...]
) -> Iterator[CaptureSpan]:
    at = 0
    while (token := next_token(expression, at)) is not None:
        at = token.end
        written = expression[token.start : token.end]
        if token.semantic or not named_only:
            field, *kind = (token.semantic or token.syntax).split(":")
            yield CaptureSpan(field, token.start, token.end, written, _is_number(kind))
        inside = token.definition or definitions.get(token.syntax)
        if inside is None:
            yield CaptureSpan("", token.start, token.end, written, known=False)
        elif token.syntax not in above:
            for each in _within(inside, definitions, named_only, (*above, token.syntax)):
                text = f"{each.text} in {written}" if not above else each.text
                yield replace(each, start=token.start, end=token.end, text=text)


def _within(
    definition: str, definitions: Mapping[str, str], named_only: bool, above: tuple[str, ...]
) -> Iterator[CaptureSpan]:
    if "%{" in definition or "(?<" in definition:
        yield from _tokens(definition, definitions, named_only, above)
        yield from _groups(definition)


def _is_number(kind: list[str]) -> bool:
    return kind[:1] in (["int"], ["float"])
