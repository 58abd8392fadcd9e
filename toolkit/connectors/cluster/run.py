"""One run in a cluster: load until its own autoscaler has scaled, and back."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from toolkit.connectors.cluster.shares import by_cpu, by_header
from toolkit.connectors.cluster.watching import Watched
from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.outcome import interrupted
from toolkit.connectors.scaling.worker import Answered
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.cluster_snapshot import ClusterSnapshot
from toolkit.evidence.autoscaling.ramp import HOLD, step
from toolkit.evidence.autoscaling.scaling import Ended, Moment, Share, percentile
from toolkit.findings import Finding, Location
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.expectations.targets import KubernetesTarget

_SETTLED_WITHIN = 30.0
"""Seconds that a workload which has just been deployed may take to be at its minimum."""
_POLL = 0.1
_MEASURED_WITHIN = 4
"""Periods of the metrics API after which a pod that is ready must have been measured."""


@dataclass(slots=True)
class ClusterRun:
    """A run in progress; ``stop`` interrupts it."""

    expected: ScalingExpectation
    target: KubernetesTarget
    watched: Watched
    load: Load
    stop: threading.Event
    watch: Callable[[Moment], None]
    moments: list[Moment] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    voided: list[Finding] = field(default_factory=list)
    gaps: dict[str, int] = field(default_factory=dict)
    """Number of syncs without a metric, by the controller's message."""
    _seen: list[ClusterSnapshot] = field(default_factory=list)
    _counts: list[Counter[str]] = field(default_factory=list)
    """Number of responses of each replica up to then."""
    _begun: float = 0.0
    _looked: float = 0.0

    def start(self) -> None:
        """Wait until the workload rests at its minimum, and Locust is there.

        Raises `Unavailable` where one of the two does not come true.
        """
        end = time.monotonic() + max(_SETTLED_WITHIN, 3 * self.target.sync_period)
        while True:
            seen = self.watched.look()
            if seen.desired == seen.ready == self._least and seen.usage is not None:
                break
            if time.monotonic() > end:
                if seen.desired == seen.ready == self._least:
                    break
                raise Unavailable(_not_at_rest(self.watched, seen, self._least))
            self._wait(1.0)
        while not self.load.at_work and time.monotonic() < end + _SETTLED_WITHIN:
            self.load.be(0)
            self._wait(_POLL)
        self._seen.append(seen)
        self._counts.append(Counter())
        self.load.measure()
        self._begun = self._looked = time.monotonic()

    def ramp(self) -> Ended:
        """Add users until enough replicas are at work, or the budget is spent."""
        longer = replace(self.expected, budget=self.expected.budget * self.expected.speed)
        lag = 1 + math.ceil(self.target.metric_resolution / self.target.sync_period)
        while True:
            users, ended = step(longer, self.moments, lag)
            if self.voided or ended:
                return "void" if self.voided else ended or "void"
            if users != self.load.users:
                self.load.be(users)
            self._sync("load")

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
            self._sync("load")

    def rest(self, within: float) -> None:
        """Take the load away, and wait until the minimum is back, or time is up."""
        self.load.be(0)
        end = time.monotonic() + within
        while time.monotonic() < end and not self.voided:
            self._sync("rest")
            if self.moments[-1].desired == self.moments[-1].ready == self._least:
                return

    @property
    def _least(self) -> int:
        return max(1, self.watched.scaled.hpa.spec.minimum)

    def _sync(self, phase: Literal["load", "rest"]) -> None:
        """Wait as long as the controller does, and look at what it has done."""
        self._wait(self._looked + self.target.sync_period - time.monotonic())
        now = time.monotonic()
        seconds, self._looked = now - self._looked, now
        seen = self.watched.look()
        self.voided += _changes(self.watched, self._seen[0], seen)
        if seen.usage is None:
            self.gaps[seen.note] = self.gaps.get(seen.note, 0) + 1
        changed = seen.desired != self._seen[-1].desired
        self._seen.append(seen)
        taken = self.load.take()
        counted = Counter(each.replica for each in taken if each.replica)
        self._counts.append(self._counts[-1] + counted)
        self.answered += taken
        reason = self.watched.reason() if changed else ""
        self.moments.append(self._moment(phase, seen, taken, seconds, reason))
        self.watch(self.moments[-1])

    def _moment(
        self,
        phase: Literal["load", "rest"],
        seen: ClusterSnapshot,
        taken: list[Answered],
        seconds: float,
        reason: str,
    ) -> Moment:
        times = [each.seconds for each in taken]
        return Moment(
            at=round(self._looked - self._begun, 2),
            phase=phase,
            users=self.load.users,
            requests=len(taken),
            failures=sum(bool(each.error) for each in taken),
            rate=round(len(taken) / seconds, 1),
            p95=percentile(times, 0.95) if times else None,
            usage=seen.usage,
            desired=seen.desired,
            ready=min(seen.ready, seen.desired),
            generator=round(self.load.measure(), 2),
            wanted=seen.wanted(self.watched.scaled.metric.target.number),
            note=seen.note or reason,
            cpu=seen.used,
            limited=seen.limited,
        )

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(max(0.0, seconds)):
            raise Unavailable(interrupted())


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
