"""One complete sync of the controller: decision, status, events and memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from toolkit.kubernetes.autoscaling.decision import (
    Decision,
    choose,
    force,
    rescale_reason,
)
from toolkit.kubernetes.autoscaling.normalization import (
    Memory,
    normalize,
    remember_rescale,
    with_first_recommendation,
)
from toolkit.kubernetes.autoscaling.observation import MetricAnswer, Observation, Scale
from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal, evaluate
from toolkit.kubernetes.autoscaling.spec import Flags, Spec
from toolkit.kubernetes.autoscaling.status import (
    AutoscalerEvent,
    AutoscalerStatus,
    FailedMetric,
    describe,
    failed,
)


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """A HorizontalPodAutoscaler and its controller."""

    spec: Spec
    flags: Flags = field(default_factory=Flags)
    namespace: str = "default"

    @property
    def reference(self) -> str:
        """The scale target, as errors name it."""
        return f"{self.spec.scales.kind}/{self.namespace}/{self.spec.scales.name}"


@dataclass(frozen=True, slots=True)
class State:
    """The state between syncs: the controller's memory, and the HPA's status."""

    memory: Memory = field(default_factory=Memory)
    status: AutoscalerStatus = field(default_factory=AutoscalerStatus)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The result of a sync."""

    state: State
    replicas: int | None
    """The scale target's replicas after it; None if they are not readable."""
    decision: Decision | None = None
    """None if it failed before the decision."""
    events: tuple[AutoscalerEvent, ...] = ()
    error: str | None = None
    """The returned error, for which the work queue retries. It may have scaled all the same."""


def sync(hpa: Autoscaler, state: State, observation: Observation) -> SyncResult:
    """Do one sync of the controller.

    Args:
        hpa: The autoscaler.
        state: The state after the previous sync.
        observation: The scale, the pods and the metrics at the time of the sync.
    """
    now, scale = observation.now, observation.scale
    if isinstance(scale, str):
        return _unreadable(hpa, state, now, scale)
    status = state.status.with_condition("AbleToScale", True, "SucceededGetScale", now)
    memory = with_first_recommendation(state.memory, now, scale.replicas)
    # Stored even if scaling is disabled or forced.
    forced = force(hpa.spec, scale.replicas)
    if forced is None:
        return _follow_metrics(hpa, State(memory, status), observation, scale)
    if scale.replicas == 0 and forced.replicas == 0:
        status = status.with_condition("ScalingActive", False, "ScalingDisabled", now)
    return _apply(
        hpa, State(memory, status), observation, scale, forced, _Evaluated(reason=forced.forced)
    )


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """The metrics, events and errors of a sync so far."""

    metrics: tuple[Proposal | None, ...] = ()
    events: tuple[AutoscalerEvent, ...] = ()
    error: str | None = None
    reason: str = ""
    """The reason of a rescale."""


def _unreadable(hpa: Autoscaler, state: State, now: int, error: str) -> SyncResult:
    message = f"the HPA controller was unable to get the target's current scale: {error}"
    status = state.status.with_condition("AbleToScale", False, "FailedGetScale", now, message)
    return SyncResult(
        State(state.memory, status),
        None,
        events=(AutoscalerEvent("Warning", "FailedGetScale", error),),
        error=f"failed to query scale subresource for {hpa.reference}: {error}",
    )


def _follow_metrics(
    hpa: Autoscaler, state: State, observation: Observation, scale: Scale
) -> SyncResult:
    now, status = observation.now, state.status
    if not scale.has_selector:
        status = status.with_condition("ScalingActive", False, "InvalidSelector", now)
        required = AutoscalerEvent("Warning", "SelectorRequired", "selector is required")
        evaluated = _Evaluated((), (required,), "selector is required")
        return _give_up(hpa, State(state.memory, status), scale, evaluated)
    found = _evaluate_all(hpa, observation, scale)
    wanted, metric, blocked = choose(found, scale.replicas)
    evaluated = _evaluated(hpa, found)
    if blocked:
        first = _failures(hpa, found)[0]
        message = f"the HPA was unable to compute the replica count: {first.event}"
        status = status.with_condition("ScalingActive", False, first.reason, now, message)
        return _give_up(hpa, State(state.memory, status), scale, evaluated)
    winner = "" if metric is None else describe(hpa.spec.metrics[metric])
    message = f"the HPA was able to successfully calculate a replica count from {winner}"
    status = status.with_condition("ScalingActive", True, "ValidMetricFound", now, message)
    decision, memory = normalize(hpa.spec, hpa.flags, state.memory, now, scale.replicas, wanted)
    reason = rescale_reason(hpa.spec, scale.replicas, decision, metric)
    state = State(memory, _with_reasons(status, decision, now))
    return _apply(hpa, state, observation, scale, decision, replace(evaluated, reason=reason))


