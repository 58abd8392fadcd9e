"""A load over time, and what is read of it whatever its form."""

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
"""What each pod has for itself; all else is a total that pods share."""
REQUESTS = "requests"
"""The name of what counts requests a second."""

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
_FIX = "see docs/autoscaler.md for the forms of a trace."


@dataclass(frozen=True, slots=True)
class LoadTrace:
    """One load."""

    where: Location
    load: Load
    lasts: int
    """Milliseconds that are known of it; its last value holds on."""
    promises: Mapping[str, Any] = field(default_factory=dict)
    """What of the contract's section is otherwise for this load: ``reaches``, ``within``, …"""

    @property
    def name(self) -> str:
        """The file it was read from."""
        return self.where.source


def traced(points: Mapping[str, Sequence[tuple[float, float]]], scaled: Scalable) -> Load:
    """Traces of seconds and thousandths, by metric; a pod uses no more CPU than its limit."""
    return {
        name: Trace.of(
            values, shared=name not in EACH, most=scaled.limit if name == "cpu" else None
        )
        for name, values in points.items()
    }


def costed(
    rates: Iterable[tuple[float, float]], cost: str | None, where: Location
) -> list[tuple[float, float]]:
    """Thousandths of a core that so many requests a second take; raises `InputError`."""
    if cost is None:
        raise refused(
            "requests are counted, and nothing says what one of them costs",
            where,
            "the autoscaler goes by CPU: requests a second × CPU of one is what they use",
            "write `scaling.cost: 15ms`, or give `--cost`; `toolkit scale` prints what it saw.",
        )
    try:
        each = cpu_seconds(cost) * 1000
    except ValueError as error:
        raise refused(str(error), where, "a cost is seconds of CPU", "write `15ms`.") from error
    return [(time, rate * each) for time, rate in rates]


def seconds_of(stated: Any) -> float:
    """Seconds, from a number or a text such as ``1m30s``; raises `ValueError`.

    >>> seconds_of(90), seconds_of("1m30s"), seconds_of("1.5")
    (90.0, 90.0, 1.5)
    """
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return float(stated)
    found = _DURATION.fullmatch(str(stated))
    if found is None or not any(found.groups()):
        raise ValueError(f"`{stated}` is no time, such as `90` or `1m30s`")
    hours, minutes, seconds = (float(each or 0) for each in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def thousandths(stated: Any) -> float:
    """A quantity in thousandths; raises `ValueError`."""
    return milli(amount(stated))


def refused(
    what: str, where: Location, why: str = "a trace is values over time", fix: str = _FIX
) -> InputError:
    """The error that a file is no trace that can be used."""
    return InputError(Finding(what, where, why, fix))
