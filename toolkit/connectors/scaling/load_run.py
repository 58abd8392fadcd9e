"""A run of load until the autoscaler has scaled, and back; it advances sync by sync."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from toolkit.connectors.scaling import outcome
from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.worker import Answered
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.autoscalers import Scalable, seconds_back
from toolkit.evidence.autoscaling.ramp import step
from toolkit.evidence.autoscaling.scaling import Ended, Moment, Scaled, percentile
from toolkit.findings import Finding
from toolkit.model.expectations.scaling import ScalingExpectation

Phase = Literal["load", "rest"]
Watch = Callable[[Moment, int, str], None]
"""Callback for each HPA sync, with the target of its metric and the unit of that."""


@dataclass(slots=True, kw_only=True)
class LoadRun(ABC):
    """A run in progress; ``stop`` interrupts it."""

    expected: ScalingExpectation
    """Its ``speed`` is that of the cluster's clock."""
    scaled: Scalable
    load: Load
    stop: threading.Event
    watch: Watch
    period: float
    """Seconds of this machine between two syncs."""
    grace: float = 0.0
    """Seconds of this machine that scaling in may take longer than derived."""
    lag: int = 1
    """Number of syncs until the autoscaler sees the full effect of new users."""
    moments: list[Moment] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    voided: list[Finding] = field(default_factory=list)
    """The changes by others that invalidate the run."""
    _begun: float = 0.0
    _synced: float = 0.0

    @abstractmethod
    def sync(self, phase: Phase) -> None:
        """Wait for the next sync of the autoscaler, and note it."""

    def let_pass(self, seconds: float) -> None:
        """Let time pass; raises `Unavailable` if the run is interrupted."""
        if self.stop.wait(max(0.0, seconds)):
            raise Unavailable(outcome.interrupted())

    @property
    def least(self) -> int:
        """The replicas without load."""
        return max(1, self.scaled.hpa.spec.minimum)

    def begin(self) -> None:
        """Start the clock of the run."""
        self.load.measure()
        self._begun = self._synced = time.monotonic()

    def ramp(self) -> Ended:
        """Add users until enough replicas are at work, or the budget is spent."""
        while True:
            users, ended = step(self.expected, self.moments, self.lag)
            if self.voided:
                return "void"
            if ended:
                return ended
            if users != self.load.users:
                self.load.be(users)
            self.sync("load")

    def scale_back(self, ended: Ended) -> Scaled:
        """Take the load away, wait until the minimum is back or time is up; return the run."""
        spec, loaded = self.scaled.hpa.spec, tuple(outcome.endpoints(self.answered))
        needed = seconds_back(self.scaled, self.moments[-1].desired) if self.moments else 0.0
        within = outcome.deadline(self.expected, needed) + self.grace
        self._rest(within)
        return Scaled(
            moments=tuple(self.moments),
            endpoints=loaded,
            shares=(),
            autoscaler=spec.scales.name,
            minimum=self.least,
            maximum=spec.maximum,
            target=self.scaled.metric.target.number,
            unit=self.scaled.unit,
            most=self.scaled.most,
            speed=self.expected.speed,
            deadline=within,
            ended=ended,
            needed=needed if math.isfinite(needed) else None,
            voided=tuple(self.voided),
        )

    def _rest(self, within: float) -> None:
        self.load.be(0)
        end = time.monotonic() + within
        while time.monotonic() < end and not self.voided:
            self.sync("rest")
            if self.moments[-1].desired == self.moments[-1].ready == self.least:
                return

    def _wait_for_sync(self) -> float:
        """Wait as long as the controller does; return the seconds since the last sync."""
        self.let_pass(self._synced + self.period - time.monotonic())
        before, self._synced = self._synced, time.monotonic()
        return self._synced - before

    def _note(self, phase: Phase, taken: list[Answered], seconds: float, **seen: Any) -> None:
        """Add a moment.

        Args:
            phase: Whether there is load.
            taken: The responses since the last sync.
            seconds: The time since the last sync.
            **seen: What was seen of the autoscaler: the other fields of `Moment`.
        """
        self.answered += taken
        moment = Moment(
            at=round(self._synced - self._begun, 2),
            phase=phase,
            users=self.load.users,
            requests=len(taken),
            failures=sum(bool(each.error) for each in taken),
            rate=round(len(taken) / seconds, 1),
            p95=percentile([each.seconds for each in taken], 0.95) if taken else None,
            generator=round(self.load.measure(), 2),
            **seen,
        )
        self.moments.append(moment)
        self.watch(moment, self.scaled.metric.target.number, self.scaled.unit)
