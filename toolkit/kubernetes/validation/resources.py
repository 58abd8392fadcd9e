"""Requests and limits of containers and pods."""

from __future__ import annotations

from decimal import Decimal

from toolkit.kubernetes.quantities import QuantityError, amount, milli
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import DNS_LABEL, qualified_faults
from toolkit.kubernetes.validation.rules import Rule, quantity_not_negative

HUGE_PAGES = "hugepages-"
COMPUTE = ("cpu", "memory", "ephemeral-storage")
"""What a container can request without a prefix, besides huge pages."""
_COUNTS = (
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
)
STANDARD = frozenset(
    {
        *_COUNTS,
        *COMPUTE,
        *(f"requests.{each}" for each in (*COMPUTE, "storage")),
        *(f"limits.{each}" for each in COMPUTE),
        "storage",
    }
)
"""The resources without a prefix that quotas and limits know."""


def is_native(name: str) -> bool:
    """Return True for a resource of Kubernetes itself."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """Return True for a resource of a device plugin, such as ``example.com/gpu``."""
    requests = f"requests.{name}"
    return not (is_native(name) or name.startswith("requests.") or any(qualified_faults(requests)))


def resource_name(field: ObjectField) -> Errors:
    """Judge the last part of a path as the name of a resource."""
    name = str(field.path[-1])
    faults = [field.invalid(fault, value=name) for fault in qualified_faults(name)]
    yield from faults
    huge = name.startswith((HUGE_PAGES, f"requests.{HUGE_PAGES}"))
    if not faults and "/" not in name and name not in STANDARD and not huge:
        yield field.invalid("must be a standard resource, or have a prefix", value=name)


def container_resource(field: ObjectField) -> Errors:
    """Judge the last part of a path as the name of a resource that a container can have."""
    faults = list(resource_name(field))
    yield from faults
    name = str(field.path[-1])
    if "/" not in name:
        if not faults and name not in COMPUTE and not name.startswith(HUGE_PAGES):
            yield field._replace(value=name).unsupported((*COMPUTE, "hugepages-<size>"))
    elif not is_native(name) and not is_extended(name):
        yield field.invalid("must be the name of an extended resource", value=name)


def _pod_resource(field: ObjectField) -> Errors:
    faults = list(resource_name(field))
    yield from faults
    name = str(field.path[-1])
    if not faults and name not in COMPUTE[:2] and not name.startswith(HUGE_PAGES):
        yield field._replace(value=name).unsupported(("cpu", "memory", "hugepages-<size>"))


def resource_quantity(field: ObjectField) -> Errors:
    """Judge an amount of the resource that the last part of the path names."""
    yield from quantity_not_negative(field)
    name = str(field.path[-1])
    if (name in _COUNTS or is_extended(name)) and milli(field.quantity) % 1000:
        yield field.invalid("must be a whole number")


def _page_size(name: str) -> Decimal:
    try:
        return amount(name.removeprefix(HUGE_PAGES))
    except QuantityError:
        return Decimal(0)


def _resource(field: ObjectField, named: Rule) -> Errors:
    yield from named(field)
    yield from resource_quantity(field)
    name = str(field.path[-1])
    if name.startswith(HUGE_PAGES):
        size = _page_size(name)
        if size <= 0 or size % 1 or field.quantity % size:
            yield field.invalid(f"must be a multiple of {name.removeprefix(HUGE_PAGES)}")


def _requirements(field: ObjectField, named: Rule) -> Errors:
    limits, requests = dict(field.at("limits").entries), dict(field.at("requests").entries)
    for each in (*limits.values(), *requests.values()):
        yield from _resource(each, named)
    for name, each in requests.items():
        yield from _against_limit(field, name, each, limits.get(name))
    given = {*limits, *requests}
    if any(name.startswith(HUGE_PAGES) for name in given) and given.isdisjoint(COMPUTE[:2]):
        yield field.forbidden("huge pages need a request or limit of cpu or memory beside them")


def _against_limit(
    field: ObjectField, name: str, request: ObjectField, limit: ObjectField | None
) -> Errors:
    overcommitted = is_native(name) and not name.startswith(HUGE_PAGES)
    if limit is None:
        if not overcommitted:
            yield field.at("limits").required(f"`{name}` needs a limit equal to its request")
        return
    if request.quantity == limit.quantity or (overcommitted and request.quantity < limit.quantity):
        return
    wanted = "at most" if overcommitted else "equal to"
    found = field.at("requests").invalid(
        f"must be {wanted} the {name} limit of `{limit.value}`",
        value=request.value,
        fix=f"lower the request to `{limit.value}`, or raise the limit.",
    )
    yield found._replace(written=request.path, against=limit.path)


def container_resources(field: ObjectField) -> Errors:
    """Judge the ``resources`` of a container, except the claims."""
    yield from _requirements(field, container_resource)


def pod_resources(field: ObjectField) -> Errors:
    """Judge the ``resources`` of a pod by themselves."""
    if field.at("claims").set:
        yield field.at("claims").forbidden("claims belong to the containers")
    yield from _requirements(field, _pod_resource)


def claims(field: ObjectField, there: set[str]) -> Errors:
    """Judge the ``claims`` of a container.

    Args:
        field: The list of claims.
        there: The names of the pod's ``resourceClaims``.
    """
    seen: set[tuple[str, str]] = set()
    for each in field.items:
        name, request = each.at("name").text, each.at("request").text
        if not name:
            yield each.required("`name`")
            continue
        if request:
            yield from DNS_LABEL(each.at("request"))
        whole = {(name, ""), (name, request)} & seen
        if whole or (not request and any(one == name for one, _ in seen)):
            yield each._replace(value=name).duplicate()
        seen.add((name, request))
        if name not in there:
            yield each._replace(value=name).not_found("name in `resourceClaims`", there)
