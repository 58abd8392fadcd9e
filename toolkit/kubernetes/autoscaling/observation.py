"""The input of one sync: the scale, the pods, and the responses of the metrics APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as the API server shows it; times are milliseconds on any one clock."""

    phase: str = "Running"
    ready: str | None = "True"
    """Status of the condition Ready: ``True``, ``False``, ``Unknown``, or None without one."""
    ready_changed: int = 0
    """When this condition last changed."""
    started: int | None = 0
    """When the kubelet started the pod, or None before that."""
    deleting: bool = False
    name: str = ""
    """Shown in messages only."""

    @property
    def serves(self) -> bool:
        """True if it runs and is ready, even while it terminates."""
        return self.phase == "Running" and self.ready == "True"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale subresource of the target."""

    replicas: int
    status_replicas: int
    has_selector: bool = True


@dataclass(frozen=True, slots=True)
class ContainerRequests:
    """A container that runs as long as its pod; requests in thousandths, by resource."""

    name: str
    requests: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PodTemplate:
    """The counted part of a pod's spec: containers, sidecars, and requests of the pod itself."""

    containers: tuple[ContainerRequests, ...]
    sidecars: tuple[ContainerRequests, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)

    def request(self, resource: str, container: str = "") -> int | ContainerRequests:
        """Return the request of a pod in thousandths, or the first container without one.

        Requests of the pod itself have precedence, unless a container is named.
        """
        if not container and resource in self.requests:
            return self.requests[resource]
        total = 0
        for each in (*self.containers, *self.sidecars):
            if container in ("", each.name):
                if resource not in each.requests:
                    return each
                total += each.requests[resource]
        return total


@dataclass(frozen=True, slots=True)
class PodMetrics:
    """The metrics APIs on one pod; times in milliseconds, values in thousandths."""

    at: int
    window: int = 60_000
    usage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By container and resource."""
    values: Mapping[str, int] = field(default_factory=dict)
    """Custom metrics of the pod, by name."""


@dataclass(frozen=True, slots=True)
class ObservedPods:
    """Equal pods that the selector matches, each with the same metrics."""

    pod: Pod
    """The first of them."""
    template: PodTemplate
    metrics: PodMetrics | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """The response of an API for one entry of ``metrics`` that is not read from the pods."""

    values: tuple[int, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """All input of one sync."""

    now: int
    scale: Scale | str
    """A text is the error of reading it."""
    pods: tuple[ObservedPods, ...] = ()
    strays: tuple[PodMetrics, ...] = ()
    """Metrics of pods that the selector does not match."""
    answers: tuple[MetricAnswer, ...] = ()
    """One for each entry of ``metrics``."""
    resource_error: str | None = None
    """The resource metrics API failed."""
    update_error: str | None = None
    """Writing the scale fails."""

    @property
    def serving(self) -> int | None:
        """Number of pods that run and are ready; None without any pods."""
        return sum(each.count for each in self.pods if each.pod.serves) if self.pods else None
