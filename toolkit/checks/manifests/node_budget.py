"""More memory or CPU is requested than the node has."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from toolkit.checks import check
from toolkit.checks._manifests import of_node
from toolkit.evidence.kubernetes.budgets import Budget, WorkloadBudget, budget
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Finding, Location, Severity, Subject
from toolkit.kubernetes.workloads import containers
from toolkit.model.expectations.kubernetes import KubernetesExpectation, NodeExpectation


@check(expects=KubernetesExpectation, queries=of_node)
def node_budget(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """All requests, at the most replicas that autoscalers allow, fit the node.

    ## Why it matters
    Pods that do not fit stay Pending: the autoscaler asks for replicas that never come, or
    after a restart Elasticsearch finds no room. Nothing is red but one line in the events.

    ## How to fix it
    Lower the requests or `maxReplicas`, or declare a larger node. What other charts take
    belongs under `reserved:`.

    ## Reference
    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    """
    node = expected.node
    if node is None:
        return
    found = budget(observed, node)
    if found.memory is not None and found.memory_over:
        asked = found.memory_asked
        memory = _Resource("memory", "MiB", found.memory, asked, lambda line: line.memory)
        yield _over(memory, node, found, observed)
    if found.cpu is not None and found.cpu_over:
        asked = found.cpu_asked
        cpu = _Resource("cpu", "m of CPU", found.cpu, asked, lambda line: line.cpu)
        yield _over(cpu, node, found, observed)
    if found.update is not None and any(found.update_over):
        yield _no_update(found.update, found, node)
    for line in found.lines:
        yield from _silent(line, node)


@dataclass(frozen=True, slots=True)
class _Resource:
    name: str
    unit: str
    there: float
    asked: float
    of: Callable[[WorkloadBudget], float]
    """The request of one pod of a workload."""


def _over(
    resource: _Resource, node: NodeExpectation, found: Budget, observed: Manifests
) -> Finding:
    lines = sorted(found.lines, key=lambda line: -resource.of(line) * line.pods)[:3]
    largest = ", ".join(f"{each.workload} {each.pods} × {resource.of(each):.0f}" for each in lines)
    where, fix = _cause(lines, observed, resource) or (
        node.declared,
        "lower requests, or declare a larger node; `toolkit budget` prints the whole table.",
    )
    return Finding(
        what=f"{resource.asked:.0f} {resource.unit} are requested of a node "
        f"that has {resource.there:.0f}",
        where=where,
        why=f"{node.declared} declares the node; the largest are {largest}",
        fix=fix,
        breaks=(Subject("room"),),
        follows=tuple(Subject("request", f"{resource.name} of {each.workload}") for each in lines),
    )


def _no_update(line: WorkloadBudget, found: Budget, node: NodeExpectation) -> Finding:
    memory, cpu = found.update_over
    lacking = f"{memory:.0f} MiB" if memory else f"{cpu}m of CPU"
    return Finding(
        what=f"the node lacks {lacking} for a rolling update of {line.workload}",
        where=line.workload.locate("spec", "strategy"),
        why=f"it runs {line.surge} pods beside the {line.pods}, and {node.declared} declares "
        "a node that all else fills",
        fix="set `maxSurge: 0` with `maxUnavailable: 1`, or declare a larger node.",
        severity=Severity.WARNING,
    )


def _cause(
    lines: list[WorkloadBudget], observed: Manifests, resource: _Resource
) -> tuple[Location, str] | None:
    """The autoscaler that alone goes too far, and how far it may go."""
    for line in lines:
        scaler = observed.scaler(line.workload)
        if scaler is None or not resource.of(line):
            continue
        most = line.pods - math.ceil((resource.asked - resource.there) / resource.of(line))
        least = scaler.hpa.get("spec", "minReplicas")
        if most >= (least if isinstance(least, int) else 1):
            where = scaler.hpa.locate("spec", "maxReplicas")
            return where, f"lower `maxReplicas` to {most}; `toolkit budget` prints the table."
    return None


def _silent(line: WorkloadBudget, node: NodeExpectation) -> Iterator[Finding]:
    for container in containers(line.workload):
        if container.name in line.silent:
            yield Finding(
                what=f"`{container.name}` of {line.workload} requests no memory",
                where=container.locate("name"),
                why=f"{node.declared} declares a node, and this container is in no sum",
                fix="set `resources.requests.memory`.",
                severity=Severity.WARNING,
            )
