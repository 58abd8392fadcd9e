"""The syncs of a simulated autoscaler, and their reasons as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.quantities import shown


class Point(NamedTuple):
    """Replicas at a time, simulated or observed."""

    at: int
    """Milliseconds."""
    desired: int
    serving: int


class SimulatedSync(NamedTuple):
    """One sync."""

    at: int
    current: int
    """Replicas of the scale target before it."""
    serving: int
    """Number of ready pods at that time."""
    found: Sequence[Proposal | MetricFault]
    """The proposals of the metrics; empty if none was evaluated."""
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
    steps: tuple[SimulatedSync, ...]
    points: tuple[Point, ...]
    """The replicas, from each change on."""


_LIMITS = {
    "ScaleUpLimit": "that is as fast as it may grow",
    "ScaleDownLimit": "that is as fast as it may shrink",
    "TooManyReplicas": "that is maxReplicas",
    "TooFewReplicas": "that is minReplicas",
}


def explain(spec: Spec, step: SimulatedSync) -> str:
    """Return the metrics, the replicas they want, and the limits, in a line."""
    decision = step.decision
    if decision is None:
        return "nothing is done: " + "; ".join(_seen(spec, step))
    if decision.wanted is None:
        return decision.forced or "scaling is disabled: there are no replicas"
    seen = ", ".join(_seen(spec, step))
    parts = [f"{seen} wants {decision.wanted}"]
    if decision.stabilized != decision.wanted:
        parts.append(f"the stabilization window makes it {decision.stabilized}")
    if decision.is_limited:
        parts.append(f"only {decision.replicas}: {_LIMITS[decision.limited]}")
    if decision.wanted == step.current and len(parts) == 1:
        parts[0] = f"{seen.removesuffix(',')}: no change"
    return "; ".join(parts)


def kind(step: SimulatedSync) -> str:
    """Return the sort of reason of a sync; of equal ones the first is shown."""
    decision = step.decision
    if decision is None:
        return "nothing"
    return f"{decision.forced}|{decision.able}|{decision.limited}|{_direction(step, decision)}"


def _direction(step: SimulatedSync, decision: Decision) -> int:
    wanted = step.current if decision.wanted is None else decision.wanted
    return (wanted > step.current) - (wanted < step.current)


def _seen(spec: Spec, step: SimulatedSync) -> list[str]:
    return [
        found.text if isinstance(found, MetricFault) else _measured(metric, found)
        for metric, found in zip(spec.metrics, step.found, strict=True)
    ]


def _measured(metric: Metric, found: Proposal) -> str:
    if found.utilization is not None:
        value, target = f"{found.utilization} %", f"{metric.target.number} %"
    else:
        binary = metric.name == "memory"
        # Without pods Go converts no number to the lowest one.
        value = (
            "undefined without pods"
            if found.value == -(2**63)
            else shown(found.value, binary=binary)
        )
        target = shown(metric.target.number, binary=binary)
    text = f"{metric.name} {value} (target {target})"
    if not found.corrected:
        return text
    assumed = "idle" if found.measured > metric.target.number else "busy"
    return f"{text}, with unready or unmeasured pods assumed {assumed},"


Row = tuple[str, str, str, str]


def rows(timeline: Timeline, *, every: bool = False) -> list[Row]:
    """Return a table of the syncs that changed the replicas, or have another sort of reason.

    Its header comes first: time, replicas, ready, why. With ``every`` all syncs are in it.
    """
    steps = timeline.steps if every else tuple(_telling(timeline.steps))
    return [
        ("time", "replicas", "ready", "why"),
        *(
            (clock(step.at), _move(step), str(step.serving), explain(timeline.spec, step))
            for step in steps
        ),
    ]


def clock(milliseconds: int) -> str:
    """Return minutes and seconds.

    >>> clock(75_000), clock(3_600_500)
    ('1:15', '60:00.5')
    """
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    fraction = f".{thousandths:03}".rstrip("0") if thousandths else ""
    return f"{minutes}:{seconds:02}{fraction}"


def _move(step: SimulatedSync) -> str:
    if step.replicas == step.current:
        return str(step.current)
    return f"{step.current} → {step.replicas}"


def _telling(steps: tuple[SimulatedSync, ...]) -> Iterator[SimulatedSync]:
    before = None
    for step in steps:
        if step.replicas != step.current or kind(step) != before:
            yield step
        before = kind(step)
