"""Decoding of the manifests of an autoscaler and of its workload, as in the API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toolkit.kubernetes import workloads
from toolkit.kubernetes.autoscaling import spec as specs
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.defaulting import defaulted
from toolkit.kubernetes.defaulting.forms import filled
from toolkit.kubernetes.defaulting.kinds import AUTOSCALER_SPEC, BEHAVIOR
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.quantities import amount, approximate, milli
from toolkit.kubernetes.requests import own, total


def shown_selector(selector: Mapping[str, Any] | None) -> str:
    """Return a selector in the format of the controller's messages.

    >>> shown_selector(None)
    'nil'
    >>> shown_selector({"matchLabels": {"queue": "work"}})
    '&LabelSelector{MatchLabels:map[string]string{queue: work,},MatchExpressions:[]LabelSelectorRequirement{},}'
    """  # noqa: E501
    if selector is None:
        return "nil"
    labels = sorted((selector.get("matchLabels") or {}).items())
    pairs = "".join(f"{name}: {value}," for name, value in labels)
    needs = "".join(_requirement(each) for each in selector.get("matchExpressions") or ())
    return (
        f"&LabelSelector{{MatchLabels:map[string]string{{{pairs}}},"
        f"MatchExpressions:[]LabelSelectorRequirement{{{needs}}},}}"
    )


def _requirement(need: Mapping[str, Any]) -> str:
    values = " ".join(need.get("values") or ())
    return (
        f"LabelSelectorRequirement{{Key:{need['key']},Operator:{need['operator']},"
        f"Values:[{values}],}},"
    )


_FIELDS: Mapping[str, specs.Source] = {
    "resource": "Resource",
    "containerResource": "ContainerResource",
    "pods": "Pods",
    "object": "Object",
    "external": "External",
}
_TARGETS: Mapping[str, specs.TargetType] = {
    "averageUtilization": "Utilization",
    "averageValue": "AverageValue",
    "value": "Value",
}


class SpecError(ValueError):
    """The object is not a valid autoscaler."""


def decode_autoscaler(body: Mapping[str, Any]) -> specs.Spec:
    """Decode a HorizontalPodAutoscaler of `autoscaling/v2`, of `autoscaling/v1`, or KEDA's.

    Raises:
        SpecError: The object is invalid.
        QuantityError: A target is not a quantity.
    """
    spec = _required(defaulted(body), "spec")
    match body.get("apiVersion"):
        case "autoscaling/v2" | "keda.sh/v1alpha1":
            return decode_spec(spec)
        case "autoscaling/v1":
            percent = int(spec["targetCPUUtilizationPercentage"])
            cpu = specs.Metric("Resource", "cpu", specs.MetricTarget("Utilization", percent))
            decoded = decode_spec({**spec, "metrics": None, "behavior": None})
            return replace(decoded, metrics=(cpu,))
        case version:
            raise SpecError(f"`{version}` is not served: write `autoscaling/v2`")


def decode_spec(spec: Mapping[str, Any]) -> specs.Spec:
    """Decode the ``spec`` of `autoscaling/v2`.

    Raises:
        SpecError: A required part is missing.
        QuantityError: A target is not a quantity.
    """
    spec = filled(spec, AUTOSCALER_SPEC)
    behavior = spec.get("behavior")
    return specs.Spec(
        _reference(_required(spec, "scaleTargetRef")),
        int(_required(spec, "maxReplicas")),
        tuple(_metric(each) for each in spec["metrics"]),
        int(spec["minReplicas"]),
        None if behavior is None else decode_behavior(behavior),
    )


def decode_behavior(behavior: Mapping[str, Any]) -> specs.Behavior:
    """Decode ``behavior``: even if it is empty, all defaults apply."""
    whole = filled(behavior, BEHAVIOR)
    return specs.Behavior(_rules(whole["scaleUp"]), _rules(whole["scaleDown"]))


def _rules(rules: Mapping[str, Any]) -> specs.ScalingRules:
    window, tolerance = rules.get("stabilizationWindowSeconds"), rules.get("tolerance")
    return specs.ScalingRules(
        tuple(_policy(each) for each in rules["policies"]),
        None if window is None else int(window) * 1000,
        rules["selectPolicy"],
        None if tolerance is None else approximate(amount(tolerance)),
    )


def _policy(policy: Mapping[str, Any]) -> specs.Policy:
    return specs.Policy(
        _required(policy, "type"),
        int(_required(policy, "value")),
        int(_required(policy, "periodSeconds")) * 1000,
    )


def _metric(metric: Mapping[str, Any]) -> specs.Metric:
    field = next((name for name in _FIELDS if name in metric), "resource")
    body = _required(metric, field)
    identifier = body.get("metric") or {}
    described = body.get("describedObject")
    return specs.Metric(
        _FIELDS[field],
        body.get("name") or _required(identifier, "name"),
        _target(_required(body, "target")),
        container=body.get("container", ""),
        described=_reference(described) if described else None,
        selector=shown_selector(identifier.get("selector")),
    )


def _target(target: Mapping[str, Any]) -> specs.MetricTarget:
    """Return the number that is set; ``averageValue`` has precedence, as in the controller."""
    for name in ("averageValue", "averageUtilization", "value"):
        number = target.get(name)
        if number is not None:
            type_ = _TARGETS[name]
            return specs.MetricTarget(
                type_, int(number) if type_ == "Utilization" else milli(amount(number))
            )
    raise SpecError("a target needs `averageUtilization`, `averageValue` or `value`")


def _reference(reference: Mapping[str, Any]) -> specs.CrossVersionReference:
    kind, name = _required(reference, "kind"), _required(reference, "name")
    return specs.CrossVersionReference(kind, name, reference.get("apiVersion", ""))


def _required(mapping: Mapping[str, Any], name: str) -> Any:
    found = mapping.get(name)
    if found is None:
        raise SpecError(f"`{name}` is missing")
    return found


def template_of(workload: Manifest) -> PodTemplate:
    """Return the containers that keep running, restartable init containers included, and requests.

    The workload must be one of `toolkit.kubernetes.workloads.workloads`.
    """
    spec = workloads.pod_spec(workload)
    staying = [each for each in workloads.containers(workload) if each.stays]
    requests = total(spec, "requests") if own(spec, "requests") else {}
    return PodTemplate(
        tuple(_container(each) for each in staying if not each.init),
        tuple(_container(each) for each in staying if each.init),
        {name: milli(of) for name, of in requests.items()},
    )


def _container(container: workloads.Container) -> ContainerRequests:
    requests = {resource: container.request(resource) for resource in ("cpu", "memory")}
    known = {name: milli(stated) for name, stated in requests.items() if stated is not None}
    return ContainerRequests(container.name, known)
