"""How a workload was scaled under load and after it: one moment for each sync."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, Literal

from toolkit.findings import Finding
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Leaf, Recordable

Ended = Literal["reached", "users", "time", "errors", "unknown", "silent", "void"]
"""Why the load ended: as promised, a budget was spent, there is no metric or no request, or
something made the run worthless."""

_MOST_CPU = 0.9
"""Of one core: a generator that needs more measures itself."""


@dataclass(frozen=True, slots=True)
class Moment(Recordable):
    """One sync of the autoscaler, and what was seen since the one before."""

    at: float
    """Seconds of this machine since the load began."""
    phase: Literal["load", "rest"]
    users: int
    requests: int
    failures: int
    rate: float
    """Requests a second."""
    p95: float | None
    """Seconds; None without requests."""
    usage: int | None
    """What the autoscaler saw, in the unit of its target; None where it is unknown."""
    desired: int
    """What the sync set."""
    ready: int
    generator: float
    """CPU of the load generator, in cores; of the busiest, where there are several."""
    wanted: int | None = None
    """What the metrics asked for, before windows and limits."""
    note: str = ""
    """Why it set that, or what it lacked, in the controller's words."""
    limited: str = ""
    """Why it was not more, or less, as the condition ScalingLimited gives it."""
    cpu: int | None = None
    """What all replicas used together, in thousandths of a core; None where it was not asked."""


@dataclass(frozen=True, slots=True)
class EndpointLoad(Recordable):
    """What was asked of one endpoint under load."""

    name: str
    requests: int
    failures: int
    p95: float
    """Seconds."""
    error: str = ""
    """How the first of the failures is called."""


@dataclass(frozen=True, slots=True)
class Share(Recordable):
    """What one replica was sent while as many as promised were ready."""

    replica: str
    requests: int
    connections: int


@dataclass(frozen=True, slots=True)
class Scaled(Recordable):
    """One run: load until scaled, and back."""

    moments: tuple[Moment, ...]
    endpoints: tuple[EndpointLoad, ...]
    shares: tuple[Share, ...]
    """Empty where never as many were ready as promised."""
    autoscaler: str
    minimum: int
    maximum: int
    target: int
    """Per cent of the request, or thousandths of the unit."""
    unit: str
    most: int | None
    """What usage cannot pass, in the unit of the target: the limit of the container."""
    speed: float
    deadline: float
    """Seconds of this machine for which its way back was watched."""
    ended: Ended
    needed: float | None = None
    """Seconds of the cluster that the autoscaler itself needs to come back; None: never."""
    remarks: tuple[str, ...] = ()
    """In what this run is not as the cluster would be."""
    voided: tuple[Finding, ...] = ()
    """What makes the run worthless, such as a rollout in the middle of it."""
    shared_by: str = ""
    """What tells the shares, where they are not counted."""
    unshared: str = ""
    """Why the shares are not known."""
    within: float | None = None
    """Seconds of the cluster that are derived for the way out; None: not derived, or never."""
    how: Mapping[str, str] = field(default_factory=dict)
    """What derived times are made of: ``within``, ``back``."""
    window: float = 300.0
    """Seconds of the cluster within which replicas may turn no more than once."""

    @property
    def requests(self) -> int:
        """All requests that were answered, or failed."""
        return sum(each.requests for each in self.endpoints)

    @property
    def failures(self) -> float:
        """The share of requests that failed."""
        return sum(each.failures for each in self.endpoints) / max(1, self.requests)

    @property
    def peak(self) -> int:
        """The most replicas that were ready at once."""
        return max((each.ready for each in self.moments), default=0)

    @property
    def back_after(self) -> float | None:
        """Seconds from the end of the load until the minimum was all there was, or None."""
        rest = [each for each in self.moments if each.phase == "rest"]
        done = next((e for e in rest if e.desired == e.ready == self.minimum), None)
        begun = max((each.at for each in self.phase("load")), default=0.0)
        return None if done is None else done.at - begun

    @property
    def saturated(self) -> float | None:
        """The CPU of the generator, in cores, where it was too busy to measure anything else."""
        busy = [each.generator for each in self.phase("load")]
        worst = max((min(pair) for pair in pairwise(busy)), default=0.0)
        return worst if worst > _MOST_CPU else None

    def phase(self, name: str) -> Iterator[Moment]:
        """The moments of one phase."""
        return (each for each in self.moments if each.phase == name)


@dataclass(frozen=True, slots=True)
class ScalingRun(Leaf[Scaled]):
    """Put load on the service until its autoscaler acts, then take it away."""

    system: ClassVar[str] = "scaling"
    evidence: ClassVar[type[Recordable]] = Scaled

    scaling: ScalingExpectation
    service: ServiceExpectation | None
    """What is started where the run needs no cluster."""
    kubernetes: KubernetesExpectation

    @property
    def key(self) -> str:
        return self.scaling.autoscaler or "the autoscaler"

    def __hash__(self) -> int:
        return hash(self.key)


def percentile(values: Sequence[float], share: float) -> float:
    """The least of ``values`` that at least ``share`` of them do not pass.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([7], 0.95)
    (2, 7)
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
