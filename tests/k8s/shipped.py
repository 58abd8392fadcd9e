"""The manifests that ship, as they are on disk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from toolkit.kubernetes.manifests import Manifest, parse_manifests
from toolkit.kubernetes.workloads import containers, workloads

ROOT = Path(__file__).parents[2]
VALUES = ROOT / "k8s/monitoring/values.yaml"
FILES = sorted(file for file in (ROOT / "k8s").rglob("*.yaml") if file != VALUES)
"""Everything that kubectl is given; the values are helm's."""


@cache
def manifests() -> tuple[Manifest, ...]:
    """All objects of all files, in the order they are applied in."""
    return tuple(
        manifest
        for file in FILES
        for manifest in parse_manifests(
            file.read_text("utf-8"), source=str(file.relative_to(ROOT))
        )
    )


def one(kind: str, name: str) -> Manifest:
    """The one object of that kind and name."""
    [found] = (each for each in manifests() if (each.kind, each.name) == (kind, name))
    return found


def pods() -> Iterator[Manifest]:
    """Whatever runs pods; each has at least one container."""
    for workload in workloads(manifests()):
        assert list(containers(workload))
        yield workload
