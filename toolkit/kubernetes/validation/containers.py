"""The containers of a pod.

Fields of features that are off by default, which the server drops, are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import (
    CONFIG_KEY,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    ENV_NAME,
    HEADER_NAME,
    PORT_NAME,
)
from toolkit.kubernetes.validation.resources import claims, container_resources
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    distinct,
    every,
    exclusive,
    judged,
    misnamed,
    no_backsteps,
    not_negative,
    one_of,
    parts,
    port,
    port_number,
    positive,
    relative_path,
)
from toolkit.kubernetes.validation.security import container_security, host_users
from toolkit.kubernetes.validation.volumes import container_field, pod_field

_FIELDS = (
    *(f"metadata.{each}" for each in ("name", "namespace", "uid")),
    *(f"spec.{each}" for each in ("nodeName", "serviceAccountName")),
    *(f"status.{each}" for each in ("hostIP", "hostIPs", "podIP", "podIPs")),
)
"""The fields of its pod that a variable can hold."""
PROTOCOLS = ("SCTP", "TCP", "UDP")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_PORT = parts(
    name=PORT_NAME,
    containerPort=Required(port_number),
    hostPort=lambda field: port_number(field) if field.number else iter(()),
    protocol=Required(one_of(*PROTOCOLS)),
)


def _ports(field: ObjectField) -> Errors:
    yield from every(_PORT)(field)
    yield from distinct(each.at("name") for each in field.items)


_key = parts(name=Required(DNS_SUBDOMAIN), key=Required(CONFIG_KEY))
_SOURCES: Mapping[str, Rule] = {
    "fieldRef": pod_field(_FIELDS),
    "resourceFieldRef": container_field,
    "configMapKeyRef": _key,
    "secretKeyRef": _key,
}


def _one_source(field: ObjectField) -> Errors:
    source, there = field.at("valueFrom"), 0
    if source.set:
        there = sum(source.at(key).set for key in _SOURCES)
    if not source.set:
        return
    if not there:
        yield source.invalid(f"must have one of {', '.join(f'`{each}`' for each in _SOURCES)}")
    elif field.at("value").value not in (None, ""):
        yield source.invalid("must not be there with a `value`", fix="remove one of the two.")
    elif there > 1:
        yield source.invalid("must have one source only")


_ENV = every(parts(_one_source, name=Required(ENV_NAME), valueFrom=parts(**_SOURCES)))
_named = parts(name=Required(DNS_SUBDOMAIN))
_FROM = parts(prefix=ENV_NAME, configMapRef=_named, secretRef=_named)


def _env_from(field: ObjectField) -> Errors:
    for each in field.items:
        yield from _FROM(each)
        there = sum(each.at(key).set for key in ("configMapRef", "secretRef"))
        if there != 1:
            error = each.invalid("must have either `configMapRef` or `secretRef`")
            yield from misnamed(iter([error]), each.path, field.path)


def _header(field: ObjectField) -> Errors:
    for each in field.items:
        name = each.at("name")
        yield from misnamed(HEADER_NAME(name), name.path, field.path)


def _always(field: ObjectField) -> Errors:
    """Judge a port that counts as 0 if it is missing."""
    yield from port(field._replace(value=field.value or 0))


_HANDLERS: Mapping[str, Rule] = {
    "exec": parts(command=Required()),
    "httpGet": parts(
        lambda field: _always(field.at("port")),
        path=Required(),
        scheme=one_of("HTTP", "HTTPS"),
        httpHeaders=_header,
    ),
    "tcpSocket": lambda field: _always(field.at("port")),
    "grpc": lambda field: _always(field.at("port")),
}


def _handler(*keys: str) -> Rule:
    """Return the rule for what has one of these handlers."""
    rules = {key: rule for key, rule in _HANDLERS.items() if key in keys}

    def one(field: ObjectField) -> Errors:
        yield from exclusive(field, keys, "handler")

    return parts(one, **rules)


_SECONDS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds")
_THRESHOLDS = ("successThreshold", "failureThreshold")
_PROBE = parts(
    _handler("exec", "httpGet", "tcpSocket", "grpc"),
    terminationGracePeriodSeconds=positive,
    **dict.fromkeys((*_SECONDS, *_THRESHOLDS), not_negative),
)


def _one_success(field: ObjectField) -> Errors:
    if field.at("successThreshold").number != 1:
        yield field.at("successThreshold").invalid("must be 1")


def _no_grace(field: ObjectField) -> Errors:
    grace = field.at("terminationGracePeriodSeconds")
    if grace.set:
        yield grace.invalid("must not be set for a readiness probe")


_HOOK = _handler("exec", "httpGet", "tcpSocket", "sleep")


def _lifecycle(spec: ObjectField) -> Rule:
    def sleep(field: ObjectField) -> Errors:
        grace = spec.at("terminationGracePeriodSeconds")
        if grace.set and not 0 <= field.at("seconds").number <= grace.number:
            yield field.invalid(f"must be from 0 to {grace.number} s, the pod's grace period")

    hook = parts(_HOOK, sleep=sleep)
    return parts(postStart=hook, preStop=hook)


def _running(spec: ObjectField) -> Rule:
    """Return the rule for what containers have that keep running."""
    once = parts(_PROBE, _one_success)
    return parts(
        lifecycle=_lifecycle(spec),
        livenessProbe=once,
        readinessProbe=parts(_PROBE, _no_grace),
        startupProbe=once,
    )


_RUNNING = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def _named_volumes(spec: ObjectField) -> dict[str, ObjectField]:
    return {each.at("name").text: each for each in spec.at("volumes").items}


def _mounts(spec: ObjectField) -> Rule:
    """Return the rule for the mounts and devices of a container."""

    def mounts(field: ObjectField) -> Errors:
        there = _named_volumes(spec)
        devices = field.at("volumeDevices").items
        paths = {each.at("devicePath").text for each in devices}
        names = {each.at("name").text for each in devices}
        seen = set[str]()
        for each in field.at("volumeMounts").items:
            name, path = each.at("name"), each.at("mountPath")
            yield from _existing(name, there)
            if not path.text:
                yield path.required()
            if path.text in seen:
                yield path.invalid("must not be mounted twice")
            seen.add(path.text)
            if name.text in names or path.text in paths:
                yield (name if name.text in names else path).invalid(
                    "must not be in `volumeDevices` too"
                )
            yield from misnamed(_mount(each, field), each.path, each.path[:-1])
            if each.at("subPath").text and each.at("subPathExpr").text:
                yield each.at("subPathExpr").invalid("must not be there with `subPath`")

    return mounts


def _existing(name: ObjectField, there: Mapping[str, ObjectField]) -> Errors:
    if not name.text:
        yield name.required()
    elif name.text not in there:
        yield name.not_found("volume of the pod", there)


_SUB_PATHS = parts(
    subPath=relative_path,
    subPathExpr=relative_path,
    mountPropagation=NotEmpty(one_of("Bidirectional", "HostToContainer", "None")),
    recursiveReadOnly=NotEmpty(one_of("Disabled", "Enabled", "IfPossible")),
)


def _mount(field: ObjectField, container: ObjectField) -> Errors:
    """Yield the errors that the server reports without the number of the mount."""
    yield from _SUB_PATHS(field)
    spread, deep = field.at("mountPropagation"), field.at("recursiveReadOnly")
    privileged = container.at("securityContext", "privileged").flag
    if spread.value == "Bidirectional" and not privileged:
        yield spread.forbidden("only privileged containers spread mounts in both directions")
    if deep.value in ("Enabled", "IfPossible"):
        if not field.at("readOnly").flag:
            yield deep.forbidden("it needs `readOnly: true`")
        if spread.value not in (None, "None"):
            yield deep.forbidden("`mountPropagation` is not `None`")


def _devices(spec: ObjectField) -> Rule:
    def devices(field: ObjectField) -> Errors:
        there = _named_volumes(spec)
        yield from distinct(each.at("name") for each in field.items)
        for each in field.items:
            name, path = each.at("name"), each.at("devicePath")
            yield from _existing(name, there)
            source = there.get(name.text)
            claim = ("persistentVolumeClaim", "ephemeral")
            if source and not any(source.at(key).set for key in claim):
                yield name.invalid("must be a volume of a claim")
            yield from no_backsteps(path) if path.text else iter([path.required()])

    return devices


def _resize(spec: ObjectField) -> Rule:
    def resize(field: ObjectField) -> Errors:
        never = spec.at("restartPolicy").text == "Never"
        yield from distinct(each.at("resourceName") for each in field.items)
        for each in field.items:
            policy = each.at("restartPolicy")
            yield from misnamed(_RESIZE(each), each.path[:0], field.path)
            if never and policy.text != "NotRequired":
                error = policy.invalid("must be `NotRequired` with `restartPolicy: Never`")
                yield from misnamed(iter([error]), policy.path, field.path)

    return resize


_RESIZE = parts(
    resourceName=Required(one_of("cpu", "memory")),
    restartPolicy=Required(one_of("NotRequired", "RestartContainer")),
)


def container(spec: ObjectField) -> Rule:
    """Return the rule for what containers of all types have in common.

    Args:
        spec: The spec of their pod.
    """
    own_users = not host_users(spec)

    def claimed(field: ObjectField) -> Errors:
        there = {each.at("name").text for each in spec.at("resourceClaims").items}
        yield from claims(field.at("resources", "claims"), there)

    return parts(
        _mounts(spec),
        claimed,
        name=Required(DNS_LABEL),
        image=Required(),
        terminationMessagePolicy=one_of("FallbackToLogsOnError", "File"),
        ports=_ports,
        env=_ENV,
        envFrom=_env_from,
        volumeDevices=_devices(spec),
        imagePullPolicy=one_of(*PULL_POLICIES),
        resources=container_resources,
        resizePolicy=_resize(spec),
        securityContext=lambda field: container_security(field, host_users=not own_users),
    )


def _host_ports(containers: list[ObjectField]) -> Errors:
    seen = set[tuple[str, str, int]]()
    for each in containers:
        for found in each.at("ports").items:
            number = found.at("hostPort")
            key = (found.at("protocol").text, found.at("hostIP").text, number.number)
            if number.number and key in seen:
                yield number.duplicate()
            seen.add(key)


def regular(spec: ObjectField) -> Rule:
    """Return the rule for the list of a pod's containers."""
    one = parts(container(spec), _running(spec))

    def rule(field: ObjectField) -> Errors:
        yield from every(one)(field)
        yield from distinct(each.at("name") for each in field.items)
        yield from judged(lambda f: _host_ports(f.items), field)

    return rule


def _before(field: ObjectField) -> Errors:
    for key in _RUNNING:
        if field.at(key).set:
            yield field.at(key).forbidden("init containers have it with `restartPolicy: Always`")


def init(spec: ObjectField) -> Rule:
    """Return the rule for the list of a pod's init containers, sidecars among them."""
    common, running = container(spec), _running(spec)

    def rule(field: ObjectField) -> Errors:
        for each in field.items:
            yield from common(each)
            yield from (
                running(each) if each.at("restartPolicy").value == "Always" else _before(each)
            )
            yield from _host_ports([each])
        names = {each.at("name").text for each in spec.at("containers").items}
        yield from distinct(
            each.at("name") for each in field.items if each.at("name").text not in names
        )
        for each in field.items:
            if each.at("name").text in names:
                yield each.at("name").duplicate()

    return rule
