"""Selectors of PromQL, and their label matchers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Matcher:
    """One label matcher."""

    label: str
    operator: str
    """``=``, ``!=``, ``=~`` or ``!~``."""
    value: str

    def accepts(self, value: str) -> bool:
        """Return True if it matches this value; a missing label is ``""``.

        Regular expressions are anchored, as in Prometheus.
        """
        match self.operator:
            case "=":
                return value == self.value
            case "!=":
                return value != self.value
            case "=~":
                return re.fullmatch(self.value, value) is not None
            case _:
                return re.fullmatch(self.value, value) is None

    def __str__(self) -> str:
        return f'{self.label}{self.operator}"{self.value}"'


@dataclass(frozen=True, slots=True)
class VectorSelector:
    """A vector selector, and its context in the expression."""

    metric: str
    matchers: tuple[Matcher, ...]
    labels: tuple[str, ...] = ()
    """Labels that an aggregation or a join around it needs of it."""
    functions: tuple[str, ...] = ()
    """The functions and aggregations around it, the outermost first."""
    window: float | None = field(default=None, compare=False)
    """The seconds of a range in brackets; None for the newest sample."""
    guarded: bool = False
    """True if the expression has a value even if the selector matches nothing."""

    def __str__(self) -> str:
        inside = ", ".join(str(matcher) for matcher in self.matchers)
        return f"{self.metric}{{{inside}}}" if inside else self.metric
