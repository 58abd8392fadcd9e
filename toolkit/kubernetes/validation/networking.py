"""Ingresses and policies of the network: ``pkg/apis/networking/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.addresses import is_within, network, parse_ip
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import (
    DNS_1035_LABEL,
    DNS_SUBDOMAIN,
    PATH_SEGMENT,
    PORT_NAME,
    WILDCARD_SUBDOMAIN,
    label_selector,
)
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    absolute_path,
    always,
    both,
    every,
    judged,
    one_of,
    parts,
    port,
    port_number,
)
from toolkit.kubernetes.validation.services import PROTOCOL

_CLASS = "kubernetes.io/ingress.class"
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_NOT_WITHIN = ("//", "/./", "/../", "%2f", "%2F")
_NOT_AT_END = ("/..", "/.")


def _host(field: ObjectField) -> Errors:
    return WILDCARD_SUBDOMAIN(field) if "*" in field.text else DNS_SUBDOMAIN(field)


def _no_address(field: ObjectField) -> Errors:
    if parse_ip(field.text) is not None:
        yield field.invalid("must be a DNS name, not an IP address")


def _port_of(backend: ObjectField) -> Errors:
    found = backend.at("service", "port")
    name, number = found.at("name"), found.at("number")
    if name.text and number.number:
        yield backend.invalid("must have a port by its name or by its number, not by both")
    elif name.text:
        yield from PORT_NAME(name)
    elif number.number:
        yield from port_number(number)
    else:
        yield backend.required("a backend has a `service` with a `port` by `name` or `number`")


_RESOURCE = both(
    parts(apiGroup=NotEmpty(DNS_SUBDOMAIN)),
    always(kind=Required(PATH_SEGMENT), name=Required(PATH_SEGMENT)),
)


def _backend(field: ObjectField) -> Errors:
    service, resource = field.at("service"), field.at("resource")
    if service.set and resource.set:
        yield field.invalid("must have a `service` or a `resource`, not both")
    elif resource.set:
        yield from _RESOURCE(resource)
    elif service.set:
        yield from judged(Required(DNS_1035_LABEL), service.at("name"))
        yield from _port_of(field)
    else:
        yield field.invalid("must have a `service` or a `resource`")


def _path(field: ObjectField) -> Errors:
    kind, path = field.at("pathType"), field.at("path")
    if kind.value is None:
        yield kind.required(f"it is one of {', '.join(f'`{each}`' for each in _PATH_TYPES)}")
        return
    if kind.text not in _PATH_TYPES:
        yield kind.unsupported(_PATH_TYPES)
    elif path.text or kind.text != "ImplementationSpecific":
        yield from absolute_path(path)
        if kind.text != "ImplementationSpecific":
            yield from _segments(path)
    yield from judged(_backend, field.at("backend"))


def _segments(path: ObjectField) -> Errors:
    for each in _NOT_WITHIN:
        if each in path.text:
            yield path.invalid(f"must not contain `{each}`")
    for each in _NOT_AT_END:
        if path.text.endswith(each):
            yield path.invalid(f"must not end with `{each}`")


def _leads_somewhere(spec: ObjectField) -> Errors:
    if not spec.at("rules").items and not spec.at("defaultBackend").set:
        yield spec.invalid("must have `rules` or a `defaultBackend`")


def _one_class(field: ObjectField) -> Errors:
    annotated = field.at("metadata", "annotations", _CLASS)
    stated = field.at("spec", "ingressClassName")
    if annotated.set and stated.set and annotated.text != stated.text:
        yield annotated.invalid("must be `ingressClassName`, if there are both")


_INGRESS = parts(
    _leads_somewhere,
    defaultBackend=_backend,
    rules=every(
        parts(
            host=both(_no_address, _host),
            http=always(paths=Required(every(_path))),
        )
    ),
    tls=every(parts(hosts=every(_host), secretName=DNS_SUBDOMAIN)),
    ingressClassName=NotEmpty(DNS_SUBDOMAIN),
)


def _policy_port(field: ObjectField) -> Errors:
    first, last = field.at("port"), field.at("endPort")
    if first.set:
        yield from port(first)
    if not last.set:
        return
    if not first.set or isinstance(first.value, str):
        yield last.invalid("needs a `port` that is a number")
        return
    if last.number < first.number:
        yield last.invalid("must be at least `port`")
    yield from port_number(last)


def _block(field: ObjectField) -> Errors:
    cidr = field.at("cidr")
    wrong = list(Required(network)(cidr))
    yield from wrong
    for each in field.at("except").items if not wrong else ():
        malformed = list(network(each))
        yield from malformed
        if not malformed and not is_within(each.text, cidr.text):
            yield each.invalid("must be a part of `cidr`")


def _peer(field: ObjectField) -> Errors:
    there = [key for key in ("podSelector", "namespaceSelector", "ipBlock") if field.at(key).set]
    if not there:
        yield field.required("it has a `podSelector`, a `namespaceSelector` or an `ipBlock`")
    elif len(there) > 1 and "ipBlock" in there:
        yield field.forbidden("an `ipBlock` stands alone")


_PEERS = every(
    parts(_peer, podSelector=label_selector, namespaceSelector=label_selector, ipBlock=_block)
)
_PORTS = every(parts(_policy_port, protocol=NotEmpty(PROTOCOL)))


def _two_types(field: ObjectField) -> Errors:
    if len(field.items) > 2:
        yield field.invalid("must have at most two")


_POLICY = parts(
    podSelector=label_selector,
    ingress=every(parts(ports=_PORTS, **{"from": _PEERS})),
    egress=every(parts(ports=_PORTS, to=_PEERS)),
    policyTypes=both(_two_types, every(one_of("Ingress", "Egress"))),
)
_METADATA = metadata(DNS_SUBDOMAIN)
KINDS: Mapping[str, Rule] = {
    "networking.k8s.io/v1 Ingress": both(_METADATA, always(spec=_INGRESS), _one_class),
    "networking.k8s.io/v1 NetworkPolicy": both(_METADATA, always(spec=_POLICY)),
}
