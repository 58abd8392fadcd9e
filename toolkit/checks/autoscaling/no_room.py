"""An autoscaler may ask for more replicas than the node bears."""

from __future__ import annotations

import math
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_node
from toolkit.evidence.kubernetes.budgets import Budget, WorkloadBudget, budget
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.kubernetes import KubernetesExpectation, NodeExpectation


@check(expects=KubernetesExpectation, queries=of_node)
def no_room(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """The declared node has room for all replicas that an autoscaler may ask for.

    ## Why it matters
    Replicas beyond the node stay Pending. The autoscaler has asked for them and takes them for
    idle, so it asks for no more: under load it looks as if it had scaled, and it has not.

    ## How to fix it
    Lower `maxReplicas` or the requests, or declare a larger node. `toolkit budget` prints what
    takes its place; `manifests/node-budget` finds out when the sum is too much.

    ## Reference
    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    """
    if expected.node is None:
        return
    found = budget(observed, expected.node)
    for line in found.lines:
        scaler = observed.scaler(line.workload)
        room = _room(found, line)
        if scaler is not None and room < line.pods:
            yield _finding(scaler, line, room, expected.node)


def _room(found: Budget, line: WorkloadBudget) -> int:
    """For how many pods of a workload there is place beside all others."""
    rooms = [line.pods]
    if found.memory is not None and line.memory:
        over = found.memory_asked - found.memory
        rooms.append(line.pods - math.ceil(over / line.memory))
    if found.cpu is not None and line.cpu:
        rooms.append(line.pods - math.ceil((found.cpu_asked - found.cpu) / line.cpu))
    return max(0, min(rooms))


def _finding(scaler: Scaler, line: WorkloadBudget, room: int, node: NodeExpectation) -> Finding:
    return Finding(
        what=f"{scaler.hpa} may ask for {line.pods} replicas, and the node has room for {room}",
        where=scaler.hpa.locate("spec", "maxReplicas"),
        why=f"each requests {line.memory:.0f} MiB and {line.cpu}m of CPU, beside all else that "
        "is deployed",
        fix=f"lower `maxReplicas` to {room}." if room else "lower requests, or take more nodes.",
        marks=(Mark("node", node.declared),),
        follows=(Subject("room"),),
    )
