"""The pods of a simulated workload, by their start-up and measurements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.observation import Pod


class Startup(NamedTuple):
    """The start-up of new pods, in milliseconds."""

    running: int = 0
    """From creation until the containers run; the pod is Pending."""
    ready: int = 0
    """From then until it is Ready."""
    measured: int = 0
    """From Running until the metrics API may have it."""


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
        """Return the pods as the API server shows them."""
        if now >= self.ready_at:
            return self.serving
        return self.starting if now >= self.running_at else self.pending


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """All pods, those of one age together, oldest first; compared by identity."""

    cohorts: tuple[Cohort, ...]
    pods: int
    settled_at: int
    """The time from which all of them serve."""

    @classmethod
    def of(cls, cohorts: Iterable[Cohort]) -> Fleet:
        """Return a fleet of pods of any ages."""
        all_ = tuple(cohorts)
        pods = sum(each.pods for each in all_)
        return cls(all_, pods, max((each.ready_at for each in all_), default=0))

    def serving(self, now: int) -> int:
        """Return the number of ready pods."""
        if now >= self.settled_at:
            return self.pods
        return sum(each.pods for each in self.cohorts if now >= each.ready_at)


def cohort(pods: int, created: int, startup: Startup) -> Cohort:
    """Return new pods.

    Args:
        pods: Number of pods.
        created: Time of creation, in milliseconds.
        startup: Their start-up.
    """
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
    """Return the fleet with new pods, or without some: unready and newest ones go first.

    Args:
        fleet: The pods before.
        replicas: Number of pods afterwards.
        now: The time, in milliseconds.
        startup: That of new pods.
    """
    if replicas > fleet.pods:
        return Fleet.of((*fleet.cohorts, cohort(replicas - fleet.pods, now, startup)))
    # The order of the ReplicaSet controller, as far as it applies to one node.
    excess = fleet.pods - replicas
    kept = []
    for each in sorted(fleet.cohorts, key=lambda each: each.ready_at, reverse=True):
        gone = min(each.pods, excess)
        excess -= gone
        if gone < each.pods:
            kept.append(each._replace(pods=each.pods - gone) if gone else each)
    return Fleet.of(reversed(kept))


def merge(fleet: Fleet, now: int, measured: int) -> Fleet:
    """Combine pods that are no longer distinguishable: all serve, and are measured in full.

    The CPU of a pod counts once a whole measurement was taken since it is ready; the last
    measurement is younger than that.

    Args:
        fleet: The pods.
        now: The time, in milliseconds.
        measured: Duration of a measurement, in milliseconds.
    """
    old: list[Cohort] = []
    young: list[Cohort] = []
    for each in fleet.cohorts:
        (old if now >= each.ready_at + 2 * measured else young).append(each)
    if len(old) < 2:
        return fleet
    return Fleet.of([old[0]._replace(pods=sum(each.pods for each in old)), *young])
