"""One metric becomes one proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.kubernetes.autoscaling.replay import milliseconds
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
from toolkit.kubernetes.autoscaling.proposals import MetricFault, evaluate
from toolkit.kubernetes.autoscaling.spec import (
    CrossVersionReference,
    Flags,
    Metric,
    MetricTarget,
    Source,
    TargetType,
    Tolerance,
)

KINDS: dict[str, tuple[Source, TargetType]] = {
    "resource_utilization": ("Resource", "Utilization"),
    "resource_average": ("Resource", "AverageValue"),
    "container_resource_utilization": ("ContainerResource", "Utilization"),
    "container_resource_average": ("ContainerResource", "AverageValue"),
    "pods_average": ("Pods", "AverageValue"),
    "object_value": ("Object", "Value"),
    "object_average": ("Object", "AverageValue"),
    "external_value": ("External", "Value"),
    "external_average": ("External", "AverageValue"),
}


@dataclass(frozen=True)
class Unit:
    """A record of ``unit.jsonl``; its moment of calculation is time 0."""

    record: dict[str, Any]

    @property
    def expected(self) -> dict[str, Any]:
        """Replicas and usage, or only the words of the error."""
        output = self.record["output"]
        if output["error"] is not None:
            return {"error": output["error"]}
        value = output.get("usage_milli", output.get("raw_average_milli"))
        return self._form(output["replicas"], value, output.get("utilization_percent"))

    def observe(self) -> dict[str, Any]:
        """What the emulation proposes."""
        given = self.record["input"]
        observation = _observation(given, _metric(self.record["kind"], given))
        assert isinstance(observation.scale, Scale)
        found = evaluate(
            _metric(self.record["kind"], given),
            observation.answers[0],
            observation.scale,
            observation,
            Flags(
                cpu_initialization_period=milliseconds(given["cpu_initialization_period_s"]),
                initial_readiness_delay=milliseconds(given["initial_readiness_delay_s"]),
            ),
            Tolerance.around(given["tolerance_down"], given["tolerance_up"]),
            "ns",
        )
        if isinstance(found, MetricFault):
            return {"error": found.text}
        return self._form(found.replicas, found.value, found.utilization)

    def _form(self, replicas: int, value: int, utilization: int | None) -> dict[str, Any]:
        defined = not self.record["output"].get("usage_undefined")
        return {
            "replicas": replicas,
            "value": value if defined else None,
            "utilization": utilization,
        }


def _metric(kind: str, given: dict[str, Any]) -> Metric:
    source, type_ = KINDS[kind]
    number = given["target_utilization_percent" if type_ == "Utilization" else "target_milli"]
    return Metric(
        source,
        given.get("resource", "m"),
        MetricTarget(type_, number),
        container=given.get("container") or "",
        described=CrossVersionReference("Service", "svc"),
    )


def _observation(given: dict[str, Any], metric: Metric) -> Observation:
    samples = {each["pod"]: _sample(each, metric.name) for each in given.get("metrics") or []}
    pods = given.get("pods") or []
    names = {pod["name"] for pod in pods}
    single = given.get("object_value_milli")
    values = given.get("external_values_milli") or ([] if single is None else [single])
    error = given["metrics_api_error"]
    return Observation(
        now=0,
        scale=Scale(given.get("current_replicas", 0), given.get("status_replicas", 0)),
        pods=tuple(
            ObservedPods(_pod(pod), _template(pod, metric.name), samples.get(pod["name"]))
            for pod in pods
        ),
        strays=tuple(sample for name, sample in samples.items() if name not in names),
        answers=(MetricAnswer(tuple(values), error),),
        resource_error=error,
    )


def _sample(sample: dict[str, Any], resource: str) -> PodMetrics:
    value = sample.get("value_milli")
    window = sample.get("window_s")
    return PodMetrics(
        at=-milliseconds(sample["age_s"]),
        window=60_000 if window is None else milliseconds(window),
        usage={
            each["name"]: _known({resource: each["usage_milli"]})
            for each in sample.get("containers") or []
        },
        values=_known({"m": value}),
    )


def _pod(pod: dict[str, Any]) -> Pod:
    started, changed = pod.get("started_ago_s"), pod.get("ready_changed_ago_s")
    return Pod(
        phase=pod["phase"],
        ready=pod["ready"],
        ready_changed=-milliseconds(changed or 0),
        started=None if started is None else -milliseconds(started),
        deleting=pod["deleting"],
        name=pod["name"],
    )


def _template(pod: dict[str, Any], resource: str) -> PodTemplate:
    inits = pod.get("init_containers") or []
    return PodTemplate(
        tuple(_container(each, resource) for each in pod.get("containers") or []),
        tuple(_container(each, resource) for each in inits if each.get("restart_always")),
        _known({resource: pod.get("pod_level_request_milli")}),
    )


def _container(container: dict[str, Any], resource: str) -> ContainerRequests:
    return ContainerRequests(container["name"], _known({resource: container["request_milli"]}))


def _known(values: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in values.items() if value is not None}
