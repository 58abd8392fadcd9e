"""Metrics of other exporters, and the labels that Prometheus adds to a scrape."""

from __future__ import annotations

import re
from collections.abc import Iterable

from toolkit.prometheus.selectors import Matcher

PROMETHEUS = "Prometheus"
"""The origin of ``up``, ``scrape_duration_seconds`` and ``ALERTS``."""

TARGET_LABELS = frozenset(
    {
        "job",
        "instance",
        "namespace",
        "pod",
        "service",
        "endpoint",
        "container",
        "node",
        "cluster",
        "environment",
        "prometheus",
        "prometheus_replica",
    }
)
"""Labels of the target, not of the service (the Prometheus Operator's set)."""

_OWN = frozenset({"up", "ALERTS", "ALERTS_FOR_STATE"})
_OWN_PREFIX = "scrape_"

SETS = {
    "kube-prometheus-stack": (
        "kube_",
        "kubelet_",
        "container_",
        "machine_",
        "node_",
        "apiserver_",
        "coredns_",
        "etcd_",
        "prometheus_",
        "alertmanager_",
        "grafana_",
        "workqueue_",
        "rest_client_",
        "storage_",
        "scheduler_",
        "namespace_",
        "cluster:",
        "node:",
        "instance:",
        "code:",
    ),
    "node-exporter": ("node_",),
    "kube-state-metrics": ("kube_",),
    "cadvisor": ("container_", "machine_"),
}
"""The prefixes of the metrics in known sets."""


_OPERATED = re.compile(
    r"apiserver|coredns|kube-(?:dns|proxy|scheduler|etcd|controller-manager|state-metrics)"
    r"|kubelet|node-exporter|.*-(?:grafana|prometheus|alertmanager|operator)"
)


def operated_job(matcher: Matcher) -> bool:
    """Return True if a matcher of ``job`` fits one that kube-prometheus-stack scrapes itself."""
    return bool(_OPERATED.fullmatch(matcher.value)) or matcher.operator != "="


def exporter(metric: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names``, known sets of metrics or prefixes of them, that has a metric.

    None for a metric of the service itself; `PROMETHEUS` for one of Prometheus.

    >>> exporter("node_load1", ["app_", "node-exporter"]), exporter("up", [])
    ('node-exporter', 'Prometheus')
    >>> exporter("upstream_requests_total", ["node-exporter"])
    """
    if metric in _OWN or metric.startswith(_OWN_PREFIX):
        return PROMETHEUS
    return next((name for name in names if metric.startswith(SETS.get(name, (name,)))), None)
