"""What a workload does under load, and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.model.expectations import Expectation
from toolkit.model.expectations.thresholds import Threshold

__all__ = ["ScalingExpectation"]

_FEW = Threshold("< 1 %")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingExpectation(Expectation):
    """Load takes the workload of an autoscaler from its minimum to more replicas, and back.

    Seconds are those of the cluster, except those of ``budget``, which this machine spends.
    """

    autoscaler: str | None = None
    """The name of a HorizontalPodAutoscaler; needed where the manifests have several."""
    locustfile: str = "loadtests/locustfile.py"
    """What the users do."""
    reaches: int = 3
    """So many replicas must be ready at once."""
    minimum: int | None = None
    """Instead of the autoscaler's own `minReplicas`; the report says so."""
    back: float | Literal["auto"] = "auto"
    """Seconds until the minimum is reached again; ``auto`` derives them from the autoscaler."""
    users: int = 40
    """The most users; the ramp adds a tenth of them at a time."""
    budget: float = 100.0
    """The most seconds of load."""
    speed: float = 10.0
    """Seconds that pass for the autoscaler in one second of this machine."""
    errors: Threshold = _FEW
    """The share of requests that fail."""
    p95: Threshold | None = None
    """The latency that 95 of 100 requests stay below, for each endpoint."""
    samples: int = 100
    """The least number of requests that proves anything."""

    def __post_init__(self) -> None:
        if min(self.users, self.budget, self.speed, self.samples) <= 0:
            raise ValueError("`users`, `budget`, `speed` and `samples` are above zero")
