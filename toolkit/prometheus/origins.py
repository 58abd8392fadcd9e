"""Who else exports metrics, and which labels Prometheus adds when it scrapes."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["TARGET_LABELS", "prefixes"]

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
"""Labels that come from the target, not from the service (the Prometheus Operator's set)."""

_OWN = ("up", "scrape_", "ALERTS", "ALERTS_FOR_STATE")

_SETS = {
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


def prefixes(names: Iterable[str]) -> tuple[str, ...]:
    """The prefixes of metrics that come from elsewhere: known sets by name, others as given."""
    return (*_OWN, *(prefix for name in names for prefix in _SETS.get(name, (name,))))
