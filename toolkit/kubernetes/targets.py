"""The resource metrics of autoscalers, and their target values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.quantities import amount, is_quantity, mebibytes, milli
from toolkit.languages.positioned import Path


@dataclass(frozen=True, slots=True)
class ResourceTarget:
    """A resource of the pods, or of one container of each, and its target."""

    hpa: Manifest
    path: Path
    resource: str
    container: str | None
    utilization: Decimal | None
    """Per cent of the requests."""
    value: Decimal | None = None
    """Cores or bytes for each pod."""

    @property
    def where(self) -> Location:
        """The place that declares it."""
        return self.hpa.locate(*self.path)

    def wanted(self, requested: Decimal) -> Decimal | None:
        """Return the usage of one pod at the target, if its requests sum up to ``requested``."""
        return self.value if self.utilization is None else requested * self.utilization / 100

    def shown(self, quantity: Decimal) -> str:
        """Return a quantity of the resource as in manifests: thousandths of a core, or MiB."""
        cpu = self.resource == "cpu"
        return f"{milli(quantity)}m" if cpu else f"{mebibytes(quantity):.0f}Mi"

    def __str__(self) -> str:
        if self.utilization is not None:
            return f"{self.resource} at {self.utilization:f} %"
        return f"{self.resource} at {self.shown(self.value or Decimal())}"


def targets(hpa: Manifest) -> Iterator[ResourceTarget]:
    """Yield the resource targets of an autoscaler (``autoscaling/v1`` or ``v2``).

    Metrics of pods, of objects and external ones have none.
    """
    if hpa.api_version == "autoscaling/v1":
        path: Path = ("spec", "targetCPUUtilizationPercentage")
        yield ResourceTarget(hpa, path, "cpu", None, _number(hpa.get(*path)))
        return
    for index, metric in items(hpa.get("spec", "metrics")):
        for key in ("resource", "containerResource"):
            source = mapping(metric.get(key))
            if source:
                stated = mapping(source.get("target"))
                value = stated.get("averageValue")
                yield ResourceTarget(
                    hpa,
                    ("spec", "metrics", index, key),
                    str(source.get("name")),
                    None if key == "resource" else str(source.get("container")),
                    _number(stated.get("averageUtilization")),
                    amount(value) if is_quantity(value) else None,
                )


def _number(stated: Any) -> Decimal | None:
    return Decimal(stated) if isinstance(stated, int) else None
