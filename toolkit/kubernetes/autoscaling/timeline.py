"""What a simulated autoscaler did, sync by sync."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.proposals import Fault, Proposal
from toolkit.kubernetes.autoscaling.spec import Spec


class Point(NamedTuple):
    """Replicas at a time, simulated or observed."""

    at: int
    """Milliseconds."""
    desired: int
    serving: int


class Step(NamedTuple):
    """One sync."""

    at: int
    current: int
    """Replicas of the scale target when it was read."""
    serving: int
    """Pods that ran and were ready then."""
    found: Sequence[Proposal | Fault]
    """What each metric proposed; empty if none was asked."""
    decision: Decision | None
    """None if nothing could be decided."""

    @property
    def replicas(self) -> int:
        """Replicas of the scale target after it."""
        return self.current if self.decision is None else self.decision.replicas


@dataclass(frozen=True, slots=True)
class Timeline:
    """All syncs of a simulation."""

    spec: Spec
    steps: tuple[Step, ...]
    points: tuple[Point, ...]
    """The replicas from each time on that they changed."""
