"""The metrics of programs that many others read: their types, labels and versions, as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.prometheus.names import nearest

__all__ = ["ExportedMetric", "Exporter", "described", "is_slip", "newer", "program_of"]

_FAMILY = ("_bucket", "_sum", "_count")
_CLOSE = 0.93
"""From 0 to 1, equal: one or two letters of a long name."""
_SIMILAR = 0.85


@dataclass(frozen=True, slots=True)
class Exporter:
    """A program, and what it exports in all versions that are known."""

    name: str
    metrics: Mapping[str, Mapping[str, Any]]
    prefixes: tuple[str, ...]
    open: tuple[str, ...]
    """The beginnings of metrics whose names come from elsewhere, such as from the kernel."""
    labels: tuple[str, ...]
    """Labels that any of its metrics may have; ``*`` stands for any end."""
    versions: tuple[str, str]
    """The first and the last version that are known."""

    @property
    def old(self) -> bool:
        """True if its versions of many years are known: what is in none of them is no name."""
        return self.versions[0] != self.versions[1]

    def closed(self, metric: str) -> bool:
        """Return True if all metrics that begin like this one are known."""
        return not metric.startswith(self.open) if self.open else True

    def suggestion(self, metric: str) -> str | None:
        """Return the most similar metric; else None."""
        found = nearest(metric, self.metrics)
        return found if found and _ratio(metric, found) >= _SIMILAR else None


@dataclass(frozen=True, slots=True)
class ExportedMetric:
    """A metric of a program."""

    program: Exporter
    labels: tuple[str, ...] | None
    """None if they are not known."""
    since: str = ""
    """The first version that has it; empty if the first that is known has it."""
    until: str = ""
    """The last version that has it; empty if the last that is known has it."""

    def has(self, label: str) -> bool:
        """Return True if its series may have a label."""
        known = self.labels
        return known is None or any(_fits(label, each) for each in (*known, *self.program.labels))


def _fits(label: str, pattern: str) -> bool:
    return label == pattern or (pattern.endswith("*") and label.startswith(pattern[:-1]))


def program_of(metric: str) -> Exporter | None:
    """Return the program whose metrics begin like this one; else None."""
    return next((each for each in _programs() if metric.startswith(each.prefixes)), None)


def described(metric: str) -> ExportedMetric | None:
    """Return what is known of a metric, of a histogram by the names of its series too.

    >>> described("kube_pod_container_status_restarts_total").has("namspace")
    False
    >>> described("kube_pod_info_of_mine") is None
    True
    """
    ends = [end for end in _FAMILY if metric.endswith(end)]
    for name in (metric, *(metric.removesuffix(end) for end in ends)):
        for program in _programs():
            if found := program.metrics.get(name):
                labels = tuple(found["labels"])
                bounds = ("le",) if name != metric else ()
                return ExportedMetric(
                    program,
                    None if "*" in labels else (*labels, *bounds),
                    found.get("since", ""),
                    found.get("until", ""),
                )
    return None


def is_slip(one: str, other: str) -> bool:
    """Return True if two long names differ by a slip only.

    >>> is_slip("kube_pod_info", "kube_pod_inf"), is_slip("kube_node_info", "kube_pod_info")
    (True, False)
    """
    return _ratio(one, other) >= _CLOSE


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def newer(one: str, other: str) -> bool:
    """Return True if a version comes after another; only numbers count.

    >>> newer("2.10", "2.9"), newer("2.10", "v2.10.1")
    (True, False)
    """
    return _numbers(one) > _numbers(other)[: len(_numbers(one))]


def _numbers(version: str) -> list[int]:
    parts: Iterable[str] = version.lstrip("v").split(".")
    return [int(part) for part in parts if part.isdigit()]


@cache
def _programs() -> tuple[Exporter, ...]:
    return tuple(map(_read, sorted(Path(__file__).parent.glob("*.json"))))


def _read(path: Path) -> Exporter:
    found = json.loads(path.read_text("utf-8"))
    first, last = found["versions"]
    return Exporter(
        path.stem,
        found["metrics"],
        tuple(found["prefixes"]),
        tuple(found["open"]),
        tuple(found["labels"]),
        (first, last),
    )
