"""What variables stand for in an expression, so that it can be read as PromQL."""

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
"""How many combinations of known values are looked at."""


@dataclass(frozen=True, slots=True)
class DashboardVariable:
    """A variable of a dashboard, and the values it can have as far as they are known."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


def names_in(expression: str) -> tuple[str, ...]:
    """The variables an expression uses, those of Grafana itself included.

    >>> names_in('rate(x{a="$a", b=~"${b:regex}"}[$__rate_interval]) > [[c]]')
    ('a', 'b', '__rate_interval', 'c')
    """
    return tuple(dict.fromkeys(_name(found) for found in _FORM.finditer(expression)))


def chosen_later(word: str) -> bool:
    """Whether a word of a written-out expression stands for what a viewer will choose."""
    return _MARK in word


def written_out(
    expression: str, variables: Mapping[str, DashboardVariable], *, numbers: bool = True
) -> Iterator[str]:
    """The expression for each combination of known values, at most 16.

    A value nobody knows yet becomes a duration where one belongs, a word by which
    `chosen_later` knows it in texts and within names, else a number, or a word without
    ``numbers``.

    >>> list(written_out('rate(x{a="$a"}[$__range]) > $n', {}))
    ['rate(x{a="chosen_in_grafana_a"}[5m]) > 1']
    """
    known = [
        variables[name].values
        for name in names_in(expression)
        if name in variables and variables[name].values
    ]
    names = [n for n in names_in(expression) if n in variables and variables[n].values]
    for values in islice(product(*known), _MOST):
        yield _filled(expression, dict(zip(names, values, strict=True)), numbers)


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
