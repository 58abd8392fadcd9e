"""More memory or CPU is requested than the node has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.budgets import Budget, budget
from toolkit.evidence.manifests import Manifests
from toolkit.findings import Finding, Severity
from toolkit.kubernetes.workloads import containers
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation, NodeExpectation
from toolkit.model.queries import Query

__all__ = ["node_budget"]


def _asks(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[Manifests]]:
    return of_manifests(expected, scope) if expected.node else {}


@check(expects=KubernetesExpectation, asks=_asks)
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
    yield from _over(found, node, observed)
    for workload in observed.workloads():
        for container in containers(workload):
            if container.stays and container.request("memory") is None:
                yield Finding(
                    what=f"{container.name} of {workload} requests no memory",
                    where=container.locate("name"),
                    why=f"{node.declared} declares a node, and this container is in no sum",
                    fix="set `resources.requests.memory`.",
                    severity=Severity.WARNING,
                )


def _over(found: Budget, node: NodeExpectation, observed: Manifests) -> Iterator[Finding]:
    if found.memory is not None and found.memory_asked > found.memory:
        yield _finding(
            f"{found.memory_asked:.0f} MiB are requested of a node with {found.memory:.0f} MiB",
            node,
            found,
            observed,
        )
    if found.cpu is not None and found.cpu_asked > found.cpu:
        yield _finding(
            f"{found.cpu_asked} m CPU are requested of a node with {found.cpu} m",
            node,
            found,
            observed,
        )


def _finding(what: str, node: NodeExpectation, found: Budget, observed: Manifests) -> Finding:
    largest = sorted(found.lines, key=lambda line: -line.memory)[:3]
    shown = ", ".join(f"{line.workload} × {line.pods}: {line.memory:.0f} MiB" for line in largest)
    scaler = next(observed.of("HorizontalPodAutoscaler"), None)
    where = scaler.locate("spec", "maxReplicas") if scaler else node.declared
    return Finding(
        what=what,
        where=where,
        why=f"{node.declared} declares the node; the largest are {shown}",
        fix="lower `maxReplicas` or requests; `toolkit budget` prints the whole table.",
    )