def _evaluate_all(
    hpa: Autoscaler, observation: Observation, scale: Scale
) -> list[Proposal | MetricFault]:
    tolerance = hpa.spec.tolerance(hpa.flags)
    answers = observation.answers or (MetricAnswer(),) * len(hpa.spec.metrics)
    return [
        evaluate(metric, answer, scale, observation, hpa.flags, tolerance, hpa.namespace)
        for metric, answer in zip(hpa.spec.metrics, answers, strict=True)
    ]


def _failures(hpa: Autoscaler, found: list[Proposal | MetricFault]) -> list[FailedMetric]:
    return [
        failed(metric, each.text)
        for metric, each in zip(hpa.spec.metrics, found, strict=True)
        if isinstance(each, MetricFault)
    ]


def _evaluated(hpa: Autoscaler, found: list[Proposal | MetricFault]) -> _Evaluated:
    failures = _failures(hpa, found)
    error = None
    if failures:
        error = (
            f"invalid metrics ({len(failures)} invalid out of {len(found)}), "
            f"first error is: {failures[0].error}"
        )
    return _Evaluated(
        tuple(None if isinstance(each, MetricFault) else each for each in found),
        tuple(AutoscalerEvent("Warning", each.reason, each.event) for each in failures),
        error,
    )


def _give_up(hpa: Autoscaler, state: State, scale: Scale, evaluated: _Evaluated) -> SyncResult:
    status = replace(state.status, current_replicas=scale.replicas, metrics=evaluated.metrics)
    event = AutoscalerEvent("Warning", "FailedComputeMetricsReplicas", evaluated.error or "")
    return SyncResult(
        State(state.memory, status),
        scale.replicas,
        events=(*evaluated.events, event),
        error=(
            "failed to compute desired number of replicas based on listed metrics for "
            f"{hpa.reference}: {evaluated.error}"
        ),
    )


def _apply(
    hpa: Autoscaler,
    state: State,
    observation: Observation,
    scale: Scale,
    decision: Decision,
    evaluated: _Evaluated,
) -> SyncResult:
    """Write the decision, if it changes anything, and its status and events."""
    now, current = observation.now, scale.replicas
    memory, status = state.memory, state.status
    # Without evaluated metrics the status has none.
    status = replace(status, current_replicas=current, metrics=evaluated.metrics)
    if decision.replicas == current:
        status = replace(status, desired_replicas=current)
        return SyncResult(
            State(memory, status), current, decision, evaluated.events, evaluated.error
        )
    if observation.update_error is not None:
        return _unwritable(
            hpa, State(memory, status), now, current, decision, evaluated, observation.update_error
        )
    message = f"the HPA controller was able to update the target scale to {decision.replicas}"
    status = status.with_condition("AbleToScale", True, "SucceededRescale", now, message)
    status = replace(status, desired_replicas=decision.replicas, last_scale=now)
    memory = remember_rescale(memory, hpa.spec, now, current, decision.replicas)
    size = f"New size: {decision.replicas}; reason: {evaluated.reason}"
    events = (*evaluated.events, AutoscalerEvent("Normal", "SuccessfulRescale", size))
    return SyncResult(State(memory, status), decision.replicas, decision, events, evaluated.error)


def _with_reasons(status: AutoscalerStatus, decision: Decision, now: int) -> AutoscalerStatus:
    status = status.with_condition("AbleToScale", True, decision.able, now)
    return status.with_condition("ScalingLimited", decision.is_limited, decision.limited, now)


def _unwritable(
    hpa: Autoscaler,
    state: State,
    now: int,
    current: int,
    decision: Decision,
    evaluated: _Evaluated,
    error: str,
) -> SyncResult:
    # The recommendation stays stored, though nothing was scaled.
    message = f"the HPA controller was unable to update the target scale: {error}"
    status = state.status.with_condition("AbleToScale", False, "FailedUpdateScale", now, message)
    size = f"New size: {decision.replicas}; reason: {evaluated.reason}; error: {error}"
    return SyncResult(
        State(state.memory, status),
        current,
        decision,
        (*evaluated.events, AutoscalerEvent("Warning", "FailedRescale", size)),
        f"failed to rescale {hpa.reference}: {error}",
    )
