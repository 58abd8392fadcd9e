"""One run: load until scaled, and back. It advances by the syncs of the autoscaler."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.outcome import interrupted
from toolkit.connectors.scaling.replicas import Clock, Replica, Replicas
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.connectors.scaling.worker import Answered
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.ramp import HOLD, step
from toolkit.evidence.autoscaling.scaling import Ended, Moment, Share, percentile
from toolkit.findings import Finding, Location
from toolkit.kubernetes.autoscaling.controller import State, SyncResult, sync
from toolkit.kubernetes.autoscaling.observation import Observation, Scale
from toolkit.model.expectations.scaling import ScalingExpectation

_POLL = 0.05
_WARM_UP = 30.0
"""Seconds that the first replicas and the load generator may take."""


@dataclass(slots=True)
class ScalingLoop:
    """A run in progress; ``stop`` interrupts it."""

    expected: ScalingExpectation
    scaled: Scalable
    clock: Clock
    replicas: Replicas
    spreader: Spreader
    load: Load
    stop: threading.Event
    watch: Callable[[Moment], None]
    moments: list[Moment] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    _state: State = field(default_factory=State)
    _served: list[tuple[Replica, ...]] = field(default_factory=list)
    """The replicas that were ready at each moment."""
    _counts: list[Counter[int]] = field(default_factory=list)
    """Number of requests of each port up to then."""
    _begun: float = 0.0
    _synced: float = 0.0

    def start(self) -> None:
        """Bring up the minimum of replicas; raises `Unavailable` when time is up."""
        wanted = max(1, self.scaled.hpa.spec.minimum)
        self.replicas.resize(wanted)
        end = time.monotonic() + _WARM_UP
        while len(self.replicas.ready) < wanted:
            if time.monotonic() > end:
                raise Unavailable(_not_ready())
            self._wait(_POLL)
        # The CPU of starting is not that of serving.
        self._wait(self._period)
        self.replicas.measure()
        self.load.measure()
        self._begun = self._synced = time.monotonic()

    def ramp(self) -> Ended:
        """Add users until enough replicas are at work, or the budget is spent."""
        while True:
            users, ended = step(self.expected, self.moments)
            if ended:
                return ended
            if users != self.load.users:
                self.load.be(users)
            self._sync("load")

    def rest(self, within: float) -> None:
        """Take the load away, and wait until the minimum is back, or time is up."""
        self.load.be(0)
        end = time.monotonic() + within
        least = max(1, self.scaled.hpa.spec.minimum)
        while time.monotonic() < end:
            self._sync("rest")
            if self.moments[-1].desired == self.moments[-1].ready == least:
                return

    def shares(self) -> tuple[Share, ...]:
        """Return the share of each replica while enough were ready; valid after the ramp."""
        before, after = self._counts[-HOLD], self._counts[-1]
        held = self._served[-HOLD]
        return tuple(
            Share(
                each.name,
                after[each.process.port] - before[each.process.port],
                self.spreader.connections[each.process.port],
            )
            for each in held
        )

    @property
    def _period(self) -> float:
        return self.scaled.hpa.flags.sync_period / 1000 / self.clock.speed

    def _sync(self, phase: Literal["load", "rest"]) -> None:
        """Wait for the next sync, let the autoscaler decide, and apply its decision."""
        self._wait(self._synced + self._period - time.monotonic())
        now = time.monotonic()
        seconds, self._synced = now - self._synced, now
        seen = Observation(
            self.clock.now(),
            Scale(len(self.replicas.all), len(self.replicas.all)),
            self.replicas.measure(),
        )
        outcome = sync(self.scaled.hpa, self._state, seen)
        self._state = outcome.state
        self._note(phase, outcome, self.load.take(), seconds)
        self.watch(self.moments[-1])
        self.spreader.spread(self._ports(outcome.replicas))
        self.replicas.resize(outcome.replicas or 0)

    def _note(
        self,
        phase: Literal["load", "rest"],
        outcome: SyncResult,
        taken: list[Answered],
        seconds: float,
    ) -> None:
        self.answered += taken
        ready = tuple(self.replicas.ready)
        self._served.append(ready)
        self._counts.append(Counter(self.spreader.requests))
        decision, desired = outcome.decision, outcome.replicas or 0
        limited = outcome.state.status.conditions.get("ScalingLimited")
        times = [each.seconds for each in taken]
        self.moments.append(
            Moment(
                at=round(self._synced - self._begun, 2),
                phase=phase,
                users=self.load.users,
                requests=len(taken),
                failures=sum(bool(each.error) for each in taken),
                rate=round(len(taken) / seconds, 1),
                p95=percentile(times, 0.95) if times else None,
                usage=self._usage(outcome),
                desired=desired,
                ready=min(len(ready), desired),
                generator=round(self.load.measure(), 2),
                wanted=decision.wanted if decision else None,
                note=outcome.error or _reason(outcome),
                limited=limited.reason if limited and limited.holds else "",
                cpu=self.replicas.used,
            )
        )

    def _usage(self, outcome: SyncResult) -> int | None:
        metrics = outcome.state.status.metrics
        place = self.scaled.hpa.spec.metrics.index(self.scaled.metric)
        proposal = metrics[place] if place < len(metrics) else None
        if proposal is None:
            return None
        return proposal.value if proposal.utilization is None else proposal.utilization

    def _ports(self, wanted: int | None) -> Sequence[int]:
        staying = self.replicas.all[: wanted or 0]
        return [each.process.port for each in staying if each.ready]

    def _wait(self, seconds: float) -> None:
        """Let time pass; who becomes ready takes traffic at once."""
        end = time.monotonic() + seconds
        while True:
            if self.stop.wait(max(0.0, min(_POLL, end - time.monotonic()))):
                raise Unavailable(interrupted())
            self.replicas.probe()
            self.spreader.spread(self._ports(len(self.replicas.all)))
            if time.monotonic() >= end:
                return


def _reason(outcome: SyncResult) -> str:
    """Return the reason in the event of a rescale; empty without one."""
    told = (each.message for each in outcome.events if each.reason == "SuccessfulRescale")
    return next(told, "").rpartition("reason: ")[2]


def _not_ready() -> Finding:
    return Finding(
        what=f"the first replicas were not ready within {_WARM_UP:g} s",
        where=Location("service"),
        why="nothing can be scaled that does not serve",
        fix="try `service.start` and `service.ready` of the contract by hand.",
    )
