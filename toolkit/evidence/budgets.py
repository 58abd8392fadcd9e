"""What a deployment asks of a node: requests and limits, at the most replicas it may come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.evidence.manifests import Manifests
from toolkit.kubernetes.quantities import mebibytes, milli
from toolkit.kubernetes.workloads import Container, containers
from toolkit.model.expectations.kubernetes import NodeExpectation

__all__ = ["Budget", "Line", "budget"]


@dataclass(frozen=True, slots=True)
class Line:
    """One workload; memory in MiB and CPU in thousandths, for all its pods together."""

    workload: str
    pods: int
    memory: float
    memory_limit: float | None
    """None where some container has none."""
    cpu: int
    silent: tuple[str, ...] = ()
    """Containers that request no memory."""


@dataclass(frozen=True, slots=True)
class Budget:
    """All workloads, what is reserved, and the node, where one is declared."""

    lines: tuple[Line, ...]
    reserved: tuple[tuple[str, float], ...] = ()
    memory: float | None = None
    cpu: int | None = None

    @property
    def memory_asked(self) -> float:
        """MiB of all requests and all that is reserved."""
        return sum(each.memory for each in self.lines) + sum(size for _, size in self.reserved)

    @property
    def cpu_asked(self) -> int:
        """Thousandths of a core of all requests."""
        return sum(each.cpu for each in self.lines)


def budget(found: Manifests, node: NodeExpectation | None) -> Budget:
    """Add up what ``found`` asks; raises `QuantityError` for a quantity that is none."""
    lines = tuple(_lines(found))
    if node is None:
        return Budget(lines)
    reserved = tuple((name, mebibytes(size)) for name, size in node.reserved.items())
    cpu = None if node.cpu is None else milli(node.cpu)
    return Budget(lines, reserved, mebibytes(node.memory), cpu)


def _lines(found: Manifests) -> Iterator[Line]:
    for workload in found.workloads():
        pods = found.replicas(workload)
        all_of_them = list(containers(workload))
        staying = [each for each in all_of_them if each.stays]
        limits = [_memory(each.limit("memory")) for each in staying]
        known = [each for each in limits if each is not None]
        yield Line(
            workload=str(workload),
            pods=pods,
            memory=pods * sum(_memory(each.request("memory")) or 0.0 for each in staying),
            memory_limit=pods * sum(known) if len(known) == len(limits) else None,
            cpu=pods * sum(_cpu(each) for each in staying),
            silent=tuple(e.name for e in staying if e.request("memory") is None),
        )


def _memory(quantity: str | int | None) -> float | None:
    return None if quantity is None else mebibytes(quantity)


def _cpu(container: Container) -> int:
    request = container.request("cpu")
    return 0 if request is None else milli(request)
