"""A PodDisruptionBudget that no pod may ever leave."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Severity
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import pod_labels
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_KIND = "PodDisruptionBudget"


def _budgets(found: Manifests) -> Iterator[Manifest]:
    return found.of(_KIND)


@check(
    expects=KubernetesExpectation,
    queries=lambda expected, scope: counted(
        manifests(expected, scope), "disruption budgets", _budgets, _KIND
    ),
)
def blocking_budget(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every PodDisruptionBudget lets a pod go while its workload has the least replicas.

    ## Why it matters
    A budget that asks for all pods blocks every eviction: nodes cannot be drained, and upgrades
    of the cluster hang until somebody deletes the budget. One that asks for more pods than there
    can ever be is broken for certain.

    ## How to fix it
    Set `maxUnavailable: 1`, or raise the replicas, those of the autoscaler's minimum, above
    `minAvailable`.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/configure-pdb/
    """
    for budget in _budgets(observed):
        selector = budget.get("spec", "selector")
        taken = [
            each
            for each in observed.workloads()
            if observed.surely_together(budget, each) and selects(selector, pod_labels(each))
        ]
        if len(taken) == 1:
            yield from _judged(budget, taken[0], observed)


def _judged(budget: Manifest, workload: Manifest, observed: Manifests) -> Iterator[Finding]:
    most, scaler = observed.replicas(workload), observed.scaler(workload)
    least = scaler.hpa.get("spec", "minReplicas") if scaler else most
    key = "minAvailable" if budget.has("spec", "minAvailable") else "maxUnavailable"
    stated = budget.get("spec", key)
    number = _number(stated, least) if isinstance(least, int) else None
    if number is None or not least:
        return
    blocked = number >= least if key == "minAvailable" else number == 0
    if blocked:
        impossible = key == "minAvailable" and isinstance(stated, int) and stated > most
        yield Finding(
            what=f"{budget} never lets a pod of {workload} go: `{key}: {stated}`",
            where=budget.locate("spec", key),
            why=f"{workload} has {least} replicas{' at least' if scaler else ''}, so that a node "
            "with one of its pods cannot be drained",
            fix="let it have more replicas, or write `maxUnavailable: 1`.",
            severity=Severity.ERROR if impossible else Severity.WARNING,
        )


def _number(stated: Any, replicas: int) -> int | None:
    """Return a number of pods; per cent are rounded up, as the controller does."""
    text = str(stated)
    if isinstance(stated, int) and not isinstance(stated, bool):
        return stated
    share = text.removesuffix("%")
    if not text.endswith("%") or not share.isdigit():
        return None
    return math.ceil(int(share) * replicas / 100)
