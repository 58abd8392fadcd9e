"""The behaviour of a workload under load, and after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from toolkit.model.expectations import Expectation
from toolkit.model.expectations.thresholds import Threshold

_COST = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s)\s*")
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
_FEW = Threshold("< 1 %")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingExpectation(Expectation):
    """Load takes the workload of an autoscaler from its minimum to more replicas, and back.

    Seconds are those of the cluster, except those of ``budget``, which this machine spends.
    """

    autoscaler: str | None = None
    """The name of a HorizontalPodAutoscaler; required if the manifests have several."""
    locustfile: str = "loadtests/locustfile.py"
    """The tasks of the simulated users."""
    reaches: int = 3
    """Number of replicas that must be ready at once."""
    minimum: int | None = None
    """Replaces the autoscaler's `minReplicas`; the report notes it."""
    within: float | Literal["auto"] = "auto"
    """Seconds until they are, counted from sufficient load; ``auto`` derives them."""
    back: float | Literal["auto"] = "auto"
    """Seconds until the minimum is reached again; ``auto`` derives them from the autoscaler."""
    flaps: Literal["never", "allowed"] = "allowed"
    """May the replica count change direction twice in a stabilization window."""
    traces: tuple[str, ...] = ()
    """Globs of load traces, under which the autoscaler is simulated."""
    cost: str | None = None
    """CPU of one request, such as ``15ms``, for traces that count requests."""
    startup: float = 10.0
    """Seconds from the creation of a pod until it serves, if they are not measured."""
    users: int = 40
    """Maximum number of users; the ramp adds a tenth of them at a time."""
    workers: int | Literal["auto"] = "auto"
    """Processes that share the users; ``auto`` adds one whenever all are busy."""
    budget: float = 100.0
    """Maximum duration of the load, in seconds."""
    speed: float = 10.0
    """Seconds that pass for the autoscaler in one second of this machine."""
    errors: Threshold = _FEW
    """A bound on the share of failed requests."""
    p95: Threshold | None = None
    """A bound on the latency of 95 of 100 requests, for each endpoint."""
    samples: int = 100
    """Minimum number of requests for a verdict."""

    def __post_init__(self) -> None:
        if min(self.users, self.budget, self.speed, self.samples) <= 0:
            raise ValueError("`users`, `budget`, `speed` and `samples` are above zero")
        if self.workers != "auto" and self.workers < 1:
            raise ValueError("`workers` is 1 or more, or `auto`")
        times = (each for each in (self.within, self.back, self.startup) if each != "auto")
        if min(times, default=0.0) < 0:
            raise ValueError("`within`, `back` and `startup` are not below zero")
        if self.cost is not None:
            cpu_seconds(self.cost)


def cpu_seconds(cost: str) -> float:
    """Return the CPU time in seconds.

    >>> cpu_seconds("15ms"), cpu_seconds("1.5 s")
    (0.015, 1.5)

    Raises:
        ValueError: The text is not a number with a unit.
    """
    found = _COST.fullmatch(cost)
    if found is None:
        raise ValueError(f"`{cost}` is no time, such as `15ms`")
    return float(found[1]) * _SECONDS[found[2]]
