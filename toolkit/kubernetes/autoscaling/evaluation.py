"""One entry of ``metrics`` becomes a proposal, or a fault in the controller's words."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.flags import Flags, Tolerance
from toolkit.kubernetes.autoscaling.observation import Answer, Observation, Scale
from toolkit.kubernetes.autoscaling.proposals import Fault, Proposal, propose_pods, rule_of
from toolkit.kubernetes.autoscaling.readings import read_pods
from toolkit.kubernetes.autoscaling.spec import Metric
from toolkit.kubernetes.autoscaling.totals import propose_total


def evaluate(
    metric: Metric,
    answer: Answer,
    scale: Scale,
    observation: Observation,
    flags: Flags,
    tolerance: Tolerance,
    namespace: str = "default",
) -> Proposal | Fault:
    """What a metric proposes for ``scale``; ``answer`` is what its own API returned."""
    fault = _unavailable(metric, answer, observation, namespace)
    if fault is not None:
        return Fault(fault)
    if metric.source in ("Object", "External"):
        return propose_total(metric, answer.values, scale, observation.serving, tolerance)
    # Asked after the API was: its failure is told first.
    if not observation.pods:
        return Fault("no pods returned by selector while calculating replica count")
    readings, gaps = read_pods(metric, observation)
    rule, current = rule_of(metric), scale.replicas
    return propose_pods(rule, readings, current, observation.now, flags, tolerance, gaps)


def _unavailable(
    metric: Metric, answer: Answer, observation: Observation, namespace: str
) -> str | None:
    """Why the API has nothing of a metric, or None."""
    match metric.source:
        case "Resource" | "ContainerResource":
            error, api = observation.resource_error, "resource"
            subject = f"unable to get metrics for resource {metric.name}: "
            empty = not _returned(observation)
        case "Pods":
            error, api, subject = answer.error, "custom", f"unable to get metric {metric.name}: "
            empty = not _returned(observation)
        case "Object":
            error, api, empty = answer.error, "custom", False
            described = metric.described
            place = f"{described.kind} on {namespace} {described.name}" if described else ""
            subject = f"unable to get metric {metric.name}: {place}/"
        case _:
            error, api, empty = answer.error, "external", not answer.values
            subject = (
                f"unable to get external metric {namespace}/{metric.name}/{metric.selector}: "
            )
    if error is not None:
        return f"{subject}unable to fetch metrics from {api} metrics API: {error}"
    return f"{subject}no metrics returned from {api} metrics API" if empty else None


def _returned(observation: Observation) -> bool:
    """Whether an API returned anything of any pod."""
    return bool(observation.strays) or any(each.metrics for each in observation.pods)
