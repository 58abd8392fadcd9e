"""What is known of the metrics of other programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import toolkit.prometheus.exporters as exporters
from toolkit.prometheus.exporters import described, program_of

FILES = sorted(Path(exporters.__file__).parent.glob("*.json"))
TYPES = {"counter", "custom", "gauge", "histogram", "info", "stateset", "summary", "untyped"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_entry_has_a_type_labels_and_versions(path: Path) -> None:
    found = json.loads(path.read_text("utf-8"))
    assert found["source"].startswith("https://")
    assert list(found["metrics"]) == sorted(found["metrics"])
    for name, entry in found["metrics"].items():
        assert re.fullmatch("[a-z][A-Za-z0-9_]*", name)
        assert entry.keys() <= {"type", "labels", "since", "until"}
        assert entry.get("type", "untyped") in TYPES, name
        assert all(re.fullmatch(r"(?:[A-Za-z_]\w*)?\*?", label) for label in entry["labels"])
        for version in (entry.get("since"), entry.get("until")):
            assert version is None or re.fullmatch(r"\d+\.\d+", version)


@pytest.mark.parametrize(
    ("metric", "label", "has"),
    [
        ("kube_pod_labels", "label_app", True),
        ("kube_pod_info", "label_app", False),
        ("container_memory_working_set_bytes", "pod", True),
        ("container_memory_working_set_bytes", "pods", False),
        ("node_filesystem_avail_bytes", "mountpoint", True),
        ("node_uname_info", "nodename", True),
        ("kubelet_pod_start_duration_seconds_bucket", "le", True),
        ("kubelet_pod_start_duration_seconds_count", "le", True),
        ("node_systemd_unit_state", "state", True),
    ],
)
def test_labels_are_known(metric: str, label: str, has: bool) -> None:
    found = described(metric)
    assert found is not None
    assert found.has(label) is has


@pytest.mark.parametrize(
    ("metric", "program"),
    [
        ("kube_pod_inf", "kube-state-metrics"),
        ("node_load2", "node-exporter"),
        ("machine_cpu_coers", "cadvisor"),
        ("kubelet_up", "kubernetes"),
        ("nodejs_heap_size_total_bytes", None),
        ("http_requests_total", None),
    ],
)
def test_programs_are_known_by_how_their_metrics_begin(metric: str, program: str | None) -> None:
    found = program_of(metric)
    assert (found.name if found else None) == program
