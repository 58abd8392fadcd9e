"""What one sync of the controller gets to see: the scale, the pods, and the metrics APIs."""

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
    """When the kubelet took the pod, or None before that."""
    deleting: bool = False
    name: str = ""
    """Only messages show it."""

    @property
    def serves(self) -> bool:
        """Whether it runs and is ready, be it terminating."""
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
    """What counts in a pod's spec: containers, restartable init containers, its own requests."""

    containers: tuple[ContainerRequests, ...]
    sidecars: tuple[ContainerRequests, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)

    def request(self, resource: str, container: str = "") -> int | ContainerRequests:
        """What a pod requests, in thousandths, or the first container that requests nothing.

        Requests of the pod itself go before those of its containers, unless one is named.
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
    """What the metrics APIs returned for one pod; times in milliseconds, values in thousandths."""

    at: int
    window: int = 60_000
    usage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By container and resource."""
    values: Mapping[str, int] = field(default_factory=dict)
    """Custom metrics of the pod, by name."""


@dataclass(frozen=True, slots=True)
class ObservedPods:
    """Pods that are alike, which the selector finds, each with the same metrics."""

    pod: Pod
    """The first of them."""
    template: PodTemplate
    metrics: PodMetrics | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """What an API returned for one entry of ``metrics`` that is not read from the pods."""

    values: tuple[int, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one sync reads."""

    now: int
    scale: Scale | str
    """A text is the error that reading it gave."""
    pods: tuple[ObservedPods, ...] = ()
    strays: tuple[PodMetrics, ...] = ()
    """Metrics of pods that the selector does not find."""
    answers: tuple[MetricAnswer, ...] = ()
    """One for each entry of ``metrics``."""
    resource_error: str | None = None
    """The resource metrics API failed."""
    update_error: str | None = None
    """Writing the scale fails."""

    @property
    def serving(self) -> int | None:
        """How many pods run and are ready; None if there are none at all."""
        return sum(each.count for each in self.pods if each.pod.serves) if self.pods else None
