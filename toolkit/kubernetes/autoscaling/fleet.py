"""The pods of a simulated workload: who waits, who serves, and who is measured when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.observation import Pod


class Startup(NamedTuple):
    """How long new pods take, in milliseconds."""

    running: int = 0
    """From creation until the containers run; the pod is Pending."""
    ready: int = 0
    """From then until the pod is Ready."""
    measured: int = 0
    """From then running until the metrics API may know it."""


class Cohort(NamedTuple):
    """Pods that were created together."""

    pods: int
    pending: Pod
    starting: Pod
    serving: Pod
    running_at: int
    ready_at: int
    measured_at: int

    def at(self, now: int) -> Pod:
        """How the API server shows them."""
        if now >= self.ready_at:
            return self.serving
        return self.starting if now >= self.running_at else self.pending


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """All pods, those of one age together, oldest first; two are the same only if they are one."""

    cohorts: tuple[Cohort, ...]
    pods: int
    settled_at: int
    """When the last of them serves."""

    @classmethod
    def of(cls, cohorts: Iterable[Cohort]) -> Fleet:
        """Of pods of any ages."""
        all_ = tuple(cohorts)
        pods = sum(each.pods for each in all_)
        return cls(all_, pods, max((each.ready_at for each in all_), default=0))

    def serving(self, now: int) -> int:
        """How many pods take traffic."""
        if now >= self.settled_at:
            return self.pods
        return sum(each.pods for each in self.cohorts if now >= each.ready_at)


def cohort(pods: int, created: int, startup: Startup) -> Cohort:
    """New pods."""
    running = created + startup.running
    ready = running + startup.ready
    return Cohort(
        pods,
        Pod("Pending", "False", created, None, name="pod"),
        Pod("Running", "False", created, running, name="pod"),
        Pod("Running", "True", ready, running, name="pod"),
        running,
        ready,
        running + startup.measured,
    )


def resize(fleet: Fleet, replicas: int, now: int, startup: Startup) -> Fleet:
    """Create pods, or remove some: those that do not serve first, the newest of them first."""
    if replicas > fleet.pods:
        return Fleet.of((*fleet.cohorts, cohort(replicas - fleet.pods, now, startup)))
    # The order of the ReplicaSet controller, as far as one node tells pods apart.
    excess = fleet.pods - replicas
    kept = []
    for each in sorted(fleet.cohorts, key=lambda each: each.ready_at, reverse=True):
        gone = min(each.pods, excess)
        excess -= gone
        if gone < each.pods:
            kept.append(each._replace(pods=each.pods - gone) if gone else each)
    return Fleet.of(reversed(kept))


def merge(fleet: Fleet, now: int, measured: int) -> Fleet:
    """Take pods together that nothing tells apart any more: all serve, and are measured in full.

    A pod is trusted once it was measured for as long as a measurement takes since it is ready;
    the last measurement is less than that old.
    """
    old: list[Cohort] = []
    young: list[Cohort] = []
    for each in fleet.cohorts:
        (old if now >= each.ready_at + 2 * measured else young).append(each)
    if len(old) < 2:
        return fleet
    return Fleet.of([old[0]._replace(pods=sum(each.pods for each in old)), *young])
