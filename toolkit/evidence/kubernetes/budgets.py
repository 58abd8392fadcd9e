"""Memory and CPU requests of a deployment, at the maximum number of replicas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.quantities import amount, mebibytes, milli
from toolkit.kubernetes.requests import own, total
from toolkit.kubernetes.workloads import containers, pod_spec, surge
from toolkit.model.expectations.kubernetes import NodeExpectation


@dataclass(frozen=True, slots=True)
class WorkloadBudget:
    """The requests of one workload: memory in MiB and CPU in thousandths of a core, per pod."""

    workload: Manifest
    pods: int
    """Maximum number of pods."""
    memory: float
    limit: float | None
    """None if some container has none."""
    cpu: int
    silent: tuple[str, ...] = ()
    """Containers without a memory request."""
    surge: int = 0
    """Number of pods that a rolling update adds for a while."""

    @property
    def all_memory(self) -> float:
        """MiB of all pods."""
        return self.pods * self.memory

    @property
    def all_cpu(self) -> int:
        """Thousandths of all pods."""
        return self.pods * self.cpu


@dataclass(frozen=True, slots=True)
class Budget:
    """All workloads, the reserved memory, and the node, if one is declared."""

    lines: tuple[WorkloadBudget, ...]
    reserved: tuple[tuple[str, float], ...] = ()
    memory: float | None = None
    cpu: int | None = None

    @property
    def memory_asked(self) -> float:
        """MiB of all requests and of the reserved memory."""
        return sum(each.all_memory for each in self.lines) + sum(size for _, size in self.reserved)

    @property
    def cpu_asked(self) -> int:
        """Thousandths of a core of all requests."""
        return sum(each.all_cpu for each in self.lines)

    @property
    def update(self) -> WorkloadBudget | None:
        """The workload whose rolling update takes most memory, or CPU, in addition."""
        surging = [each for each in self.lines if each.surge]
        return max(surging, key=lambda e: (e.surge * e.memory, e.surge * e.cpu), default=None)

    @property
    def update_over(self) -> tuple[float, int]:
        """MiB and thousandths of a core that are missing for that update, if all else fits."""
        line = self.update
        if line is None or self.memory is None or self.memory_over or self.cpu_over:
            return 0.0, 0
        memory = self.memory_asked + line.surge * line.memory - self.memory
        cpu = 0 if self.cpu is None else self.cpu_asked + line.surge * line.cpu - self.cpu
        return max(0.0, memory), max(0, cpu)

    @property
    def memory_over(self) -> float:
        """MiB beyond the node; 0 if all fits."""
        return 0.0 if self.memory is None else max(0.0, self.memory_asked - self.memory)

    @property
    def cpu_over(self) -> int:
        """Thousandths of a core beyond the node; 0 if all fits."""
        return 0 if self.cpu is None else max(0, self.cpu_asked - self.cpu)


def budget(found: Manifests, node: NodeExpectation | None) -> Budget:
    """Return the requests of all workloads, with the capacity of ``node``."""
    lines = tuple(_lines(found))
    if node is None:
        return Budget(lines)
    reserved = tuple((name, mebibytes(amount(size))) for name, size in node.reserved.items())
    cpu = None if node.cpu is None else milli(amount(node.cpu))
    return Budget(lines, reserved, mebibytes(amount(node.memory)), cpu)


def _lines(found: Manifests) -> Iterator[WorkloadBudget]:
    for workload in found.workloads():
        spec = pod_spec(workload)
        requests, limits = total(spec, "requests"), total(spec, "limits")
        staying = [each for each in containers(workload) if each.stays]
        limited = "memory" in own(spec, "limits") or all(e.limit("memory") for e in staying)
        asked = "memory" in own(spec, "requests")
        pods = found.replicas(workload)
        yield WorkloadBudget(
            workload=workload,
            pods=pods,
            memory=mebibytes(requests.get("memory", Decimal())),
            limit=mebibytes(limits.get("memory", Decimal())) if limited else None,
            cpu=milli(requests.get("cpu", Decimal())),
            silent=tuple(
                each.name for each in staying if not asked and each.request("memory") is None
            ),
            surge=surge(workload, pods),
        )
