"""Services: `ValidateServiceCreate` of ``pkg/apis/core/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.addresses import host_ip, ip, network, parse_ip
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import (
    DNS_1035_LABEL,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    label_map,
    qualified_name,
)
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    between,
    both,
    distinct,
    every,
    judged,
    one_of,
    parts,
    port,
    port_number,
)

_OF_BALANCERS = (
    "loadBalancerSourceRanges",
    "allocateLoadBalancerNodePorts",
    "loadBalancerClass",
)
PROTOCOL = one_of("SCTP", "TCP", "UDP")
_TYPE = one_of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_POLICY = one_of("Cluster", "Local")
_NODE_PORTS = between(30000, 32767)
_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def _kind(spec: ObjectField) -> str:
    return spec.at("type").text or "ClusterIP"


def _addresses(spec: ObjectField) -> ObjectField:
    """Return the cluster's addresses: one is written as ``clusterIP``, and goes into the list."""
    several, one = spec.at("clusterIPs"), spec.at("clusterIP").text
    return ObjectField([one], several.path) if one and not several.given else several


def _is_headless(spec: ObjectField) -> bool:
    return bool(_addresses(spec).value == ["None"])


def _by_type(spec: ObjectField) -> Errors:
    kind, headless = _kind(spec), _is_headless(spec)
    if kind == "ExternalName":
        yield from _external(spec)
    elif not spec.at("ports").items and not headless:
        yield spec.at("ports").required()
    if kind in ("LoadBalancer", "NodePort") and headless:
        yield _addresses(spec).items[0].invalid(f"is not possible with `type: {kind}`")
    for key in _OF_BALANCERS if kind != "LoadBalancer" else ():
        if spec.at(key).given or spec.at(key).value is False:
            yield spec.at(key).forbidden("it needs `type: LoadBalancer`")


def _external(spec: ObjectField) -> Errors:
    for field in (_addresses(spec), spec.at("ipFamilies"), spec.at("ipFamilyPolicy")):
        if field.given:
            yield field.forbidden("a Service with `type: ExternalName` has none")
    name = spec.at("externalName")
    yield from Required(DNS_SUBDOMAIN)(ObjectField(name.text.removesuffix("."), name.path))


def _ports(spec: ObjectField) -> Errors:
    ports = spec.at("ports").items
    for each in ports:
        if len(ports) > 1 and not each.at("name").given:
            yield each.at("name").required("with more than one port, each has a name")
        if not each.at("port").set:
            yield each.at("port").required()
    yield from distinct(each.at("name") for each in ports)
    for key in ("nodePort", "port"):
        yield from distinct(_pair(each, key) for each in ports if each.at(key).number)
    assigned = _kind(spec) in ("LoadBalancer", "NodePort")
    for each in ports:
        if each.at("nodePort").number and _kind(spec) == "ClusterIP":
            yield each.at("nodePort").forbidden("a Service with `type: ClusterIP` has none")
        elif each.at("nodePort").number and assigned:
            yield from _node_port(each.at("nodePort"))


def _node_port(field: ObjectField) -> Errors:
    """Judge a port of the nodes, whose range is an option of the server."""
    possible = not any(port_number(field))
    for error in _NODE_PORTS(field):
        yield error._replace(unless="--service-node-port-range" * possible)


def _target(field: ObjectField) -> Errors:
    """Judge the target, which is the port itself by default."""
    target = field.at("targetPort")
    if target.given and target.value not in (0, field.at("port").value):
        yield from port(target)


def _pair(port: ObjectField, key: str) -> ObjectField:
    """A port with its protocol, of which there must not be two."""
    value = f"{port.at(key).number}/{port.at('protocol').text or 'TCP'}"
    return ObjectField(value, port.path if key == "port" else (*port.path, key))


