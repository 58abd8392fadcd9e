"""Limits and quotas of namespaces: ``pkg/apis/core/validation`` and ``core/helper``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import DNS_SUBDOMAIN, operator_values, qualified_faults
from toolkit.kubernetes.validation.resources import (
    STANDARD,
    container_resource,
    resource_name,
    resource_quantity,
)
from toolkit.kubernetes.validation.rules import (
    Rule,
    both,
    distinct,
    every,
    judged,
    misnamed,
    parts,
)

_QUOTAS = STANDARD - {"storage"}
_PODS = frozenset({"pods"}) | {
    each for each in STANDARD if each.rpartition(".")[2] in ("cpu", "memory")
}
_SCOPES: Mapping[str, frozenset[str]] = {
    "BestEffort": frozenset({"pods"}),
    "CrossNamespacePodAffinity": _PODS,
    "NotBestEffort": _PODS,
    "NotTerminating": _PODS,
    "PriorityClass": _PODS,
    "Terminating": _PODS,
    "VolumeAttributesClass": frozenset({"persistentvolumeclaims", "requests.storage"}),
}
"""The resources that each scope can be applied to."""
_WITH_VALUES = ("PriorityClass", "VolumeAttributesClass")
_OPPOSITES = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))


def _is_tracked(name: str) -> bool:
    """Return True if quotas know a resource without a prefix."""
    return name in _QUOTAS or name.startswith(("hugepages-", "requests.hugepages-"))


def _types(field: ObjectField) -> Errors:
    standard = ("Container", "PersistentVolumeClaim", "Pod")
    yield from distinct(each.at("type") for each in field.items)
    for each in field.items:
        kind = each.at("type")
        faults = list(qualified_faults(kind.text))
        yield from (kind.invalid(fault) for fault in faults)
        if not faults and "/" not in kind.text and kind.text not in standard:
            yield kind.unsupported(standard)


_BOUNDS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_ORDERED = (
    ("min", "max", "min"),
    ("min", "defaultRequest", "defaultRequest"),
    ("defaultRequest", "max", "defaultRequest"),
    ("defaultRequest", "default", "defaultRequest"),
    ("min", "default", "default"),
    ("default", "max", "default"),
)
"""Two bounds of which the first must not be more, and the one that is wrong."""


def _limit(field: ObjectField) -> Errors:
    kind = field.at("type").text
    if kind == "Pod":
        for key in ("default", "defaultRequest"):
            if field.at(key).given:
                yield field.at(key).forbidden("there are no defaults of whole pods")
    named = container_resource if kind in ("Container", "Pod") else resource_name
    for key in _BOUNDS:
        for _, each in field.at(key).entries:
            yield from named(each)
    if kind == "PersistentVolumeClaim" and not any(
        field.at(key, "storage").set for key in ("min", "max")
    ):
        yield field.at("limits").required("it bounds `storage` by `min` or `max`")
    yield from judged(_ordered, field)


def _bounds(field: ObjectField) -> dict[str, dict[str, ObjectField]]:
    """Return the bounds by resource; there are no defaults of whole pods."""
    found = {key: dict(field.at(key).entries) for key in _BOUNDS}
    if field.at("type").text == "Pod":
        found["default"], found["defaultRequest"] = {}, {}
    return found


def _ordered(field: ObjectField) -> Errors:
    bounds = _bounds(field)
    for low, high, wrong in _ORDERED:
        for name in bounds[low].keys() & bounds[high].keys():
            if bounds[low][name].quantity > bounds[high][name].quantity:
                where = ObjectField(bounds[wrong][name].value, (*field.path, wrong, name))
                yield where.invalid(f"is wrong since `{low}` must not be more than `{high}`")
    for name, ratio in bounds["maxLimitRequestRatio"].items():
        yield from _ratio(ratio, bounds["min"].get(name), bounds["max"].get(name))


def _ratio(ratio: ObjectField, low: ObjectField | None, high: ObjectField | None) -> Errors:
    if ratio.quantity < 1:
        yield ratio.invalid("must be at least 1")
    if low and high and low.quantity and ratio.quantity > high.quantity / low.quantity:
        yield ratio.invalid("must not be more than `max` divided by `min`")


def _hard(field: ObjectField) -> Errors:
    for name, each in field.entries:
        faults = list(resource_name(each))
        yield from faults
        if not faults and "/" not in name and not _is_tracked(name):
            yield each.invalid("must be a resource of quotas, such as `requests.cpu`", value=name)
        yield from judged(resource_quantity, each)


def _fits(field: ObjectField, scopes: Iterable[str], hard: ObjectField) -> Errors:
    """Judge that scopes are known, can be applied to all resources, and are no opposites."""
    scopes = list(scopes)
    for each in scopes:
        allowed = _SCOPES.get(each, frozenset())
        limited = {name for name, _ in hard.entries if _is_tracked(name)}
        if each in _SCOPES and not limited <= allowed:
            other = sorted(limited - allowed)[0]
            yield field.invalid(f"cannot be applied to `{other}`", value=each)
    for pair in _OPPOSITES:
        if set(pair) <= set(scopes):
            yield field.invalid("must not have a scope and its opposite", value=pair[0])


def _scopes(spec: ObjectField) -> Errors:
    scopes = spec.at("scopes")
    for each in scopes.items:
        if each.text not in _SCOPES:
            yield each.unsupported(sorted(_SCOPES))._replace(path=scopes.path, written=each.path)
    yield from _fits(scopes, (each.text for each in scopes.items), spec.at("hard"))


def _selector(spec: ObjectField) -> Errors:
    found = spec.at("scopeSelector", "matchExpressions")
    yield from _fits(found, (each.at("scopeName").text for each in found.items), spec.at("hard"))
    for each in found.items:
        yield from misnamed(judged(_requirement, each), each.path, found.path)


def _requirement(field: ObjectField) -> Errors:
    name, operator = field.at("scopeName"), field.at("operator")
    if name.text not in _SCOPES:
        yield name.unsupported(sorted(_SCOPES))
    elif name.text not in _WITH_VALUES and operator.text != "Exists":
        yield operator.invalid(f"must be `Exists` with `scopeName: {name.text}`")
    yield from operator_values(field)


def _limits(field: ObjectField) -> Errors:
    yield from judged(_types, field)
    yield from every(_limit)(field)


_METADATA = metadata(DNS_SUBDOMAIN)


def _named(field: ObjectField) -> Errors:
    """Judge metadata of which the server fills in the name."""
    about = dict(field.at("metadata").entries)
    name = field.at("metadata", "name").text or "limits"
    body = {**{key: each.value for key, each in about.items()}, "name": name}
    return _METADATA(ObjectField({"metadata": body}))


KINDS: Mapping[str, Rule] = {
    "v1 LimitRange": both(_named, parts(spec=parts(limits=_limits))),
    "v1 ResourceQuota": both(_METADATA, parts(spec=parts(_scopes, _selector, hard=_hard))),
}
