"""Selectors of PromQL, and the conditions on labels in them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label."""

    label: str
    operator: str
    """``=``, ``!=``, ``=~`` or ``!~``."""
    value: str

    def accepts(self, value: str) -> bool:
        """Whether a label of this value is let through; an absent label is ``""``.

        Regular expressions are anchored, as Prometheus anchors them.
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
    """A vector selector, and how the expression around it uses what it selects."""

    metric: str
    matchers: tuple[Matcher, ...]
    labels: tuple[str, ...] = ()
    """Labels by which an aggregation or a join around it groups, and which only it can give."""
    functions: tuple[str, ...] = ()
    """The functions and aggregations around it, the outermost first."""
    guarded: bool = False
    """Whether the expression says what holds where the selector finds nothing."""

    def __str__(self) -> str:
        inside = ", ".join(str(matcher) for matcher in self.matchers)
        return f"{self.metric}{{{inside}}}" if inside else self.metric
