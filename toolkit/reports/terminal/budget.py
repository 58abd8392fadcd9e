"""The resources that manifests request, as a table beside those of their node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from toolkit.evidence.kubernetes.budgets import Budget, WorkloadBudget
from toolkit.evidence.kubernetes.heaps import Heap
from toolkit.kubernetes.manifests import Manifest


def render(total: Budget, heaps: Iterable[Heap]) -> str:
    """Write a row for each workload, the sums, and the node they are compared with."""
    by_workload = {each.container.workload: each for each in heaps}
    return "".join(f"{line}\n" for line in _table(total, by_workload))


def _table(total: Budget, heaps: Mapping[Manifest, Heap]) -> Iterator[str]:
    yield _row("workload", "pods", "request", "limit", "cpu", "heap")
    for line in sorted(total.lines, key=lambda line: -line.all_memory):
        yield _row(*_cells(line, heaps.get(line.workload)))
    for name, size in total.reserved:
        yield _row(f"reserved: {name}", "", f"{size:.0f}Mi")
    limits = [each.pods * each.limit for each in total.lines if each.limit is not None]
    sums = (f"{total.memory_asked:.0f}Mi", f"{sum(limits):.0f}Mi", f"{total.cpu_asked}m")
    yield _row("all", str(sum(each.pods for each in total.lines)), *sums)
    if most := total.update:
        memory = _size(most.surge * most.memory)
        name, cpu = f"rolling update of {most.workload}", f"{most.surge * most.cpu}m"
        yield _row(name, f"+{most.surge}", memory, "", cpu)
    if total.memory is not None:
        cpu = "" if total.cpu is None else f"{total.cpu}m"
        yield _row("node", "", f"{total.memory:.0f}Mi", "", cpu)
        yield _rest(total)


def _cells(line: WorkloadBudget, heap: Heap | None) -> Iterator[str]:
    yield str(line.workload)
    yield f"{line.pods}+{line.surge}" if line.surge else str(line.pods)
    yield _size(line.memory) + ("+?" if line.silent else "")
    yield "none" if line.limit is None else _size(line.limit)
    yield f"{line.cpu}m"
    yield "" if heap is None else f"{heap.mebibytes:.0f}Mi, needs {heap.needed:.0f}Mi"


def _size(mebibytes: float) -> str:
    """Return a size in MiB; in bytes if it is less than one, which is rarely meant."""
    return f"{mebibytes:.0f}Mi" if mebibytes >= 1 or not mebibytes else f"{mebibytes * 2**20:.0f}"


def _row(
    name: str, pods: str, request: str = "", limit: str = "", cpu: str = "", heap: str = ""
) -> str:
    room = 37 - len(pods)
    shown = name if len(name) < room else f"{name[: room - 2]}…"
    return f"{shown:<{room}}{pods} {request:>8} {limit:>7} {cpu:>6}  {heap}".rstrip()


def _rest(total: Budget) -> str:
    if total.memory_over or total.cpu_over:
        return f"too much by {_amounts(total.memory_over, total.cpu_over)}"
    free = (total.memory or 0.0) - total.memory_asked
    cpu = "" if total.cpu is None else f" and {total.cpu - total.cpu_asked}m of CPU"
    fits = f"fits, with {free:.0f}Mi of memory{cpu} to spare"
    lacking = _amounts(*total.update_over)
    return f"{fits}; a rolling update needs {lacking} more" if lacking else fits


def _amounts(memory: float, cpu: int) -> str:
    parts = (f"{memory:.0f}Mi of memory" if memory else "", f"{cpu}m of CPU" if cpu else "")
    return " and ".join(filter(None, parts))