def _cluster_addresses(spec: ObjectField) -> Errors:
    if _kind(spec) == "ExternalName":
        return
    found, one = _addresses(spec), spec.at("clusterIP").text
    addresses = [each.text for each in found.items]
    if addresses and addresses[0] != one:
        wanted = "must begin with `clusterIP`" if one else "must be empty without `clusterIP`"
        yield found.invalid(wanted)
    if addresses[:1] == ["None"]:
        if len(addresses) > 1:
            yield found.invalid("must be nothing but `None` if there is `None`")
        return
    wrong = [error for each in found.items for error in ip(each)]
    yield from wrong
    if len(addresses) > 2:
        yield found.invalid("must have at most 2 addresses")
    if not wrong:
        yield from _families(spec, found.items)


def _families(spec: ObjectField, addresses: list[ObjectField]) -> Errors:
    versions = [_version(each.text) for each in addresses]
    if len(set(versions)) < len(versions):
        yield _addresses(spec).invalid("must have one address of each IP family at most")
    pairs = zip(addresses, versions, spec.at("ipFamilies").items, strict=False)
    for each, family, wanted in pairs:
        if wanted.text != family:
            yield each.invalid(f"must be {wanted.text}, as `ipFamilies` has it")


def _version(address: str) -> str:
    found = parse_ip(address)
    return "" if found is None else f"IPv{found.version}"


def _outside(spec: ObjectField) -> Errors:
    """Judge what only a Service has that is reached from outside of the cluster."""
    outside = _kind(spec) in ("LoadBalancer", "NodePort") or (
        _kind(spec) == "ClusterIP" and bool(spec.at("externalIPs").items)
    )
    policy, health = spec.at("externalTrafficPolicy"), spec.at("healthCheckNodePort")
    local = _kind(spec) == "LoadBalancer" and policy.text == "Local"
    if policy.text and not outside:
        yield policy.invalid("is possible only with `type: NodePort` or `LoadBalancer`")
    elif policy.text:
        yield from _POLICY(policy)
    if health.number and not local:
        wanted = "`type: LoadBalancer` and `externalTrafficPolicy: Local`"
        yield health.invalid(f"is possible only with {wanted}")
    elif health.number:
        yield from port_number(health)


def _affinity(spec: ObjectField) -> Errors:
    if spec.at("sessionAffinity").text == "ClientIP":
        timeout = spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds")
        if timeout.set:
            yield from between(1, 86400)(timeout)


_SPEC = parts(
    _by_type,
    _cluster_addresses,
    _ports,
    _affinity,
    _outside,
    type=_TYPE,
    ports=every(
        parts(
            _target,
            name=DNS_LABEL,
            port=port_number,
            protocol=PROTOCOL,
            appProtocol=NotEmpty(qualified_name),
        )
    ),
    selector=label_map,
    sessionAffinity=one_of("ClientIP", "None"),
    ipFamilies=lambda field: distinct(field.items),
    ipFamilyPolicy=NotEmpty(one_of("PreferDualStack", "RequireDualStack", "SingleStack")),
    externalIPs=every(host_ip),
    loadBalancerSourceRanges=every(network),
    loadBalancerClass=NotEmpty(qualified_name),
    internalTrafficPolicy=NotEmpty(_POLICY),
    trafficDistribution=NotEmpty(one_of("PreferClose", "PreferSameZone", "PreferSameNode")),
)
_FAMILIES = every(one_of("IPv4", "IPv6"))


def _service(field: ObjectField) -> Errors:
    spec = field.at("spec")
    yield from judged(_SPEC, spec)
    yield from judged(_FAMILIES, spec.at("ipFamilies"))
    ranges = field.at("metadata", "annotations", _RANGES)
    if ranges.text and not spec.at("loadBalancerSourceRanges").given:
        if _kind(spec) != "LoadBalancer":
            yield ranges.forbidden("it needs `type: LoadBalancer`")
        for each in ranges.text.split(","):
            yield from network(ObjectField(each.strip(), ranges.path))


KINDS: Mapping[str, Rule] = {
    "v1 Service": both(metadata(DNS_1035_LABEL), _service),
}
