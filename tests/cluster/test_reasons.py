"""What the real controller says of an autoscaler that cannot act, the toolkit says, too.

The emulated controller in the same words; the checks, which look at the manifests only, by
naming the culprit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.cli.projects import toolkit
from tests.cluster.daemons import until
from tests.cluster.metrics import MetricsApi, Sample
from tests.cluster.plane import Cluster
from toolkit.kubernetes.autoscaling.controller import Autoscaler, State, sync
from toolkit.kubernetes.autoscaling.decoding import decode_autoscaler, template_of
from toolkit.kubernetes.autoscaling.observation import (
    Observation,
    ObservedPods,
    Pod,
    PodMetrics,
    Scale,
)
from toolkit.kubernetes.manifests import Manifest, parse_manifests

pytestmark = pytest.mark.cluster

SHOP = (Path(__file__).parents[1] / "scaling" / "shop.yaml").read_text("utf-8")
JOB = """
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    metadata: {labels: {app: shop}}
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: shop}]
"""
SIDECAR = "      containers:\n        - {name: proxy, image: proxy}\n"
RIVAL = "---\n" + SHOP.partition("---\n")[2].replace("{name: shop}\nspec", "{name: rival}\nspec")
PATIENCE = 60.0

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """A namespace in which a shop is to be scaled."""

    cluster: Cluster
    namespace: str
    folder: Path

    def apply(self, manifests: str) -> None:
        (self.folder / "shop.yaml").write_text(manifests, "utf-8")
        self.cluster.kubectl("apply", "-n", self.namespace, "-f", "-", text=manifests)

    def pods(self) -> list[Any]:
        found: list[Any] = self.cluster.api.get(f"/api/v1/namespaces/{self.namespace}/pods")[
            "items"
        ]
        return found

    def said(self, kind: str, reason: str) -> str:
        """What a condition says, once it gives this reason."""
        until(lambda: self._condition(kind).get("reason") == reason, reason, PATIENCE)
        return str(self._condition(kind)["message"])

    def _condition(self, kind: str) -> Any:
        path = f"/apis/autoscaling/v2/namespaces/{self.namespace}/horizontalpodautoscalers/shop"
        status = self.cluster.api.get(path).get("status", {})
        return next((each for each in status.get("conditions", ()) if each["type"] == kind), {})

    def emulated(self, kind: str, **seen: Any) -> str:
        """What the emulated controller says of the same pods."""
        hpa = self._written("HorizontalPodAutoscaler")[0]
        given = {"now": 0, "scale": Scale(1, 1), "pods": tuple(self._observed()), **seen}
        scaler = Autoscaler(decode_autoscaler(hpa.body))
        conditions = sync(scaler, State(), Observation(**given)).state.status.conditions
        return conditions[kind].message

    def _written(self, *kinds: str) -> list[Manifest]:
        text = (self.folder / "shop.yaml").read_text("utf-8")
        return [each for each in parse_manifests(text, source="shop.yaml") if each.kind in kinds]

    def _observed(self) -> Iterator[ObservedPods]:
        for pod in self.pods():
            name = pod["metadata"]["name"]
            [made] = (
                each
                for each in self._written("Deployment", "Job")
                if name.startswith(f"{each.name}-")
            )
            usage = {each["name"]: {"cpu": 50} for each in pod["spec"]["containers"]}
            serves = Pod(started=-3_600_000, name=name)
            yield ObservedPods(serves, template_of(made), PodMetrics(0, usage=usage))

    def culprits(self, code: int = 1) -> str:
        """What `toolkit scale --why` finds in the manifests, as one line."""
        (self.folder / "toolkit.yml").write_text(
            "version: 1\nkubernetes: {manifests: shop.yaml}\n", "utf-8"
        )
        done = toolkit("scale", "--why")
        assert done.exit_code == code, done.output
        return " ".join(done.output.split())


@pytest.fixture
def place(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    namespace = f"reasons-{next(_numbers)}"
    cluster.kubectl("create", "namespace", namespace)
    monkeypatch.chdir(tmp_path)
    yield Place(cluster, namespace, tmp_path)
    cluster.kubectl("delete", "namespace", namespace, "--wait=false")


def tell(place: Place, metrics: MetricsApi, pods: int) -> None:
    """Tell the CPU of all pods, once there are so many."""
    until(lambda: len(place.pods()) == pods, "the pods are there", PATIENCE)
    for pod in place.pods():
        usage = {each["name"]: {"cpu": 50} for each in pod["spec"]["containers"]}
        metrics.set(pod["metadata"]["name"], Sample(usage), place.namespace)


def missing(place: Place) -> str:
    """What it says of a request that is missing, once it has seen the metrics."""
    kind, reason = "ScalingActive", "FailedGetResourceMetric"
    until(lambda: "missing request" in place.said(kind, reason), "it asks for it", PATIENCE)
    return place.said(kind, reason)


def test_without_a_metrics_api(place: Place) -> None:
    place.apply(SHOP)
    said = place.said("ScalingActive", "FailedGetResourceMetric")
    error = "the server could not find the requested resource (get pods.metrics.k8s.io)"
    assert said == place.emulated("ScalingActive", resource_error=error)


def test_a_metrics_api_that_knows_nothing_yet(place: Place, metrics: MetricsApi) -> None:
    assert metrics.sources == {}
    place.apply(SHOP)
    said = place.said("ScalingActive", "FailedGetResourceMetric")
    assert said == place.emulated("ScalingActive", pods=())


def test_a_sidecar_without_a_request(place: Place, metrics: MetricsApi) -> None:
    place.apply(SHOP.replace("      containers:\n", SIDECAR))
    tell(place, metrics, 1)
    assert missing(place) == place.emulated("ScalingActive")
    assert "`proxy` of Deployment shop requests no cpu" in place.culprits()


def test_a_job_that_shares_the_labels(place: Place, metrics: MetricsApi) -> None:
    place.apply(SHOP + JOB)
    tell(place, metrics, 2)
    said = missing(place)
    assert said == place.emulated("ScalingActive")
    assert "in container migrate of Pod migrate-" in said
    assert "pods of Job migrate meet the selector of Deployment shop" in place.culprits()


def test_two_autoscalers_of_one_workload(place: Place) -> None:
    place.apply(SHOP + RIVAL)
    said = place.said("ScalingActive", "AmbiguousSelector")
    assert "rival" in said
    assert "HorizontalPodAutoscaler rival scale the same Deployment shop" in place.culprits()


def test_a_target_that_is_not_there(place: Place) -> None:
    place.apply("---\n" + SHOP.partition("---\n")[2])
    said = place.said("AbleToScale", "FailedGetScale")
    assert said == place.emulated("AbleToScale", scale='deployments.apps "shop" not found')
    # The files hold no workload at all: the target may be deployed by something else.
    assert "scales the Deployment `shop`, which no manifest here has" in place.culprits(3)


def test_more_at_least_than_at_most(place: Place) -> None:
    wrong = SHOP.replace("minReplicas: 1", "minReplicas: 9")
    (place.folder / "shop.yaml").write_text(wrong, "utf-8")
    refused = place.cluster.try_kubectl("apply", "-n", place.namespace, "-f", "-", text=wrong)
    assert "must be greater than or equal to `minReplicas`" in refused.stderr
    assert "autoscaling/min-over-max" in place.culprits()
