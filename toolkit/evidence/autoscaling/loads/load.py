"""A load trace, and the common part of its formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.errors import InputError
from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.findings import Finding, Location
from toolkit.kubernetes.autoscaling.simulation import Load
from toolkit.kubernetes.autoscaling.trace import Trace
from toolkit.kubernetes.quantities import amount, milli
from toolkit.model.expectations.scaling import cpu_seconds

EACH = ("memory",)
"""Metrics of each pod; all others are totals that pods share."""
REQUESTS = "requests"
"""The name of the metric that counts requests per second."""

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
_FIX = "see docs/autoscaler.md for the forms of a trace."


@dataclass(frozen=True, slots=True)
class LoadTrace:
    """One load."""

    where: Location
    load: Load
    lasts: int
    """Duration in milliseconds; the last value holds on."""
    promises: Mapping[str, Any] = field(default_factory=dict)
    """Expectations that it overrides: ``reaches``, ``within``, …"""

    @property
    def name(self) -> str:
        """The file name."""
        return self.where.source


def traced(points: Mapping[str, Sequence[tuple[float, float]]], scaled: Scalable) -> Load:
    """Return traces of seconds and thousandths, by metric; CPU is capped at the limit of a pod."""
    return {
        name: Trace.of(
            values, shared=name not in EACH, most=scaled.limit if name == "cpu" else None
        )
        for name, values in points.items()
    }


def costed(
    rates: Iterable[tuple[float, float]], cost: str | None, where: Location
) -> list[tuple[float, float]]:
    """Convert requests per second to thousandths of a core.

    Args:
        rates: Seconds, and requests per second.
        cost: CPU of a request, such as ``15ms``.
        where: The place of the rates, for errors.

    Raises:
        InputError: The cost is missing or invalid.
    """
    if cost is None:
        raise refused(
            "the trace counts requests, and the cost of a request is not known",
            where,
            "the autoscaler acts on CPU: requests per second × CPU of one",
            "write `scaling.cost: 15ms`, or give `--cost`; `toolkit scale` prints it.",
        )
    try:
        each = cpu_seconds(cost) * 1000
    except ValueError as error:
        raise refused(str(error), where, "a cost is seconds of CPU", "write `15ms`.") from error
    return [(time, rate * each) for time, rate in rates]


def seconds_of(stated: Any) -> float:
    """Return the seconds of a number or a text such as ``1m30s``; raises `ValueError`.

    >>> seconds_of(90), seconds_of("1m30s"), seconds_of("1.5")
    (90.0, 90.0, 1.5)
    """
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return float(stated)
    found = _DURATION.fullmatch(str(stated))
    if found is None or not any(found.groups()):
        raise ValueError(f"`{stated}` is not a time such as `90` or `1m30s`")
    hours, minutes, seconds = (float(each or 0) for each in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def thousandths(stated: Any) -> float:
    """Return a quantity in thousandths; raises `ValueError`."""
    return milli(amount(stated))


def refused(
    what: str, where: Location, why: str = "a trace has values over time", fix: str = _FIX
) -> InputError:
    """Return the error for an invalid trace.

    Args:
        what: The fault.
        where: Its place.
        why: The reason.
        fix: One thing to do.
    """
    return InputError(Finding(what, where, why, fix))
