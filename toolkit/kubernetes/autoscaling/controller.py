"""One complete sync of the controller: decision, status, events and memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from toolkit.kubernetes.autoscaling.decision import Decision, choose, force, rescale_reason
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
    return _Sync(hpa, state, observation).result()


class _Sync:
    """One sync: the state, the events and the error so far."""

    def __init__(self, hpa: Autoscaler, state: State, observation: Observation) -> None:
        self.hpa, self.observation, self.now = hpa, observation, observation.now
        self.memory, self.status = state.memory, state.status
        self.events: list[AutoscalerEvent] = []
        self.error: str | None = None

    def result(self) -> SyncResult:
        hpa, scale = self.hpa, self.observation.scale
        if isinstance(scale, str):
            message = f"the HPA controller was unable to get the target's current scale: {scale}"
            self._set("AbleToScale", False, "FailedGetScale", message)
            self._warn("FailedGetScale", scale)
            self.error = f"failed to query scale subresource for {hpa.reference}: {scale}"
            return self._done(None)
        self._set("AbleToScale", True, "SucceededGetScale")
        # Without evaluated metrics the status has none.
        self.status = replace(self.status, metrics=(), current_replicas=scale.replicas)
        # Stored even if scaling is disabled or forced.
        self.memory = with_first_recommendation(self.memory, self.now, scale.replicas)
        forced = force(hpa.spec, scale.replicas)
        if forced is None:
            return self._follow_metrics(scale)
        if scale.replicas == 0 and forced.replicas == 0:
            self._set("ScalingActive", False, "ScalingDisabled")
        return self._apply(scale.replicas, forced, forced.forced)

    def _follow_metrics(self, scale: Scale) -> SyncResult:
        spec, current = self.hpa.spec, scale.replicas
        if not scale.has_selector:
            self._set("ScalingActive", False, "InvalidSelector")
            self._warn("SelectorRequired", "selector is required")
            self.error = "selector is required"
            return self._give_up(current)
        found = self._evaluate(scale)
        wanted, metric, blocked = choose(found, current)
        if blocked:
            first = self.events[0]
            message = f"the HPA was unable to compute the replica count: {first.message}"
            self._set("ScalingActive", False, first.reason, message)
            return self._give_up(current)
        winner = "" if metric is None else describe(spec.metrics[metric])
        message = f"the HPA was able to successfully calculate a replica count from {winner}"
        self._set("ScalingActive", True, "ValidMetricFound", message)
        decision, self.memory = normalize(
            spec, self.hpa.flags, self.memory, self.now, current, wanted
        )
        self._set("AbleToScale", True, decision.able)
        self._set("ScalingLimited", decision.is_limited, decision.limited)
        return self._apply(current, decision, rescale_reason(spec, current, decision, metric))

    def _evaluate(self, scale: Scale) -> list[Proposal | MetricFault]:
        """Return the proposals; those that are missing are events, and the first is the error."""
        hpa, observation = self.hpa, self.observation
        tolerance, metrics = hpa.spec.tolerance(hpa.flags), hpa.spec.metrics
        answers = observation.answers or (MetricAnswer(),) * len(metrics)
        found = [
            evaluate(metric, answer, scale, observation, hpa.flags, tolerance, hpa.namespace)
            for metric, answer in zip(metrics, answers, strict=True)
        ]
        failures = [
            failed(metric, each.text)
            for metric, each in zip(metrics, found, strict=True)
            if isinstance(each, MetricFault)
        ]
        for each in failures:
            self._warn(each.reason, each.event)
        if failures:
            self.error = (
                f"invalid metrics ({len(failures)} invalid out of {len(found)}), "
                f"first error is: {failures[0].error}"
            )
        seen = tuple(None if isinstance(each, MetricFault) else each for each in found)
        self.status = replace(self.status, metrics=seen)
        return found

    def _give_up(self, current: int) -> SyncResult:
        self._warn("FailedComputeMetricsReplicas", self.error or "")
        self.error = (
            "failed to compute desired number of replicas based on listed metrics for "
            f"{self.hpa.reference}: {self.error}"
        )
        return self._done(current)

    def _apply(self, current: int, decision: Decision, reason: str) -> SyncResult:
        """Write the decision, if it changes anything, and its status and events."""
        replicas, refused = decision.replicas, self.observation.update_error
        if replicas == current:
            self.status = replace(self.status, desired_replicas=current)
            return self._done(current, decision)
        size = f"New size: {replicas}; reason: {reason}"
        if refused is not None:
            # The recommendation stays stored, though nothing was scaled.
            message = f"the HPA controller was unable to update the target scale: {refused}"
            self._set("AbleToScale", False, "FailedUpdateScale", message)
            self._warn("FailedRescale", f"{size}; error: {refused}")
            self.error = f"failed to rescale {self.hpa.reference}: {refused}"
            return self._done(current, decision)
        message = f"the HPA controller was able to update the target scale to {replicas}"
        self._set("AbleToScale", True, "SucceededRescale", message)
        self.status = replace(self.status, desired_replicas=replicas, last_scale=self.now)
        self.memory = remember_rescale(self.memory, self.hpa.spec, self.now, current, replicas)
        self.events.append(AutoscalerEvent("Normal", "SuccessfulRescale", size))
        return self._done(replicas, decision)

    def _set(self, type_: str, holds: bool, reason: str, message: str | None = None) -> None:
        self.status = self.status.with_condition(type_, holds, reason, self.now, message)

    def _warn(self, reason: str, message: str) -> None:
        self.events.append(AutoscalerEvent("Warning", reason, message))

    def _done(self, replicas: int | None, decision: Decision | None = None) -> SyncResult:
        state = State(self.memory, self.status)
        return SyncResult(state, replicas, decision, tuple(self.events), self.error)
