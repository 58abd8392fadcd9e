"""Autoscalers: ``pkg/apis/autoscaling/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import DNS_LABEL, DNS_SUBDOMAIN, PATH_SEGMENT
from toolkit.kubernetes.validation.resources import container_resource
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    always,
    between,
    both,
    every,
    judged,
    misnamed,
    one_of,
    parts,
    quantity_positive,
)

_SEGMENT = Required(PATH_SEGMENT)
_TARGETS = one_of("AverageValue", "Utilization", "Value")
_SOURCES = {
    "Object": "object",
    "External": "external",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}
"""The key of each type of metric, in the order in which the server looks for them."""


def _reference(*, grouped: bool) -> Rule:
    """Return the rule for a reference to an object, whose API group may be required."""

    def api_version(field: ObjectField) -> Errors:
        group, slash, version = field.text.partition("/")
        if "/" in version:
            yield field.invalid("must be a group, `/` and a version, such as `apps/v1`")
        elif grouped and (not slash or not group):
            yield field.invalid("must have an API group, such as `apps/v1`")

    return always(kind=_SEGMENT, name=_SEGMENT, apiVersion=api_version)


def _scale_target(field: ObjectField) -> Errors:
    # The only kind of the group without a name that can be scaled.
    grouped = field.at("kind").text != "ReplicationController"
    yield from judged(_reference(grouped=grouped), field)


def _target(*values: str) -> Rule:
    """Return the rule for a target that has one of these values."""

    def rule(target: ObjectField) -> Errors:
        if not any(target.at(each).set for each in values):
            names = " or ".join(f"`{each}`" for each in values)
            yield target.at(values[0]).required(f"the target needs {names}")

    return both(
        always(type=_TARGETS),
        parts(
            rule,
            value=quantity_positive,
            averageValue=quantity_positive,
            averageUtilization=between(1),
        ),
    )


def _not_both(*values: str) -> Rule:
    def rule(target: ObjectField) -> Errors:
        one, other = (target.at(each) for each in values)
        if one.set and other.set:
            yield other.forbidden(f"the target has `{values[0]}`")

    return rule


def _resource(field: ObjectField) -> Errors:
    """Judge a name of a resource of containers."""
    found = container_resource(ObjectField(field.value, (field.text,)))
    return misnamed(found, (field.text,), field.path)


_METRIC = always(name=_SEGMENT)
_BY_RESOURCE = both(
    _target("averageUtilization", "averageValue"),
    _not_both("averageUtilization", "averageValue"),
)
_BY_VALUE = _target("averageValue", "value")
_RULES: Mapping[str, Rule] = {
    "object": always(describedObject=_reference(grouped=False), metric=_METRIC, target=_BY_VALUE),
    "external": always(metric=_METRIC, target=both(_BY_VALUE, _not_both("averageValue", "value"))),
    "pods": always(metric=_METRIC, target=_target("averageValue")),
    "resource": always(name=Required(), target=_BY_RESOURCE),
    "containerResource": always(
        name=Required(_resource), container=Required(DNS_LABEL), target=_BY_RESOURCE
    ),
}


def _metric(field: ObjectField) -> Errors:
    there = [key for key in _SOURCES.values() if field.at(key).set]
    for key in there[:1]:
        yield from judged(_RULES[key], field.at(key))
    wanted = _SOURCES.get(field.at("type").text)
    if wanted is None:
        yield field.at("type").unsupported(sorted(_SOURCES))
    elif wanted not in there:
        yield field.at(wanted).required(f"a metric with `type: {field.at('type').text}` has it")
    for key in there if len(there) > 1 else ():
        if key != wanted:
            yield field.at(key).forbidden("a metric has one source, that of its `type`")


def _policies(field: ObjectField) -> Errors:
    # Missing ones are defaulted.
    if field.at("policies").value == []:
        yield field.at("policies").required("at least one is needed")


_SCALING = parts(
    _policies,
    stabilizationWindowSeconds=between(0, 3600),
    selectPolicy=NotEmpty(one_of("Disabled", "Max", "Min")),
    policies=every(
        always(
            type=one_of("Percent", "Pods"),
            value=between(1),
            periodSeconds=between(1, 1800),
        )
    ),
)


def _limits(spec: ObjectField) -> Errors:
    low, high = spec.at("minReplicas"), spec.at("maxReplicas")
    if not high.set:
        yield high.required()
    elif high.number < (least := low.number if low.set else 1):
        error = high.invalid(
            "must be at least `minReplicas`, which is 1 if it is missing",
            fix=f"raise it to {least}{', or lower `minReplicas`' * (least > 1)}.",
        )
        yield error._replace(against=low.path)


def _utilization(field: ObjectField) -> Errors:
    """Judge the target of ``autoscaling/v1``, which the server converts."""
    converted = ("spec", "metrics", 0, "resource", "target", "averageUtilization")
    return misnamed(between(1)(field), field.path, converted)


def _autoscaler(**fields: Rule) -> Rule:
    spec = both(
        parts(_limits, minReplicas=between(1), maxReplicas=between(1), **fields),
        always(scaleTargetRef=_scale_target),
    )
    return both(metadata(DNS_SUBDOMAIN), always(spec=spec))


KINDS: Mapping[str, Rule] = {
    "autoscaling/v1 HorizontalPodAutoscaler": _autoscaler(
        targetCPUUtilizationPercentage=_utilization
    ),
    "autoscaling/v2 HorizontalPodAutoscaler": _autoscaler(
        metrics=every(_metric), behavior=parts(scaleUp=_SCALING, scaleDown=_SCALING)
    ),
}
