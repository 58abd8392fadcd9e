"""The fields that grok expressions and dissect mappings capture, and where each is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.logstash.grok.tokens import next_token

_GROUP = re.compile(r"\(\?<(?P<name>[A-Za-z_@\[][^>]*)>")
_DISSECTED = re.compile(r"%\{(?P<mark>[+?&*]*)(?P<field>[^}]*?)(?:->)?(?:/\d+)?\}")


@dataclass(frozen=True, slots=True)
class Capture:
    """A field that an expression fills."""

    field: str
    """A field reference."""
    start: int
    """Where in the expression it begins, or the pattern that holds it."""
    end: int
    text: str
    """How it is written, if need be with the pattern that it is part of."""


def captures_of(
    expression: str, definitions: Mapping[str, str], *, named_only: bool = True
) -> Iterator[Capture]:
    """Yield what a grok expression captures, within its patterns as well.

    >>> [c.field for c in captures_of("%{A:a:int} (?<b>x) %{B}", {"B": "%{C:[c][d]}"})]
    ['a', 'b', '[c][d]']
    """
    found = [*_tokens(expression, definitions, named_only, ()), *_groups(expression)]
    yield from sorted(found, key=lambda capture: capture.start)


def _groups(expression: str) -> Iterator[Capture]:
    for group in _GROUP.finditer(expression):
        # A group can be called as a token is: ``SYNTAX:field:type``.
        syntax, *rest = group["name"].split(":")
        field = rest[0] if rest else syntax
        yield Capture(field, group.start(), group.end(), f"{group[0]}…)")


def _tokens(
    expression: str, definitions: Mapping[str, str], named_only: bool, above: tuple[str, ...]
) -> Iterator[Capture]:
    at = 0
    while (token := next_token(expression, at)) is not None:
        at = token.end
        written = expression[token.start : token.end]
        if token.semantic or not named_only:
            field = (token.semantic or token.syntax).partition(":")[0]
            yield Capture(field, token.start, token.end, written)
        inside = token.definition or definitions.get(token.syntax, "")
        if token.syntax not in above:
            for each in _within(inside, definitions, named_only, (*above, token.syntax)):
                text = f"{each.text} in {written}" if not above else each.text
                yield Capture(each.field, token.start, token.end, text)


def _within(
    definition: str, definitions: Mapping[str, str], named_only: bool, above: tuple[str, ...]
) -> Iterator[Capture]:
    if "%{" in definition or "(?<" in definition:
        yield from _tokens(definition, definitions, named_only, above)
        yield from _groups(definition)


def dissected(mapping: str) -> Iterator[Capture]:
    """Yield the fields a dissect mapping fills.

    ``%{?skipped}`` is none; for ``%{&named}`` by what was skipped, the field is empty.

    >>> [c.field for c in dissected("%{a} %{+a} %{?x} %{->} %{[b][c]->} %{&x}")]
    ['a', '[b][c]', '']
    """
    seen = set()
    for found in _DISSECTED.finditer(mapping):
        field = "" if "&" in found["mark"] or "*" in found["mark"] else found["field"]
        if found["field"] and "?" not in found["mark"] and field not in seen:
            seen.add(field)
            yield Capture(field, found.start(), found.end(), found[0])
