"""Autoscalers: the resources and metrics they act on, and the workloads they scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.errors import InputError
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.evidence.lineage.metrics import Metrics
from toolkit.findings import Finding, Location, Subject
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.workloads import containers
from toolkit.languages.positioned import Path
from toolkit.model.lineage import METRICS, LineageBuilder, LineageNode


def add_autoscalers(builder: LineageBuilder, found: Manifests, metrics: Metrics) -> None:
    """Add autoscalers, with the requests, metrics and KEDA queries that they read.

    Args:
        builder: The lineage to extend.
        found: All manifests.
        metrics: The metrics that were added before.
    """
    for scaler in found.scalers:
        if scaler.hpa.kind == "ScaledObject":
            continue
        node = _autoscaler(builder, scaler)
        for path, kind, stated in _metrics(scaler.hpa):
            where = scaler.hpa.locate(*path)
            if kind in ("Resource", "ContainerResource"):
                read = [_resource(builder, scaler, str(stated.get("name")), path)]
            else:
                read = metrics.called(str(mapping(stated.get("metric")).get("name")), where)
            for source in read:
                builder.edge(source, node, where)
    for scaled in found.of("ScaledObject"):
        _add_triggers(builder, scaled, metrics)


def _autoscaler(builder: LineageBuilder, scaler: Scaler) -> LineageNode:
    hpa, target = scaler.hpa, scaler.target
    subjects = (Subject("autoscaler", f"{hpa}"),)
    where = hpa.locate("metadata", "name")
    node = builder.node("autoscaler", hpa.name, where, within=str(where), subjects=subjects)
    if target is not None:
        place = target.locate("metadata", "name")
        within = str(place)
        scaled = builder.node("workload", target.name, place, detail=target.kind, within=within)
        builder.edge(node, scaled)
    return node


def _metrics(hpa: Manifest) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield each metric of an autoscaler: its path, its kind, and its values."""
    for index, metric in items(hpa.get("spec", "metrics")):
        kind = str(metric.get("type"))
        key = kind[:1].lower() + kind[1:]
        yield ("spec", "metrics", index, key), kind, mapping(metric.get(key))
    # Version 1 of the API has no other metric.
    if hpa.get("spec", "targetCPUUtilizationPercentage") is not None:
        yield ("spec", "targetCPUUtilizationPercentage"), "Resource", {"name": "cpu"}


def _resource(builder: LineageBuilder, scaler: Scaler, name: str, path: Path) -> LineageNode:
    """Add a resource, and the requests of the containers that it is compared with."""
    where, target = scaler.hpa.locate(*path), scaler.template
    detail = f"of {target}" if target else ""
    subjects = (Subject("request", f"{name} of {target}"),)
    within = detail or str(where)
    node = builder.node("resource", name, where, detail=detail, within=within, subjects=subjects)
    for each in containers(target) if target else ():
        stated = mapping(mapping(each.body.get("resources")).get("requests")).get(name)
        if each.stays and target is not None and stated is not None:
            place = target.locate(*each.path, "resources", "requests", name)
            request = builder.node("request", f"{name}: {stated}", place, within=str(place))
            builder.edge(request, node)
    return node


def _add_triggers(builder: LineageBuilder, scaled: Manifest, metrics: Metrics) -> None:
    """Add the queries of KEDA, which reads Prometheus itself."""
    from toolkit.prometheus.promql import PromQLError, selectors

    node = builder.node(
        "autoscaler", scaled.name, scaled.locate("metadata", "name"), detail="KEDA"
    )
    for index, trigger in items(scaled.get("spec", "triggers")):
        query = mapping(trigger.get("metadata")).get("query")
        path = ("spec", "triggers", index, "metadata", "query")
        if trigger.get("type") == "prometheus" and query is not None:
            where = scaled.locate(*path)
            try:
                read = selectors(str(query), where)
            except PromQLError as error:
                builder.gap(METRICS, _no_promql(scaled, where, error))
                continue
            except InputError as error:
                builder.gap(METRICS, error.finding)
                continue
            for selector in read:
                for source in metrics.read(selector, where):
                    builder.edge(source, node, where)


def _no_promql(scaled: Manifest, where: Location, error: Exception) -> Finding:
    return Finding(
        what=f"the query of {scaled} is not PromQL: {error}",
        where=where,
        why="Prometheus answers with an error, and nothing is scaled",
        fix="correct the query.",
    )
