"""Metrics: their exporters, and the rules, alerts and panels that read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.findings import Finding, Location, Reader, Subject
from toolkit.model.contract import Contract
from toolkit.model.lineage import METRICS, LineageBuilder, LineageNode
from toolkit.prometheus.origins import exporter
from toolkit.prometheus.passage import Passage
from toolkit.prometheus.selectors import VectorSelector

if TYPE_CHECKING:
    from toolkit.evidence.metrics.dashboards import Dashboards
    from toolkit.evidence.metrics.expositions import Expositions
    from toolkit.evidence.metrics.references import MetricReference
    from toolkit.evidence.metrics.rules import Rules

_SUFFIXES = ("_bucket", "_sum", "_count")
_ALERTS = ("ALERTS", "ALERTS_FOR_STATE")


def add_metrics(
    builder: LineageBuilder,
    contract: Contract,
    exporters: Sequence[LineageNode],
    rules: Rules | None,
    dashboards: Dashboards | None,
    exposition: Expositions | None,
) -> Metrics:
    """Add metrics, rules and panels.

    Args:
        builder: The lineage to extend.
        contract: The contract.
        exporters: The nodes through which the metrics of the service are scraped.
        rules: The rules; None if they are not readable.
        dashboards: The Grafana dashboards; None if they are not readable.
        exposition: A saved scrape; None without one.

    Returns:
        The metrics, for the readers that are added later.
    """
    metrics = Metrics(builder, contract, exporters)
    for series in contract.metrics.series if contract.metrics else ():
        metrics.exported(series.name, series.declared, series.type or "")
    for family in exposition.after.families if exposition else ():
        metrics.exported(family.name, Location(exposition.source if exposition else ""), "")
    if rules is not None:
        _add_rules(metrics, rules)
    if dashboards is not None:
        _add_dashboards(metrics, dashboards)
    return metrics


@dataclass(slots=True)
class Metrics:
    """The metrics of a contract, by the names under which they are read."""

    builder: LineageBuilder
    contract: Contract
    exporters: Sequence[LineageNode]
    made: dict[str, list[LineageNode]] = field(default_factory=dict)
    """Recorded metrics, by name."""
    alerts: list[LineageNode] = field(default_factory=list)

    def exported(self, name: str, where: Location, kind: str) -> LineageNode:
        """Return the node of a metric of the service, or of a saved scrape.

        Args:
            name: The name of the metric.
            where: The place that declares it.
            kind: Its type, such as ``counter``.
        """
        node = self._metric(name, where, kind)
        for station in self.exporters:
            self.builder.edge(station, node)
        return node

    def _metric(self, name: str, where: Location, kind: str = "") -> LineageNode:
        subjects = (Subject("metric", name),)
        return self.builder.node("metric", name, where, detail=kind, subjects=subjects)

    def read(self, selector: VectorSelector, where: Location) -> list[LineageNode]:
        """Return the nodes that a selector reads: a metric, recorded metrics, or alerts."""
        name = selector.metric
        if name in self.made:
            return self.made[name]
        if name in _ALERTS:
            wanted = [each for each in selector.matchers if each.label == "alertname"]
            return [each for each in self.alerts if all(m.accepts(each.name) for m in wanted)]
        known = {node.name for node in self.builder.of("metric")}
        family = family_of(name, known)
        if family not in known:
            return [self._elsewhere(name, where) or self._metric(family, where)]
        return [self._metric(family, where)]

    def called(self, name: str, where: Location) -> list[LineageNode]:
        """Return the metrics behind the name that a metrics adapter gives them.

        By the documented rules of Prometheus Adapter, ``x_per_second`` is the rate
        of ``x_total``.
        """
        known = {node.name for node in self.builder.of("metric")}
        rated = f"{name.removesuffix('_per_second')}_total"
        meant = rated if name not in known and rated in known else name
        return self.read(VectorSelector(meant, ()), where)

    def _elsewhere(self, name: str, where: Location) -> LineageNode | None:
        """Return the node of a metric of another exporter, if the contract names it."""
        expected = self.contract.metrics
        source = exporter(name, expected.external if expected else ())
        if source is None:
            return None
        node = self._metric(name, where)
        declared = expected.declared if expected else where
        self.builder.edge(self.builder.node("exporter", source, declared), node)
        return node


def family_of(name: str, known: set[str]) -> str:
    """Return the metric that a series belongs to, as contracts name it.

    >>> family_of("x_seconds_bucket", set()), family_of("x_count", set())
    ('x_seconds', 'x_count')
    >>> family_of("x_count", {"x"}), family_of("x_total", {"x"})
    ('x', 'x')
    """
    if name in known:
        return name
    for suffix in (*_SUFFIXES, "_total"):
        bare = name.removesuffix(suffix)
        if bare != name and (bare in known or suffix == "_bucket"):
            return bare
    return name


def _add_rules(metrics: Metrics, rules: Rules) -> None:
    builder, readers = metrics.builder, dict[tuple[Reader, Passage], LineageNode]()
    for rule in rules.rules:
        reader = rule.reader
        node = builder.node(
            reader.kind,
            reader.name,
            rule.passage.where,
            within=f"{rule.passage.where}",
            subjects=(Subject("reader", f"{reader}"),),
        )
        readers[reader, rule.passage] = node
        if rule.alerting:
            metrics.alerts.append(node)
        else:
            metrics.made.setdefault(rule.name, []).append(node)
    for reference in rules.references:
        _add_reference(metrics, reference, readers[reference.reader, reference.passage])
    for fault in rules.faults:
        builder.gap(METRICS, fault)


def _add_reference(metrics: Metrics, reference: MetricReference, reader: LineageNode) -> None:
    where = reference.locate()
    if not reference.selector.metric:
        metrics.builder.gap(METRICS, _nameless(reference))
        return
    for source in metrics.read(reference.selector, where):
        metrics.builder.edge(source, reader, where)


def _add_dashboards(metrics: Metrics, dashboards: Dashboards) -> None:
    builder = metrics.builder
    for reference in dashboards.references:
        reader = reference.reader
        title = reader.dashboard or dashboards.titles[0]
        panel = builder.node(
            reader.kind,
            reader.name,
            reference.passage.where,
            detail=f"on {title}",
            within=f"Grafana {title}",
            subjects=(Subject("reader", f"{reader}"),),
        )
        _add_reference(metrics, reference, panel)
        place = Location(reference.passage.source)
        builder.edge(
            panel, builder.node("dashboard", title, place, within="Grafana", detail="Grafana")
        )
    for finding in (*dashboards.faults, *dashboards.unknown):
        builder.gap(METRICS, finding)


def _nameless(reference: MetricReference) -> Finding:
    return Finding(
        what=f"{reference.reader} reads metrics by a pattern of their names",
        where=reference.passage.where,
        why="the metrics that it matches are not known",
        fix="write the names of the metrics it reads.",
    )
