"""Expansion of variables, so that an expression becomes PromQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

_FORM = re.compile(r"\$\{(\w+)(?:\.[\w.]+)?(?::[^}]*)?\}|\$(\w+)|\[\[(\w+)(?::[^\]]*)?\]\]")
_TEXT = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")
_BEFORE_DURATION = re.compile(r"(?:\[[^\[\]]*|\boffset\s+-?)$")
_DURATIONS = ("__interval", "__rate_interval", "__range")
_MARK = "chosen_in_grafana_"
_MOST = 16
"""Maximum number of combinations of values."""


@dataclass(frozen=True, slots=True)
class DashboardVariable:
    """A variable of a dashboard, and its known values."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


def names_in(expression: str) -> tuple[str, ...]:
    """Return the variables of an expression, those of Grafana itself included.

    >>> names_in('rate(x{a="$a", b=~"${b:regex}"}[$__rate_interval]) > [[c]]')
    ('a', 'b', '__rate_interval', 'c')
    """
    return tuple(dict.fromkeys(_name(found) for found in _FORM.finditer(expression)))


def chosen_later(word: str) -> bool:
    """Return True if a word of an expanded expression depends on a viewer."""
    return _MARK in word


def written_out(
    expression: str, variables: Mapping[str, DashboardVariable], *, numbers: bool = True
) -> Iterator[str]:
    """Yield the expression for each combination of known values, at most 16.

    An unknown value becomes a duration in the place of one, a word that `chosen_later`
    recognizes in texts and in names, else a number, or a word without ``numbers``.

    >>> list(written_out('rate(x{a="$a"}[$__range]) > $n', {}))
    ['rate(x{a="chosen_in_grafana_a"}[5m]) > 1']

    Args:
        expression: The text of a query.
        variables: The variables of the dashboard, by name.
        numbers: True if an unknown value outside of texts and names becomes a number.
    """
    named = (variables[name] for name in names_in(expression) if name in variables)
    known = {each.name: each.values for each in named if each.values}
    for values in islice(product(*known.values()), _MOST):
        yield _filled(expression, dict(zip(known, values, strict=True)), numbers)


def _filled(expression: str, known: Mapping[str, str], numbers: bool) -> str:
    texts = [(found.start(), found.end()) for found in _TEXT.finditer(expression)]

    def fill(found: re.Match[str]) -> str:
        name, at = _name(found), found.start()
        quoted = any(start < at < end for start, end in texts)
        if name in known and not (quoted and known[name] == "$__all"):
            return known[name]
        if quoted:
            return _MARK + name
        if name in _DURATIONS or _BEFORE_DURATION.search(expression[:at]):
            return "5m"
        glued = expression[at - 1 : at] + expression[found.end() : found.end() + 1]
        alone = not re.search(r"[\w:]", glued)
        return "1" if alone and (numbers or name.startswith("__")) else _MARK + name

    return _FORM.sub(fill, expression)


def _name(found: re.Match[str]) -> str:
    return str(found[1] or found[2] or found[3])
