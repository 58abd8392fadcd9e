"""Observed scaling of a workload under load and after it: one moment for each sync."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from toolkit.findings import Finding
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Leaf, Recordable

Ended = Literal["reached", "users", "time", "errors", "unknown", "silent", "void"]
"""Why the load ended: as expected, a budget was spent, there is no metric or no request, or
something invalidated the run.
"""

_MOST_CPU = 0.9
"""Of one core: a generator that needs more measures itself."""


@dataclass(frozen=True, slots=True)
class Moment(Recordable):
    """One sync of the autoscaler, and the observations since the previous one."""

    at: float
    """Seconds of this machine since the start of the load."""
    phase: Literal["load", "rest"]
    users: int
    requests: int
    failures: int
    rate: float
    """Requests per second."""
    p95: float | None
    """Seconds; None without requests."""
    usage: int | None
    """The metric the autoscaler saw, in the unit of its target; None if unknown."""
    desired: int
    """The replicas that the sync set."""
    ready: int
    generator: float
    """CPU of the load generator, in cores; the maximum of several."""
    wanted: int | None = None
    """The replicas by the metrics, before windows and limits."""
    note: str = ""
    """The reason, or the error, in the controller's words."""
    limited: str = ""
    """The reason of the condition ScalingLimited."""
    cpu: int | None = None
    """Usage of all replicas, in thousandths of a core; None if not measured."""


@dataclass(frozen=True, slots=True)
class EndpointLoad(Recordable):
    """The requests to one endpoint under load."""

    name: str
    requests: int
    failures: int
    p95: float
    """Seconds."""
    error: str = ""
    """The name of the first failure."""


@dataclass(frozen=True, slots=True)
class Share(Recordable):
    """The requests to one replica while all expected ones were ready."""

    replica: str
    requests: int
    connections: int


@dataclass(frozen=True, slots=True)
class Scaled(Recordable):
    """One run: load until scaled, and back."""

    moments: tuple[Moment, ...]
    endpoints: tuple[EndpointLoad, ...]
    shares: tuple[Share, ...]
    """Empty if the expected replicas were never ready."""
    autoscaler: str
    minimum: int
    maximum: int
    target: int
    """Per cent of the request, or thousandths of the unit."""
    unit: str
    most: int | None
    """Maximum usage due to the container's limit, in the unit of the target."""
    speed: float
    deadline: float
    """Seconds of this machine for which scaling in was observed."""
    ended: Ended
    needed: float | None = None
    """Seconds of the cluster that the autoscaler needs to scale in; None: never."""
    remarks: tuple[str, ...] = ()
    """The differences between this run and a cluster."""
    voided: tuple[Finding, ...] = ()
    """The reasons that invalidate the run, such as a rollout in the middle of it."""
    shared_by: str = ""
    """The source of the shares, if requests are not counted."""
    unshared: str = ""
    """The reason for missing shares."""
    within: float | None = None
    """Derived seconds of the cluster for scaling out; None: not derived, or never."""
    how: Mapping[str, str] = field(default_factory=dict)
    """The composition of derived times: ``within``, ``back``."""
    window: float = 300.0
    """Seconds of the cluster in which replicas may change direction once."""

    @property
    def requests(self) -> int:
        """Number of requests, failed ones included."""
        return sum(each.requests for each in self.endpoints)

    @property
    def failures(self) -> float:
        """The share of failed requests."""
        return sum(each.failures for each in self.endpoints) / max(1, self.requests)

    @property
    def peak(self) -> int:
        """Maximum number of replicas that were ready at once."""
        return max((each.ready for each in self.moments), default=0)

    @property
    def back_after(self) -> float | None:
        """Seconds from the end of the load until only the minimum was left, or None."""
        rest = [each for each in self.moments if each.phase == "rest"]
        done = next((e for e in rest if e.desired == e.ready == self.minimum), None)
        begun = max((each.at for each in self.phase("load")), default=0.0)
        return None if done is None else done.at - begun

    @property
    def saturated(self) -> float | None:
        """CPU of the load generator, in cores, if it was saturated."""
        busy = [each.generator for each in self.phase("load")]
        worst = max((min(pair) for pair in pairwise(busy)), default=0.0)
        return worst if worst > _MOST_CPU else None

    def phase(self, name: str) -> Iterator[Moment]:
        """Yield the moments of one phase."""
        return (each for each in self.moments if each.phase == name)


@dataclass(frozen=True, slots=True)
class ScalingRun(Leaf[Scaled], system="scaling"):
    """Put load on the service until its autoscaler acts, then remove it."""

    scaling: ScalingExpectation
    service: ServiceExpectation | None
    """The service to start if no cluster is used."""
    kubernetes: KubernetesExpectation

    @property
    def key(self) -> str:
        return self.scaling.autoscaler or "the autoscaler"

    def __hash__(self) -> int:
        return hash(self.key)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least of ``values`` that at least ``share`` of them do not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([7], 0.95)
    (2, 7)
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
