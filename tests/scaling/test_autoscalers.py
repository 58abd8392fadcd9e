"""What is read of an autoscaler, and how long it needs to come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toolkit.errors import InputError
from toolkit.evidence.autoscaling.autoscalers import Scalable, scalable, seconds_back
from toolkit.evidence.autoscaling.hpa_simulation import flap_window
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Location
from toolkit.kubernetes.autoscaling.spec import MetricTarget
from toolkit.kubernetes.manifests import parse_manifests
from toolkit.model.expectations.scaling import ScalingExpectation

SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")


def read(text: str = SHOP, **promised: Any) -> Scalable:
    expected = ScalingExpectation(declared=Location("toolkit.yml"), **promised)
    return scalable(expected, Manifests(parse_manifests(text, source="shop.yaml")))


def test_usage_cannot_pass_limit_by_request() -> None:
    assert read().most == 1000
    assert read(SHOP.replace('cpu: "1"', "cpu: 150m")).most == 150


def test_what_is_measured_is_cut_at_the_limit() -> None:
    usage = read(SHOP.replace('cpu: "1"', "cpu: 150m")).metrics(0, 900, 1).usage
    assert usage == {"shop": {"cpu": 150, "memory": 1000}}


def test_a_sidecar_counts_and_uses_nothing() -> None:
    sidecar = "        - {name: proxy, resources: {requests: {cpu: 100m}}}\n---"
    found = read(SHOP.replace("---", sidecar, 1))
    assert found.most == 500
    assert found.metrics(0, 70, 1).usage["proxy"] == {"cpu": 0, "memory": 0}


def test_the_contract_may_lower_the_minimum() -> None:
    text = SHOP.replace("minReplicas: 1", "minReplicas: 2")
    assert read(text).hpa.spec.minimum == 2
    assert read(text, minimum=1).hpa.spec.minimum == 1


def test_two_autoscalers_need_a_name() -> None:
    other = SHOP.partition("---")[2].replace("metadata: {name: shop}", "metadata: {name: other}")
    with pytest.raises(InputError, match="2 HorizontalPodAutoscaler"):
        read(f"{SHOP}---\n{other}")
    assert read(f"{SHOP}---\n{other}", autoscaler="other").hpa.spec.maximum == 4
    with pytest.raises(InputError, match="with the name `shopp`"):
        read(autoscaler="shopp")


def test_a_target_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="cannot be scaled"):
        read(SHOP.replace("kind: Deployment, name: shop", "kind: Deployment, name: shopp"))


@pytest.mark.parametrize(
    ("down", "seconds"),
    [
        ("scaleDown: {stabilizationWindowSeconds: 60}", 60 + 30 + 15),
        ("scaleDown: {stabilizationWindowSeconds: 0}", 30 + 15),
        ("scaleDown: {selectPolicy: Disabled}", float("inf")),
    ],
)
def test_how_long_the_way_back_takes(down: str, seconds: float) -> None:
    text = SHOP.replace("scaleDown: {stabilizationWindowSeconds: 60}", down)
    assert seconds_back(read(text), 4) == seconds


def test_the_limit_of_one_metric_does_not_hold_back_another() -> None:
    capped = read(SHOP.replace('cpu: "1"', "cpu: 150m"))
    assert "(1 → 3 → 4)" in str(capped.reach(4, 10))
    queue = (
        "    - type: External\n      external:\n        metric: {name: queue}\n"
        "        target: {type: AverageValue, averageValue: 10}\n  behavior:"
    )
    both = read(SHOP.replace('cpu: "1"', "cpu: 150m").replace("  behavior:", queue))
    assert "(1 → 4)" in str(both.reach(4, 10))


@pytest.mark.parametrize(("seconds", "window"), [(0, 300_000), (60, 300_000), (900, 900_000)])
def test_replicas_may_turn_once_in_five_minutes_or_in_the_window(
    seconds: int, window: int
) -> None:
    text = SHOP.replace("stabilizationWindowSeconds: 60", f"stabilizationWindowSeconds: {seconds}")
    assert flap_window(read(text).hpa.spec) == window


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("kind: DaemonSet, name: shop", "which cannot be scaled"),
        (
            "apiVersion: extensions/v1beta1, kind: Deployment, name: shop",
            "of `extensions/v1beta1`",
        ),
    ],
)
def test_what_cannot_be_scaled_is_refused(reference: str, why: str) -> None:
    whole = "apiVersion: apps/v1, kind: Deployment, name: shop"
    with pytest.raises(InputError, match=why):
        read(SHOP.replace(whole, reference))


def test_the_tolerance_of_an_autoscaler_counts_from_1_35_on() -> None:
    text = SHOP.replace("scaleDown: {", "scaleDown: {tolerance: 0, ")
    expected = ScalingExpectation(declared=Location("toolkit.yml"))
    found = Manifests(parse_manifests(text, source="shop.yaml"))
    lowest = {
        versions: read.hpa.spec.tolerance(read.hpa.flags).lowest
        for versions in (("1.34",), ("1.34", "1.35"), ("1.35",))
        if (read := scalable(expected, found, versions))
    }
    assert lowest == {("1.34",): 0.9, ("1.34", "1.35"): 0.9, ("1.35",): 1.0}


SCALED = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: shop}
spec:
  scaleTargetRef: {name: shop}
  minReplicaCount: 2
  advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleDown: {selectPolicy: Disabled}}}}
  triggers:
  - {type: cpu, metricType: Utilization, metadata: {value: "60", containerName: shop}}
  - {type: memory, metricType: AverageValue, metadata: {value: 64Mi}}
  - {type: kafka, metadata: {topic: orders, lagThreshold: "10", activationLagThreshold: "3"}}
"""


def test_keda_makes_an_autoscaler_of_a_scaled_object() -> None:
    spec = read(f"{SHOP.partition('---')[0]}---\n{SCALED}").hpa.spec
    assert (spec.minimum, spec.maximum) == (2, 100)
    assert spec.behavior is not None
    assert spec.behavior.down.select == "Disabled"
    assert [(e.source, e.name, e.container, e.target) for e in spec.metrics] == [
        ("ContainerResource", "cpu", "shop", MetricTarget("Utilization", 60)),
        ("Resource", "memory", "", MetricTarget("AverageValue", 64 * 2**20 * 1000)),
        ("External", "s2-kafka", "", MetricTarget("AverageValue", 10_000)),
    ]


REPORTS = Path(__file__).parent.parent / "checks" / "autoscaling" / "reports"
REFUSED = ("d01", "d02", "d03", "d04", "d05", "d06", "d08", "d10", "d12", "d13", "d15", "d16")


@pytest.mark.parametrize("report", [*REFUSED, "d17", "d21", "d22"])
def test_what_the_api_server_refuses_is_not_simulated(report: str) -> None:
    (file,) = REPORTS.glob(f"{report}-*.yaml")
    with pytest.raises(InputError, match="cannot be scaled"):
        read(file.read_text("utf-8"))


def test_a_minimum_of_zero_needs_a_metric_that_is_there_without_pods() -> None:
    (file,) = REPORTS.glob("d01-*.yaml")
    text = file.read_text("utf-8")
    source = "{metric: {name: queue}, target: {type: Value, value: 3}}"
    external = (
        text[: text.rindex("    - type")] + f"    - {{type: External, external: {source}}}\n"
    )
    assert read(external).hpa.spec.minimum == 0
