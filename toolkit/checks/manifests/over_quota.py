"""The pods of a namespace need more than its ResourceQuota allows."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.evidence.kubernetes.quotas import Quota, quotas
from toolkit.findings import Finding, Mark, Severity, Subject
from toolkit.kubernetes.workloads import KINDS, Container
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_FEW = 3


@check(
    expects=KubernetesExpectation,
    queries=lambda expected, scope: counted(
        manifests(expected, scope), "quotas", quotas, "ResourceQuota", *KINDS
    ),
)
def over_quota(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """All pods of a namespace, at the most replicas of autoscalers, fit its ResourceQuota.

    Judged are the entries on pods, requests and limits of quotas without scopes, or with those
    that the pods' specs decide. Pods that a rolling update adds are warned of.

    ## Why it matters
    The API server refuses pods beyond the quota, and pods without a request or limit that it
    sums up. The workload is accepted; its controller retries, and only its events tell.

    ## How to fix it
    Raise the quota, lower requests, replicas or `maxReplicas`, or set what is demanded; a
    LimitRange sets defaults for a whole namespace.

    ## Reference
    https://kubernetes.io/docs/concepts/policy/resource-quotas/
    """
    for quota in quotas(observed):
        for container in quota.lacking:
            yield _lacking(quota, container)
        if quota.used + quota.update > quota.most:
            yield _over(quota)


def _over(quota: Quota) -> Finding:
    over = quota.used > quota.most
    needed = quota.used if over else quota.used + quota.update
    largest = sorted(quota.shares, key=lambda share: -share.pods * share.each)[:_FEW]
    listed = ", ".join(
        f"{share.workload} {share.pods} × {quota.shown(share.each)}" for share in largest
    )
    during = "" if over else " during a rolling update"
    return Finding(
        what=f"{quota.manifest} allows {quota.shown(quota.most)} of `{quota.key}`, and the pods "
        f"need {quota.shown(needed)}{during}",
        where=quota.manifest.locate("spec", "hard", quota.key),
        why=f"pods beyond it are refused; the largest are {listed}",
        fix=f"raise it to {quota.shown(needed)}, or lower "
        + ("`maxReplicas`, `replicas` or requests." if over else "`maxSurge`."),
        severity=Severity.ERROR if over else Severity.WARNING,
        breaks=(Subject("room"),),
    )


def _lacking(quota: Quota, container: Container) -> Finding:
    key = quota.key if "." in quota.key else f"requests.{quota.key}"
    return Finding(
        what=f"`{container.name}` of {container.workload} has no `{key}`, which {quota.manifest} "
        "demands",
        where=container.locate("resources"),
        why="the API server refuses pods without it",
        fix=f"set `resources.{key}` on `{container.name}`.",
        marks=(Mark("quota", quota.manifest.locate("spec", "hard", quota.key)),),
    )
