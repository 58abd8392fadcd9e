"""One autoscaler over many syncs: what each sets, tells and remembers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.kubernetes.autoscaling.replay import milliseconds
from toolkit.kubernetes.autoscaling.controller import Autoscaler, State, SyncResult, sync
from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.observation import (
    ContainerRequests,
    MetricAnswer,
    Observation,
    ObservedPods,
    Pod,
    PodMetrics,
    PodTemplate,
    Scale,
)
from toolkit.kubernetes.autoscaling.proposals import Proposal
from toolkit.kubernetes.autoscaling.spec import Flags, Metric
from toolkit.kubernetes.autoscaling.status import STANDARD
from toolkit.kubernetes.quantities import shown

TABLE = {*STANDARD, "SucceededRescale", "ValidMetricFound"} - {"InvalidSelector"}
"""Reasons whose message the recorder left out."""
WINNER = "the HPA was able to successfully calculate a replica count from "


@dataclass(frozen=True)
class Run:
    """A record of ``controller.jsonl``."""

    record: dict[str, Any]

    @property
    def expected(self) -> list[dict[str, Any]]:
        """What each sync gave, in the recording's own form."""
        return [step["output"] for step in self.record["steps"]]

    def observe(self) -> list[dict[str, Any]]:
        """What each sync of the emulation gives."""
        return [_shown(hpa, outcome, step) for hpa, outcome, step in self.replay()]

    def replay(self) -> Iterator[tuple[Autoscaler, SyncResult, dict[str, Any]]]:
        """All syncs, one after the other; only the emulation's own state goes between them."""
        record, state = self.record, State()
        template = PodTemplate(
            tuple(
                ContainerRequests(each["name"], each["requests_milli"])
                for each in record["pod_template"]
            )
        )
        flags = read_flags(record["flags"])
        hpa = Autoscaler(decode_spec(record["spec_as_written"]), flags, "ns")
        for step in record["steps"]:
            edit = step["edit"] or {}
            if edit.get("spec"):
                hpa = replace(hpa, spec=decode_spec(edit["spec"]))
            if edit.get("hpa_deleted_and_recreated"):
                state = State()
            outcome = sync(hpa, state, _observation(step, template))
            yield hpa, outcome, step
            state = outcome.state


def read_flags(flags: dict[str, Any]) -> Flags:
    """The controller's settings as recorded."""
    return Flags(
        sync_period=milliseconds(flags["sync_period_s"]),
        downscale_stabilization=milliseconds(flags["downscale_stabilization_s"]),
        tolerance=flags["tolerance"],
        cpu_initialization_period=milliseconds(flags["cpu_initialization_period_s"]),
        initial_readiness_delay=milliseconds(flags["initial_readiness_delay_s"]),
        configurable_tolerance=flags["feature_gates"]["HPAConfigurableTolerance"],
        scale_to_zero=flags["feature_gates"]["HPAScaleToZero"],
    )


def _observation(step: dict[str, Any], template: PodTemplate) -> Observation:
    scale = Scale(
        step["spec_replicas"], step["status_replicas"], not step.get("selector_empty", False)
    )
    pods, first = [], 1
    for each in step["pods"]:
        pods.append(
            ObservedPods(_pod(each, f"app-{first:03}"), template, _metrics(each), each["count"])
        )
        first += each["count"]
    return Observation(
        now=milliseconds(step["t"]),
        scale=step.get("get_scale_error") or scale,
        pods=tuple(pods),
        answers=tuple(_answer(each) for each in step["metric_inputs"]),
        resource_error=step.get("resource_metrics_api_error"),
        update_error=step.get("update_scale_error"),
    )


def _pod(group: dict[str, Any], name: str) -> Pod:
    started = group["started_t"]
    return Pod(
        group["phase"],
        group["ready"],
        milliseconds(group["ready_changed_t"]),
        None if started is None else milliseconds(started),
        group.get("deleting", False),
        name,
    )


def _metrics(group: dict[str, Any]) -> PodMetrics | None:
    if group["metric_t"] is None:
        return None
    qps = group.get("qps_milli")
    return PodMetrics(
        milliseconds(group["metric_t"]),
        milliseconds(group["metric_window_s"]),
        group.get("usage_milli") or {},
        {} if qps is None else {"qps": qps},
    )


def _answer(given: dict[str, Any]) -> MetricAnswer:
    single = given.get("object_value_milli")
    values = given.get("external_values_milli") or ([] if single is None else [single])
    return MetricAnswer(tuple(values), given.get("api_error"))


def _shown(hpa: Autoscaler, outcome: SyncResult, step: dict[str, Any]) -> dict[str, Any]:
    status, decision = outcome.state.status, outcome.decision
    active = status.conditions.get("ScalingActive")
    winner = active.message.removeprefix(WINNER) if active and active.holds else None
    replicas = step["spec_replicas"] if outcome.replicas is None else outcome.replicas
    return {
        "spec_replicas_after": replicas,
        "metric_recommendation": decision.wanted if decision else None,
        "status_current_replicas": status.current_replicas,
        "status_desired_replicas": status.desired_replicas,
        "last_scale_t": _seconds(status.last_scale),
        "winning_metric": winner,
        "current_metrics": [
            _metric_status(metric, value)
            for metric, value in zip(hpa.spec.metrics, status.metrics, strict=False)
        ]
        or None,
        "conditions": _conditions(outcome),
        "events": [event._asdict() for event in outcome.events],
        "error": outcome.error,
    }


def _seconds(time: int | None) -> float | None:
    return None if time is None else time / 1000


def _conditions(outcome: SyncResult) -> list[dict[str, Any]]:
    found = []
    for type_, condition in outcome.state.status.conditions.items():
        shown_ = {
            "type": type_,
            "status": str(condition.holds),
            "reason": condition.reason,
            "last_transition_t": _seconds(condition.since),
        }
        if condition.reason not in TABLE:
            shown_["message"] = condition.message
        found.append(shown_)
    return found


def _metric_status(metric: Metric, value: Proposal | None) -> dict[str, Any]:
    if value is None:
        return {"type": ""}
    binary = metric.name == "memory"
    key = "value" if metric.target.type == "Value" else "averageValue"
    current: dict[str, Any] = {key: shown(value.value, binary=binary)}
    if value.utilization is not None:
        current["averageUtilization"] = value.utilization
    body: dict[str, Any] = {"current": current}
    if metric.source in ("Resource", "ContainerResource"):
        body["name"] = metric.name
    else:
        body["metric"] = {"name": metric.name}
    if metric.container:
        body["container"] = metric.container
    if metric.described is not None:
        described = metric.described
        body["describedObject"] = {
            "apiVersion": described.api_version,
            "kind": described.kind,
            "name": described.name,
        }
    return {metric.source[0].lower() + metric.source[1:]: body, "type": metric.source}
