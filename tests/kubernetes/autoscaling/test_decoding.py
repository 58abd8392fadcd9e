"""Manifests become specs, with the API server's defaults."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.kubernetes.autoscaling.decoding import (
    SpecError,
    decode_autoscaler,
    decode_spec,
    shown_selector,
    template_of,
)
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.spec import (
    CrossVersionReference,
    Flags,
    Metric,
    MetricTarget,
    Policy,
    Tolerance,
)
from toolkit.kubernetes.defaulting.admission import admitted
from toolkit.kubernetes.manifests import parse_manifests

MANIFEST = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: app
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: ContainerResource
      containerResource:
        name: memory
        container: app
        target: {type: AverageValue, averageValue: 256Mi}
    - type: Object
      object:
        metric: {name: rps}
        describedObject: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: main}
        target: {type: Value, value: 2k}
  behavior:
    scaleDown:
      tolerance: 50m
      policies:
        - {type: Pods, value: 1, periodSeconds: 60}
"""
TARGET = {"scaleTargetRef": {"kind": "Deployment", "name": "app"}, "maxReplicas": 3}
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    spec:
      initContainers:
        - {name: migrate, resources: {requests: {cpu: "2"}}}
        - {name: proxy, restartPolicy: Always, resources: {limits: {cpu: 50m, memory: 32Mi}}}
      containers:
        - {name: app, resources: {requests: {cpu: 250m}}}
"""


def test_a_manifest_is_read() -> None:
    (manifest,) = parse_manifests(MANIFEST, source="hpa.yaml")
    spec = decode_autoscaler(manifest.body)
    assert (spec.minimum, spec.maximum) == (2, 8)
    assert spec.scales == CrossVersionReference("Deployment", "app", "apps/v1")
    memory = MetricTarget("AverageValue", 256 * 2**20 * 1000)
    ingress = CrossVersionReference("Ingress", "main", "networking.k8s.io/v1")
    assert spec.metrics == (
        Metric("ContainerResource", "memory", memory, container="app"),
        Metric("Object", "rps", MetricTarget("Value", 2_000_000), described=ingress),
    )
    assert spec.behavior is not None
    assert spec.behavior.down.policies == (Policy("Pods", 1, 60_000),)
    assert spec.behavior.down.window is None
    assert spec.behavior.up.policies == (
        Policy("Pods", 4, 15_000),
        Policy("Percent", 100, 15_000),
    )
    assert spec.tolerance(Flags()) == Tolerance.around(0.1, 0.1)
    assert spec.tolerance(Flags(configurable_tolerance=True)) == Tolerance.around(0.05, 0.1)


def test_without_metrics_it_is_80_per_cent_of_the_cpu() -> None:
    assert decode_spec(TARGET).metrics == (
        Metric("Resource", "cpu", MetricTarget("Utilization", 80)),
    )


def test_the_first_version_knows_only_cpu() -> None:
    spec = {**TARGET, "targetCPUUtilizationPercentage": 55}
    decoded = decode_autoscaler({"apiVersion": "autoscaling/v1", "spec": spec})
    assert decoded.metrics == (Metric("Resource", "cpu", MetricTarget("Utilization", 55)),)
    assert decoded.minimum == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"apiVersion": "autoscaling/v2beta2", "spec": TARGET}, "`autoscaling/v2beta2`"),
        ({"apiVersion": "autoscaling/v2"}, "`spec` is missing"),
        ({"apiVersion": "autoscaling/v2", "spec": {"maxReplicas": 3}}, "`scaleTargetRef`"),
        (
            {"apiVersion": "autoscaling/v2", "spec": {**TARGET, "metrics": [{"resource": {}}]}},
            "`name` is missing",
        ),
    ],
)
def test_what_kubernetes_would_refuse_is_refused(body: dict[str, Any], why: str) -> None:
    with pytest.raises(SpecError, match=why):
        decode_autoscaler(body)


def test_containers_that_stay_count_for_the_requests() -> None:
    (manifest,) = admitted(parse_manifests(WORKLOAD, source="app.yaml"), lambda *_: True)
    template = template_of(manifest)
    assert template == PodTemplate(
        (ContainerRequests("app", {"cpu": 250}),),
        (ContainerRequests("proxy", {"cpu": 50, "memory": 32 * 2**20 * 1000}),),
    )
    assert template.request("cpu") == 300
    assert template.request("cpu", "app") == 250
    assert template.request("memory") == ContainerRequests("app", {"cpu": 250})


def test_selectors_are_printed_in_the_order_of_their_labels() -> None:
    shown = shown_selector(
        {
            "matchLabels": {"z": "1", "a": "2"},
            "matchExpressions": [{"key": "tier", "operator": "In", "values": ["x", "y"]}],
        }
    )
    assert shown == (
        "&LabelSelector{MatchLabels:map[string]string{a: 2,z: 1,},MatchExpressions:"
        "[]LabelSelectorRequirement{LabelSelectorRequirement{Key:tier,Operator:In,"
        "Values:[x y],},},}"
    )
