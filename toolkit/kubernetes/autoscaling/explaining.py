"""Why a simulated sync did what it did, in a line."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.amounts import shown
from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.proposals import Fault, Proposal
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.autoscaling.timeline import Step

_LIMITS = {
    "ScaleUpLimit": "that is as fast as it may grow",
    "ScaleDownLimit": "that is as fast as it may shrink",
    "TooManyReplicas": "that is maxReplicas",
    "TooFewReplicas": "that is minReplicas",
}


def explain(spec: Spec, step: Step) -> str:
    """The metrics, what they want, and what held or limited it."""
    decision = step.decision
    if decision is None:
        return "nothing is done: " + "; ".join(_seen(spec, step))
    if decision.wanted is None:
        return decision.forced or "scaling is disabled: there are no replicas"
    seen = ", ".join(_seen(spec, step))
    told = [f"{seen} wants {decision.wanted}"]
    if decision.stabilized != decision.wanted:
        told.append(f"the stabilization window makes it {decision.stabilized}")
    if decision.is_limited:
        told.append(f"only {decision.replicas}: {_LIMITS[decision.limited]}")
    if decision.wanted == step.current and len(told) == 1:
        told[0] = f"{seen.removesuffix(',')}: no change"
    return "; ".join(told)


def kind(step: Step) -> str:
    """What sort of reason a step has; steps of one sort need not all be shown."""
    decision = step.decision
    if decision is None:
        return "nothing"
    return f"{decision.forced}|{decision.able}|{decision.limited}|{_direction(step, decision)}"


def _direction(step: Step, decision: Decision) -> int:
    wanted = step.current if decision.wanted is None else decision.wanted
    return (wanted > step.current) - (wanted < step.current)


def _seen(spec: Spec, step: Step) -> list[str]:
    return [
        found.text if isinstance(found, Fault) else _measured(metric, found)
        for metric, found in zip(spec.metrics, step.found, strict=True)
    ]


def _measured(metric: Metric, found: Proposal) -> str:
    if found.utilization is not None:
        value, target = f"{found.utilization} %", f"{metric.target.number} %"
    else:
        binary = metric.name == "memory"
        value = shown(found.value, binary=binary)
        target = shown(metric.target.number, binary=binary)
    told = f"{metric.name} {value} (target {target})"
    if not found.corrected:
        return told
    number = found.value if found.utilization is None else found.utilization
    assumed = "idle" if number > metric.target.number else "busy"
    return f"{told}, with pods not ready or measured taken for {assumed},"
