"""A run in a cluster: its own autoscaler decides, and is only watched."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from toolkit.connectors.cluster.shares import by_cpu, by_header
from toolkit.connectors.cluster.watching import Watched
from toolkit.connectors.scaling.load_run import LoadRun, Phase
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.cluster_snapshot import ClusterSnapshot
from toolkit.evidence.autoscaling.ramp import HOLD
from toolkit.evidence.autoscaling.scaling import Share
from toolkit.findings import Finding, Location
from toolkit.model.expectations.targets import KubernetesTarget

_SETTLED_WITHIN = 30.0
"""Seconds that a workload which has just been deployed may take to be at its minimum."""
_POLL = 0.1
_MEASURED_WITHIN = 4
"""Periods of the metrics API after which a pod that is ready must have been measured."""


@dataclass(slots=True, kw_only=True)
class ClusterRun(LoadRun):
    """A run in progress; ``stop`` interrupts it."""

    target: KubernetesTarget
    watched: Watched
    gaps: Counter[str] = field(default_factory=Counter)
    """Number of syncs without a metric, by the controller's message."""
    _seen: list[ClusterSnapshot] = field(default_factory=list)
    _counts: list[Counter[str]] = field(default_factory=list)
    """Number of responses of each replica up to then."""

    def start(self) -> None:
        """Wait until the workload rests at its minimum, and Locust is there.

        Raises `Unavailable` where one of the two does not come true.
        """
        end = time.monotonic() + max(_SETTLED_WITHIN, 3 * self.period)
        while True:
            seen, late = self.watched.look(), time.monotonic() > end
            at_rest = seen.desired == seen.ready == self.least
            if at_rest and (late or seen.usage is not None):
                break
            if late:
                raise Unavailable(_not_at_rest(self.watched, seen, self.least))
            self.let_pass(1.0)
        while not self.load.at_work and time.monotonic() < end + _SETTLED_WITHIN:
            self.load.be(0)
            self.let_pass(_POLL)
        self._seen.append(seen)
        self._counts.append(Counter())
        self.begin()

    def shares(self) -> tuple[tuple[Share, ...], str]:
        """Return the share of each replica while enough were ready, or why it is unknown.

        To be asked when the ramp has ended well; the load goes on until all are measured.
        """
        if self.target.pod_header:
            counts = Counter(self._counts[-1])
            counts.subtract(self._counts[-HOLD])
            return by_header(counts, self.watched.ready(), self.target.pod_header)
        held, first = self._seen[-HOLD].at, len(self.moments) - HOLD + 1
        end = time.monotonic() + _MEASURED_WITHIN * self.target.metric_resolution
        while True:
            requests = sum(each.requests for each in self.moments[first:])
            found, why = by_cpu(self._seen, held, self.watched.ready(), requests)
            if found or self._seen[-1].unmeasured or time.monotonic() > end:
                return found, why
            self.sync("load")

    def sync(self, phase: Phase) -> None:
        """Wait as long as the controller does, and look at what it has done."""
        seconds = self._wait_for_sync()
        seen = self.watched.look()
        self.voided += _changes(self.watched, self._seen[0], seen)
        if seen.usage is None:
            self.gaps[seen.note] += 1
        changed = seen.desired != self._seen[-1].desired
        self._seen.append(seen)
        taken = self.load.take()
        counted = Counter(each.replica for each in taken if each.replica)
        self._counts.append(self._counts[-1] + counted)
        reason = self.watched.reason() if changed else ""
        self._note(
            phase,
            taken,
            seconds,
            usage=seen.usage,
            desired=seen.desired,
            ready=min(seen.ready, seen.desired),
            wanted=seen.wanted(self.scaled.metric.target.number),
            note=seen.note or reason,
            cpu=seen.used,
            limited=seen.limited,
        )


def _changes(watched: Watched, before: ClusterSnapshot, now: ClusterSnapshot) -> Iterator[Finding]:
    """Yield changes by others since the run began, which invalidate it."""
    if now.template != before.template:
        yield _changed(
            f"{watched.workload} was rolled out in the middle of the run",
            watched.workload.locate(),
        )
    if now.spec != before.spec:
        yield _changed(f"{watched.hpa} was changed in the middle of the run", watched.hpa.locate())


def _changed(what: str, where: Location) -> Finding:
    return Finding(
        what=what,
        where=where,
        why="what was seen is half of one version and half of another",
        fix="wait until the change is through, and run it again.",
    )


def _not_at_rest(watched: Watched, seen: ClusterSnapshot, least: int) -> Finding:
    return Finding(
        what=f"{watched.workload} has {seen.ready} of {seen.desired} replicas ready before any "
        f"load, and its minimum is {least}",
        where=watched.workload.locate(),
        why="load that is not ours, or a run before this one, still holds them",
        fix="wait until `kubectl get hpa` shows the minimum, and run it again.",
    )
