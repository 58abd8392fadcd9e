"""A run on this machine, whose autoscaler is emulated."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from toolkit.connectors.scaling.load_run import LoadRun, Phase
from toolkit.connectors.scaling.replicas import Clock, Replica, Replicas
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.ramp import HOLD
from toolkit.evidence.autoscaling.scaling import Share
from toolkit.findings import Location
from toolkit.kubernetes.autoscaling.controller import State, SyncResult, sync
from toolkit.kubernetes.autoscaling.observation import Observation, Scale

_POLL = 0.05
_WARM_UP = 30.0
"""Seconds that the first replicas and the load generator may take."""


@dataclass(slots=True, kw_only=True)
class LocalRun(LoadRun):
    """A run in progress; ``stop`` interrupts it."""

    clock: Clock
    replicas: Replicas
    spreader: Spreader
    _state: State = field(default_factory=State)
    _served: list[tuple[Replica, ...]] = field(default_factory=list)
    """The replicas that were ready at each moment."""
    _counts: list[Counter[int]] = field(default_factory=list)
    """Number of requests of each port up to then."""

    def start(self) -> None:
        """Bring up the minimum of replicas; raises `Unavailable` when time is up."""
        self.replicas.resize(self.least)
        end = time.monotonic() + _WARM_UP
        while len(self.replicas.ready) < self.least:
            if time.monotonic() > end:
                raise Unavailable.of(
                    what=f"the first replicas were not ready within {_WARM_UP:g} s",
                    where=Location("service"),
                    why="nothing can be scaled that does not serve",
                    fix="try `service.start` and `service.ready` of the contract by hand.",
                )
            self.let_pass(_POLL)
        # The CPU of starting is not that of serving.
        self.let_pass(self.period)
        self.replicas.measure()
        self.begin()

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

    def sync(self, phase: Phase) -> None:
        """Wait for the next sync, let the autoscaler decide, and apply its decision."""
        seconds = self._wait_for_sync()
        seen = Observation(
            self.clock.now(),
            Scale(len(self.replicas.all), len(self.replicas.all)),
            self.replicas.measure(),
        )
        result = sync(self.scaled.hpa, self._state, seen)
        self._state, desired = result.state, result.replicas or 0
        ready = tuple(self.replicas.ready)
        self._served.append(ready)
        self._counts.append(Counter(self.spreader.requests))
        limited = result.state.status.conditions.get("ScalingLimited")
        self._note(
            phase,
            self.load.take(),
            seconds,
            usage=self._usage(result),
            desired=desired,
            ready=min(len(ready), desired),
            wanted=result.decision.wanted if result.decision else None,
            note=result.error or _reason(result),
            limited=limited.reason if limited and limited.holds else "",
            cpu=self.replicas.used,
        )
        self.spreader.spread(self._ports(desired))
        self.replicas.resize(desired)

    def _usage(self, result: SyncResult) -> int | None:
        metrics = result.state.status.metrics
        place = self.scaled.hpa.spec.metrics.index(self.scaled.metric)
        proposal = metrics[place] if place < len(metrics) else None
        return proposal.measured if proposal else None

    def _ports(self, wanted: int) -> Sequence[int]:
        return [each.process.port for each in self.replicas.all[:wanted] if each.ready]

    def let_pass(self, seconds: float) -> None:
        """Let time pass; replicas that become ready take traffic at once."""
        end = time.monotonic() + seconds
        while True:
            LoadRun.let_pass(self, min(_POLL, end - time.monotonic()))
            self.replicas.probe()
            self.spreader.spread(self._ports(len(self.replicas.all)))
            if time.monotonic() >= end:
                return


def _reason(result: SyncResult) -> str:
    """Return the reason in the event of a rescale; empty without one."""
    told = (each.message for each in result.events if each.reason == "SuccessfulRescale")
    return next(told, "").rpartition("reason: ")[2]
