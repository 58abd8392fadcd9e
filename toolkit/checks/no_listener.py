"""A program connects to an address at which nothing listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from toolkit.checks import check
from toolkit.deployment.addresses import PeerAddress
from toolkit.deployment.listeners import Listener
from toolkit.deployment.reaching import Forbidden, Nobody, NotForwarded, NotKnown, OtherPort
from toolkit.evidence.connections import Connection, Connections, connections
from toolkit.evidence.kubernetes.pod_connections import pod_connections
from toolkit.findings import Finding, Location, Mark, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Query

_FEW = 5
"""Ports that are listed."""


def _of_logs(found: Connections) -> Iterator[Connection]:
    return found.of("Logstash", "Filebeat", "Metricbeat")


def _of_kibana(found: Connections) -> Iterator[Connection]:
    return found.of("Kibana")


def _of_prometheus(found: Connections) -> Iterator[Connection]:
    return found.of("Prometheus")


def _of_grafana(found: Connections) -> Iterator[Connection]:
    return found.of("Grafana")


def _once(
    expected: LogExpectation,
    scope: Scope,
    subjects: Callable[[Connections], Iterator[Connection]],
) -> Query[Connections] | None:
    """The connections of the whole deployment, asked for with the first of the logs."""
    return connections(scope, subjects) if expected is scope.contract.logs[0] else None


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: _once(expected, scope, _of_logs),
)
def logs(expected: LogExpectation, observed: Connections) -> Iterator[Finding | Unproven]:
    """Where Filebeat and Logstash send events to, a program of the deployment listens.

    The address is followed over the Service or the compose service to the container, and there
    to the port of the input block, of `http.port`, or of the image.

    ## Why it matters
    A shipper without a listener fails silently for the rest of the system: it tries again and
    again, its queue fills, and what it cannot keep is lost.

    ## How to fix it
    Make host and port those of the receiving end, in the configuration or in the variable that
    it comes from: inside a network the port of the container counts, not the published one.

    ## Reference
    https://www.elastic.co/guide/en/beats/filebeat/current/logstash-output.html
    """
    return _judged(_of_logs(observed))


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: _once(expected, scope, _of_kibana),
)
def kibana(expected: LogExpectation, observed: Connections) -> Iterator[Finding | Unproven]:
    """Where Kibana looks for Elasticsearch, Elasticsearch listens.

    ## Why it matters
    Kibana starts without Elasticsearch and answers every request with "Kibana server is not
    ready yet", which does not name the address.

    ## How to fix it
    Make `elasticsearch.hosts`, or `ELASTICSEARCH_HOSTS`, the name of the service and the port at
    which Elasticsearch listens inside the network.

    ## Reference
    https://www.elastic.co/guide/en/kibana/current/settings.html
    """
    return _judged(_of_kibana(observed))


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: connections(scope, _of_prometheus),
)
def metrics(expected: MetricsExpectation, observed: Connections) -> Iterator[Finding | Unproven]:
    """Where Prometheus scrapes, sends alerts and writes to, a program of the deployment listens.

    ## Why it matters
    A target that is down is a red line on a page that nobody opens: its metrics are missing, and
    alerts on them stay quiet. Alerts that reach no Alertmanager are dropped.

    ## How to fix it
    Make the target the name of the service and the port at which it listens inside the network.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config
    """
    return _judged(_of_prometheus(observed))


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: connections(scope, _of_grafana),
)
def dashboards(
    expected: MetricsExpectation, observed: Connections
) -> Iterator[Finding | Unproven]:
    """Where Grafana's data sources are, a program of the deployment listens.

    ## Why it matters
    Every panel of a data source without a listener shows an error instead of its graph.

    ## How to fix it
    Make `url` the name of the service and the port at which it listens inside the network.

    ## Reference
    https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
    """
    return _judged(_of_grafana(observed))


@check(expects=KubernetesExpectation, queries=pod_connections)
def manifests(
    expected: KubernetesExpectation, observed: Sequence[Connection]
) -> Iterator[Finding | Unproven]:
    """Where the variables of a pod lead, such as `CART_ADDR: cart:7070`, a container listens.

    A value is an address if it has the form of one and its host is the name of a Service here,
    or nearly so. It is followed over the port of the Service to that of the container, if
    containers behind it declare any. Programs whose own settings are read have their own checks.

    ## Why it matters
    A Service drops what comes for a port that it does not have. The program that connects
    waits, and shows the fault first, though it is healthy itself.

    ## How to fix it
    Make host and port those of the Service.

    ## Reference
    https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service
    """
    return _judged(observed)


def _judged(found: Iterable[Connection]) -> Iterator[Finding | Unproven]:
    connections = list(found)
    broken = (each for each in map(_broken, connections) if each)
    yield from {(each.what, each.where): each for each in broken}.values()
    doubtful = [each for each in connections if isinstance(each.outcome, NotKnown)]
    for why in dict.fromkeys(each.outcome.why for each in doubtful):  # type: ignore[union-attr]
        yield from _unproven(
            why, [each.address for each in doubtful if each.outcome == NotKnown(why)]
        )


def _broken(connection: Connection) -> Finding | None:
    address = connection.address
    base = Finding(
        what=f"{address.program} connects to `{address}`, where nothing listens",
        where=address.where,
        why="",
        fix="",
    )
    match connection.outcome:
        case Nobody(meant):
            why = f"no host here has the name `{address.host}`; there is `{meant.host}`"
            fix = f"did you mean `{meant.host}:{address.port}`?"
            return replace(base, why=why, fix=fix, marks=(Mark("there", meant.origin),))
        case NotForwarded(entrance):
            ports = ", ".join(map(str, entrance.ports or ()))
            return replace(
                base,
                why=f"the Service `{entrance.host}` has port {ports}",
                fix=f"write {ports} as the port, or add a port to the Service.",
                marks=(Mark("Service", next(iter(entrance.places.values()), entrance.origin)),),
            )
        case Forbidden(policy, listener):
            return replace(
                base,
                what=f"{policy} does not admit {address.program} to `{address}`",
                where=policy.locate("spec", "podSelector"),
                why="pods that a policy selects take only what a rule admits; "
                f"the port of the pod is {listener.port}",
                fix="admit the pods and the port in a rule of the policy.",
                marks=(Mark("address", address.where),),
            )
        case OtherPort() as other:
            return _other_port(base, connection, other)
    return None


def _unproven(why: str, addresses: Sequence[PeerAddress]) -> Iterator[Unproven]:
    names = list(dict.fromkeys(f"`{each}`" for each in addresses))
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    for address in addresses:
        yield Unproven.of(
            what=f"it is not known that a program listens at {', '.join(names[:_FEW])}{more}",
            where=address.where,
            why=why,
            fix="correct the address, or accept this under `suppress:`.",
        )


def _other_port(base: Finding, connection: Connection, other: OtherPort) -> Finding:
    """Return a finding at the port that differs from the others on the way."""
    address, site = connection.address, other.site
    stated = [each for each in other.listeners if each.stated] or list(other.listeners[:1])
    ports = ", ".join(str(each.port) for each in stated[:_FEW])
    finding = replace(
        base,
        why=f"the address leads to port {other.port} of {site.name}, which listens at {ports}",
        fix=f"write `{address.host}:{ports}`, the port inside the network."
        if len(stated) == 1 and other.entrance.ports is None
        else f"make the port {ports} at both ends, or {other.port}.",
        marks=tuple(Mark("listens", each.origin) for each in stated[:1]),
    )
    declared = next((each for each in site.ports if each.number == other.port), None)
    passed_on = other.entrance.targets.get(address.port)
    back = (Mark("address", address.where),)
    if declared is None:
        if passed_on and address.port in (each.port for each in stated):
            return replace(finding, where=passed_on, marks=back)
        return finding
    if declared.origin and address.port in (each.port for each in stated):
        return replace(finding, where=declared.origin, marks=back)
    if stated and stated[0].stated:
        return replace(finding, where=_nearest(stated, other.port), marks=back)
    return finding


def _nearest(stated: Iterable[Listener], port: int) -> Location:
    return min(stated, key=lambda each: abs(each.port - port)).origin
