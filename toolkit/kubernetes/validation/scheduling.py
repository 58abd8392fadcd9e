"""The parts of a pod that choose its node."""

from __future__ import annotations

from functools import partial

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    LABEL_VALUE,
    label_selector,
    operator_values,
    qualified_name,
)
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    between,
    every,
    misnamed,
    one_of,
    parts,
    positive,
)

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_weight = between(1, 100)


def _expression(field: ObjectField, *, strict: bool) -> Errors:
    """Judge a requirement on the labels of a node.

    Args:
        field: The requirement.
        strict: True if its values have to be values of labels.
    """
    values, operator = field.at("values"), field.at("operator")
    match operator.text:
        case "In" | "NotIn" | "Exists" | "DoesNotExist":
            yield from operator_values(field)
        case "Gt" | "Lt":
            if len(values.items) != 1:
                yield values.required("`operator: Gt` and `Lt` take one value")
        case _:
            yield operator.invalid("must be `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`")
    yield from qualified_name(field.at("key"))
    for each in values.items if strict else ():
        yield from LABEL_VALUE(each)


def _node_field(field: ObjectField) -> Errors:
    values, operator = field.at("values"), field.at("operator")
    if operator.text not in ("In", "NotIn"):
        yield operator.invalid("must be `In` or `NotIn`")
    elif len(values.items) != 1:
        yield values.required("one value")
    if field.at("key").text != "metadata.name":
        yield field.at("key").invalid("must be `metadata.name`")
        return
    for each in values.items:
        yield from DNS_SUBDOMAIN(each)


def _term(field: ObjectField, *, strict: bool) -> Errors:
    yield from every(partial(_expression, strict=strict))(field.at("matchExpressions"))
    yield from every(_node_field)(field.at("matchFields"))


def _label_keys(field: ObjectField) -> Errors:
    """Judge the ``matchLabelKeys`` and ``mismatchLabelKeys`` beside a selector of labels."""
    selector, keys = field.at("labelSelector"), field.at("matchLabelKeys")
    others = field.at("mismatchLabelKeys")
    for each in (keys, others):
        if each.items and not selector.set:
            yield each.forbidden("there is no `labelSelector`")
        elif each.items:
            yield from every(qualified_name)(each)
    selected = {key for key, _ in selector.at("matchLabels").entries}
    positions = {each.text: each for each in keys.items}
    for each in selector.at("matchExpressions").items:
        key = each.at("key").text
        if key in positions and key in selected:
            found = positions[key].invalid("must not be in `labelSelector` too")
            yield found._replace(path=(*field.path, positions[key].path[-1]), written=found.path)
        selected.add(key)
    mismatched = {each.text for each in others.items}
    for each in keys.items:
        if each.text in mismatched:
            yield each.invalid("must not be in `mismatchLabelKeys` too")


def _namespaces(field: ObjectField) -> Errors:
    for each in field.at("namespaces").items:
        yield from misnamed(DNS_LABEL(each), each.path, (*field.path, "namespace"))


def _pod_term(field: ObjectField) -> Errors:
    for each in ("labelSelector", "namespaceSelector"):
        yield from label_selector(field.at(each))
    yield from _namespaces(field)
    yield from _label_keys(field)
    key = field.at("topologyKey")
    yield from qualified_name(key) if key.text else iter([key.required()])


_POD_AFFINITY = parts(
    requiredDuringSchedulingIgnoredDuringExecution=every(_pod_term),
    preferredDuringSchedulingIgnoredDuringExecution=every(
        lambda field: _weight(field.at("weight")),
        lambda field: _pod_term(field.at("podAffinityTerm")),
    ),
)
AFFINITY = parts(
    nodeAffinity=parts(
        requiredDuringSchedulingIgnoredDuringExecution=parts(
            nodeSelectorTerms=Required(every(partial(_term, strict=True)))
        ),
        preferredDuringSchedulingIgnoredDuringExecution=every(
            lambda field: _weight(field.at("weight")),
            lambda field: _term(field.at("preference"), strict=False),
        ),
    ),
    podAffinity=_POD_AFFINITY,
    podAntiAffinity=_POD_AFFINITY,
)


def _toleration(field: ObjectField) -> Errors:
    operator, effect = field.at("operator"), field.at("effect")
    value = field.at("value")
    if not field.at("key").text and operator.text != "Exists":
        yield operator.invalid("must be `Exists` without a `key`")
    if field.at("tolerationSeconds").set and effect.text != "NoExecute":
        yield effect.invalid("must be `NoExecute` with `tolerationSeconds`")
    match operator.text:
        case "" | "Equal":
            yield from misnamed(LABEL_VALUE(value), value.path, operator.path)
        case "Exists":
            if value.text:
                fault = value.invalid("must not be there with `operator: Exists`")
                yield from misnamed(iter([fault]), value.path, operator.path)
        case _:
            yield operator.unsupported(("Equal", "Exists"))


TOLERATIONS = every(parts(_toleration, key=qualified_name, effect=one_of(*_EFFECTS)))


def _domains(field: ObjectField) -> Errors:
    found = field.at("minDomains")
    if found.set and field.at("whenUnsatisfiable").text != "DoNotSchedule":
        yield found.invalid("needs `whenUnsatisfiable: DoNotSchedule`")


_policy = NotEmpty(one_of("Honor", "Ignore"))
_SPREAD = parts(
    _domains,
    _label_keys,
    maxSkew=positive,
    topologyKey=Required(),
    whenUnsatisfiable=one_of("DoNotSchedule", "ScheduleAnyway"),
    minDomains=positive,
    nodeAffinityPolicy=_policy,
    nodeTaintsPolicy=_policy,
    labelSelector=label_selector,
)


def _unset(field: ObjectField) -> Errors:
    """Judge the numbers and texts for which missing is 0 and empty."""
    if not field.at("maxSkew").set:
        yield field.at("maxSkew").invalid("must be at least 1", value=0)
    if not field.at("whenUnsatisfiable").text:
        yield field.at("whenUnsatisfiable").unsupported(("DoNotSchedule", "ScheduleAnyway"))


def _repeated(field: ObjectField) -> Errors:
    pairs = [
        (each.at("topologyKey").text, each.at("whenUnsatisfiable").text) for each in field.items
    ]
    for index, each in enumerate(field.items):
        if pairs[index] in pairs[index + 1 :]:
            found = each._replace(value=", ".join(pairs[index])).duplicate()
            yield found._replace(
                path=(*each.path, "{topologyKey, whenUnsatisfiable}"), written=each.path
            )


def topology_spread(field: ObjectField) -> Errors:
    """Judge the constraints that spread pods over zones or nodes."""
    yield from every(_unset, _SPREAD)(field)
    yield from _repeated(field)
