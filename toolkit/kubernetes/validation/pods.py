"""Pods and their templates: ``pkg/apis/core/validation``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from toolkit.kubernetes.requests import aggregate
from toolkit.kubernetes.validation.addresses import ip
from toolkit.kubernetes.validation.containers import init, regular
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    UNDERSCORED_SUBDOMAIN,
    annotation_map,
    label_map,
    qualified_name,
)
from toolkit.kubernetes.validation.resources import pod_resources
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    between,
    distinct,
    every,
    misnamed,
    one_of,
    parts,
)
from toolkit.kubernetes.validation.scheduling import AFFINITY, TOLERATIONS, topology_spread
from toolkit.kubernetes.validation.security import pod_security
from toolkit.kubernetes.validation.volumes import volumes

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def _all_containers(spec: ObjectField) -> list[ObjectField]:
    return [each for key in _CONTAINERS for each in spec.at(key).items]


def _ephemeral(field: ObjectField) -> Errors:
    if field.items:
        yield field.forbidden("`kubectl debug` adds them to a running pod")


def _running(spec: ObjectField) -> Errors:
    yield from regular(spec)(spec.at("containers")) if spec.at("containers").given else ()
    yield from init(spec)(spec.at("initContainers"))


_MOST_NAMESERVERS, _MOST_SEARCHES, _MOST_CHARACTERS = 3, 32, 2048


def _searches(field: ObjectField) -> Errors:
    if len(field.items) > _MOST_SEARCHES:
        yield field.invalid(f"must have at most {_MOST_SEARCHES} domains")
    if len(" ".join(each.text for each in field.items)) > _MOST_CHARACTERS:
        yield field.invalid(f"must have at most {_MOST_CHARACTERS} characters together")
    for each in field.items:
        for fault in UNDERSCORED_SUBDOMAIN.faults(each.text.removesuffix(".") or "."):
            if each.text != ".":
                yield each.invalid(fault)


def _nameservers(field: ObjectField) -> Errors:
    if len(field.items) > _MOST_NAMESERVERS:
        yield field.invalid(f"must have at most {_MOST_NAMESERVERS} servers")
    yield from every(ip)(field)


def _options(field: ObjectField) -> Errors:
    for each in field.items:
        if not each.at("name").text:
            yield each.required("a name")


_DNS_CONFIG = parts(nameservers=_nameservers, searches=_searches, options=_options)


def _dns(spec: ObjectField) -> Errors:
    config = spec.at("dnsConfig")
    missing = config if not config.set else config.at("nameservers")
    if spec.at("dnsPolicy").text == "None" and not missing.given:
        yield missing.required("with `dnsPolicy: None`")


def _gates(field: ObjectField) -> Errors:
    for each in field.items:
        yield from misnamed(qualified_name(each.at("name")), each.at("name").path, each.path)
    for error in distinct(each.at("name") for each in field.items):
        yield error._replace(path=error.path[:-1], written=error.path)


def _host_ports(spec: ObjectField) -> Errors:
    for each in spec.at("containers").items if spec.at("hostNetwork").flag else ():
        for port in each.at("ports").items:
            host = port.at("hostPort")
            if host.number not in (0, port.at("containerPort").number):
                yield host.invalid("must be equal to `containerPort` with `hostNetwork: true`")


def _resource_claims(field: ObjectField) -> Errors:
    keys = ("resourceClaimName", "resourceClaimTemplateName")
    for each in field.items:
        if sum(each.at(key).set for key in keys) != 1:
            yield each.invalid(
                "must have either `resourceClaimName` or `resourceClaimTemplateName`"
            )
    yield from distinct(each.at("name") for each in field.items)
    yield from every(parts(name=Required(DNS_LABEL), **dict.fromkeys(keys, DNS_SUBDOMAIN)))(field)


def _together(spec: ObjectField) -> Errors:
    """Judge the resources of a pod against those of its containers."""
    found = spec.at("resources")
    if not found.set:
        return
    body: Mapping[str, object] = spec.value
    for key in ("requests", "limits"):
        asked: dict[str, Decimal] = aggregate(body, key)
        for name, each in found.at(key).entries:
            judged = key == "requests" or name.startswith("hugepages-")
            if judged and asked.get(name, Decimal(0)) > each.quantity:
                yield each.invalid(
                    f"must be at least `{asked[name]:f}`, which its containers have"
                )
    for index, one in enumerate(spec.at("containers").items):
        for name, limit in one.at("resources", "limits").entries:
            whole = found.at("limits", name)
            if whole.set and limit.quantity > whole.quantity:
                error = limit.invalid(f"must be at most the pod's limit of `{whole.value}`")
                path = (*found.path, "containers", index, name, "limits")
                yield error._replace(path=path, written=error.path)


def _overhead(field: ObjectField) -> Errors:
    yield from pod_resources(ObjectField({"limits": field.value}, field.path))


_NO_LINUX = "it does not exist on Windows"
_OF_LINUX_PODS = (
    *("hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"),
    *(("securityContext", key) for key in ("fsGroup", "fsGroupChangePolicy", "sysctls")),
    *(("securityContext", key) for key in ("supplementalGroups", "supplementalGroupsPolicy")),
    ("securityContext", "seLinuxChangePolicy"),
)
_OF_LINUX = ("appArmorProfile", "seLinuxOptions", "seccompProfile", "runAsUser", "runAsGroup")
_OF_LINUX_CONTAINERS = (
    *("capabilities", "readOnlyRootFilesystem", "privileged"),
    *("allowPrivilegeEscalation", "procMount"),
)


def _system(spec: ObjectField) -> Errors:
    """Judge what a pod must not have on its operating system."""
    name, contexts = (
        spec.at("os", "name"),
        [each.at("securityContext") for each in (spec, *_all_containers(spec))],
    )
    if not spec.at("os").set:
        return
    if not name.text:
        yield name.required()
    elif name.text not in ("linux", "windows"):
        yield from misnamed(one_of("linux", "windows")(name), name.path, name.path[:-1])
    if name.text == "linux":
        yield from _present(contexts, ("windowsOptions",), "it does not exist on Linux")
    if name.text == "windows":
        own = [spec.at(*((each,) if isinstance(each, str) else each)) for each in _OF_LINUX_PODS]
        yield from (each.forbidden(_NO_LINUX) for each in own if each.given)
        yield from _present(contexts, _OF_LINUX, _NO_LINUX)
        yield from _present(contexts[1:], _OF_LINUX_CONTAINERS, _NO_LINUX)


def _present(contexts: list[ObjectField], keys: tuple[str, ...], why: str) -> Errors:
    return (each.at(key).forbidden(why) for each in contexts for key in keys if each.at(key).set)


def _host_process(spec: ObjectField) -> Errors:
    key = ("securityContext", "windowsOptions", "hostProcess")
    whole, each = spec.at(*key), [one.at(*key) for one in _all_containers(spec)]
    for one in each:
        if one.set and whole.set and one.flag != whole.flag:
            yield one.invalid(f"must be the same as in the pod, `{str(whole.flag).lower()}`")
    found = [one.flag if one.set else whole.flag for one in each]
    if any(found) and not all(found):
        yield spec.invalid("must have host processes in all containers, or in none")
    if any(found) and not spec.at("hostNetwork").flag:
        yield spec.at("hostNetwork").invalid("must be `true` with host processes")


POD_SPEC = parts(
    _running,
    _together,
    _host_ports,
    _dns,
    pod_security,
    _host_process,
    _system,
    containers=Required(),
    ephemeralContainers=_ephemeral,
    volumes=volumes,
    resourceClaims=_resource_claims,
    resources=pod_resources,
    restartPolicy=Required(one_of("Always", "OnFailure", "Never")),
    dnsPolicy=Required(one_of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")),
    nodeSelector=label_map,
    affinity=AFFINITY,
    dnsConfig=_DNS_CONFIG,
    readinessGates=every(lambda field: qualified_name(field.at("conditionType"))),
    schedulingGates=_gates,
    topologySpreadConstraints=topology_spread,
    serviceAccountName=DNS_SUBDOMAIN,
    nodeName=DNS_SUBDOMAIN,
    activeDeadlineSeconds=between(1, 2**31 - 1),
    hostname=DNS_LABEL,
    subdomain=DNS_LABEL,
    tolerations=TOLERATIONS,
    hostAliases=every(
        lambda field: ip(field.at("ip")),
        lambda field: every(DNS_SUBDOMAIN)(field.at("hostnames")),
    ),
    priorityClassName=DNS_SUBDOMAIN,
    runtimeClassName=NotEmpty(DNS_SUBDOMAIN),
    preemptionPolicy=NotEmpty(one_of("PreemptLowerPriority", "Never")),
    overhead=_overhead,
)
"""The rule for the spec of a pod."""

_NUMBER = re.compile(r"0|-?[1-9]\d*")
_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_PROFILES = ("", "runtime/default", "unconfined")


def _annotations(pod: ObjectField) -> Errors:
    """Judge the annotations that have a meaning for pods."""
    found, spec = pod.at("metadata", "annotations"), pod.at("spec")
    names = {each.at("name").text for each in _all_containers(spec)}
    for key, each in found.entries:
        name = key.removeprefix(_APP_ARMOR)
        if key == _DELETION_COST and not _is_number(each.text):
            yield each.invalid(
                "must be a whole number of 32 bits, without a `+` or zeros before it"
            )
        if name != key and name not in names:
            yield each.invalid("must be of a container of the pod", value=name)
        if name != key and each.text not in _PROFILES and not each.text.startswith("localhost/"):
            yield each.invalid("must be a profile such as `runtime/default`")
        if key == "kubernetes.io/config.mirror" and not spec.at("nodeName").text:
            yield each.invalid("needs a `nodeName`")


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and -(2**31) <= int(text) < 2**31


def _described(template: ObjectField) -> Errors:
    """Judge the labels and annotations, which the server looks for outside of the metadata."""
    for key, rule in (("labels", label_map), ("annotations", annotation_map)):
        found = template.at("metadata", key)
        yield from misnamed(rule(found), found.path, (*template.path, key))
    own = template.at("metadata", "annotations").path
    yield from misnamed(_annotations(template), own, (*template.path, "annotations"))


TEMPLATE = parts(_described, spec=Required(POD_SPEC))
"""The rule for the template of a workload's pods."""


def _alone(pod: ObjectField) -> Errors:
    """Judge what counts for a pod that is no template."""
    spec = pod.at("spec")
    if spec.at("nodeName").text and spec.at("schedulingGates").items:
        yield spec.at("nodeName").forbidden("there are `schedulingGates`")
    for each in (*spec.at("containers").items, *spec.at("initContainers").items):
        if each.at("image").text != each.at("image").text.strip():
            yield each.at("image").invalid("must not begin or end with white space")


KINDS: Mapping[str, Rule] = {
    "v1 Pod": parts(_annotations, _alone, metadata(DNS_SUBDOMAIN), spec=Required(POD_SPEC)),
    "v1 PodTemplate": parts(metadata(DNS_SUBDOMAIN), template=Required(TEMPLATE)),
}
