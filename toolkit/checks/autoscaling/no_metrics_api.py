"""A cluster does not report the usage of pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_in_cluster
from toolkit.evidence.kubernetes.cluster import ApiReply, Autoscaled, Cluster
from toolkit.evidence.kubernetes.refusals import message_of, place, refusal
from toolkit.findings import Finding, Location, Subject, Unproven
from toolkit.kubernetes.api import METRICS_API
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.targets import targets
from toolkit.languages.positioned_json import read_json
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_NORMAL = 90
"""Seconds after its start for which a pod may have no metrics: two scrapes, and a sync."""


@check(expects=KubernetesExpectation, queries=of_autoscalers_in_cluster)
def no_metrics_api(
    expected: KubernetesExpectation, observed: Cluster
) -> Iterator[Finding | Unproven]:
    """The cluster reports the usage of the pods of each autoscaler.

    ## Why it matters
    A cluster has no metrics of its own. Without metrics-server, or where it does not answer,
    every autoscaler of CPU or memory shows `<unknown>`, and nothing is scaled.

    ## How to fix it
    Install metrics-server (`minikube addons enable metrics-server`), and see that the APIService
    `v1beta1.metrics.k8s.io` becomes available.

    ## Reference
    https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/
    """
    steered = [e for e in observed.autoscalers() if any(targets(e.hpa or e.declared))]
    if not steered:
        return
    broken = tuple(Subject("autoscaler", f"{each.declared}") for each in steered)
    away = _away(observed, broken)
    if away is not None:
        yield away
        return
    for each in steered:
        yield from _untold(each, observed)


def _away(observed: Cluster, broken: tuple[Subject, ...]) -> Finding | None:
    """Return the finding that the whole API is unavailable, by its registration."""
    reply = observed.reply(METRICS_API)
    if reply is not None and reply.status == 404:
        what, why = "has no metrics API", "nothing is registered as `v1beta1.metrics.k8s.io`"
        fix = "install metrics-server; in Minikube: `minikube addons enable metrics-server`."
        return Finding(f"the cluster {what}", _registration(), why, fix, breaks=broken)
    registered = _body(reply) if reply and reply.status == 200 else {}
    conditions = items(mapping(registered.get("status")).get("conditions"))
    for _, each in conditions:
        if each.get("type") == "Available" and each.get("status") != "True":
            return Finding(
                what="the metrics API of the cluster is not available",
                where=_registration(),
                why=f"{each.get('reason')}: {each.get('message')}",
                fix="see why metrics-server does not answer: `kubectl -n kube-system get pods`.",
                breaks=broken,
            )
    return None


def _body(reply: ApiReply) -> Mapping[str, Any]:
    return mapping(read_json(reply.body, reply.path))


def _untold(each: Autoscaled, observed: Cluster) -> Iterator[Finding | Unproven]:
    reply = each.metrics
    if reply is None:
        return
    if reply.status == 403:
        yield Unproven(refusal(reply.path, reply.status, reply.body))
    elif reply.status != 200:
        yield Finding(
            what=f"the metrics API has no usage of the pods of {each.target}",
            where=place(reply.path),
            why=f"HTTP {reply.status}: {message_of(reply.body)}",
            fix="see why metrics-server does not answer: `kubectl -n kube-system get pods`.",
            breaks=(Subject("autoscaler", f"{each.declared}"),),
        )
    else:
        measured = {
            mapping(i.get("metadata")).get("name") for _, i in items(_body(reply).get("items"))
        }
        unmeasured = [pod for pod in each.pods if _runs(pod) and pod.name not in measured]
        yield from (_late(pod, each, observed.now) for pod in unmeasured[:1])


def _late(pod: Manifest, each: Autoscaled, now: float) -> Finding | Unproven:
    age = now - datetime.fromisoformat(str(pod.get("status", "startTime"))).timestamp()
    finding = Finding(
        what=f"there are no metrics of {pod} yet, which has run for {age:.0f} s",
        where=pod.locate(),
        why=f"for {_NORMAL} s after the start that is normal: it is measured from time to time",
        fix="wait for a minute, and look again.",
    )
    if age < _NORMAL:
        return Unproven(finding)
    return Finding(
        what=f"there are no metrics of {pod}, which has run for {age:.0f} s",
        where=pod.locate(),
        why=f"{each.declared} counts it, and metrics-server does not know it",
        fix="look into the log of metrics-server: it may not reach the kubelet of that node.",
        breaks=(Subject("autoscaler", f"{each.declared}"),),
    )


def _runs(pod: Manifest) -> bool:
    leaving = pod.get("metadata", "deletionTimestamp") is not None
    started = pod.get("status", "startTime") is not None
    return pod.get("status", "phase") == "Running" and started and not leaving


def _registration() -> Location:
    return Location("kubernetes:APIService/v1beta1.metrics.k8s.io")
