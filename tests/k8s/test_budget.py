"""All of it fits the node, and the autoscaler can act."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.k8s.shipped import ROOT, manifests, one, pods
from toolkit.evidence.kubernetes.budgets import budget
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.targets import targets
from toolkit.kubernetes.workloads import containers

NODE = 6144
CORES = 4000
CORES_BESIDES = 1210
"""Thousandths: 850 for the control plane and CoreDNS, 100 metrics-server, 260 the chart."""
DECISION = (ROOT / "docs/decisions/0012-memory-of-one-node.md").read_text("utf-8")
HPA = one("HorizontalPodAutoscaler", "sre-pleno-app")
ASKED = budget(Manifests(manifests(), "sre-app"), None)


def sums() -> list[int]:
    """The sums of the decision's two tables, in MiB."""
    return [int(each) for each in re.findall(r"^\| \*\*sum\*\* \| \*\*(\d+)\*\*", DECISION, re.M)]


def besides() -> int:
    """MiB of what no manifest here requests, added up from the rows of the second table."""
    table = DECISION.partition("| there besides")[2]
    return sum(int(each) for each in re.findall(r"^\| [^|*]+ \| (\d+) \|", table, re.M))


def test_the_decision_adds_up_what_the_manifests_request() -> None:
    assert sums() == [ASKED.memory_asked, besides()]


def test_all_of_it_fits_the_node_with_one_pod_more_for_a_rollout() -> None:
    [app] = (each for each in ASKED.lines if each.workload.name == "sre-pleno-app")
    assert app.pods == 5
    assert ASKED.memory_asked + besides() + app.memory <= NODE
    assert ASKED.cpu_asked + CORES_BESIDES + app.cpu <= CORES


@pytest.mark.parametrize("workload", list(pods()), ids=str)
def test_every_container_says_what_it_needs_and_is_limited(workload: Manifest) -> None:
    for each in containers(workload):
        requested, limit = each.request("memory"), each.limit("memory")
        assert requested is not None
        assert limit is not None
        assert requested <= limit
        assert each.request("cpu")


def test_the_target_can_be_reached_and_passed() -> None:
    [target] = targets(HPA)
    [container] = containers(one("Deployment", "sre-pleno-app"))
    requested, limit = container.request("cpu"), container.limit("cpu")
    assert requested is not None
    assert limit is not None
    wanted = target.wanted(requested)
    assert wanted == Decimal("0.120")
    assert limit > 2 * wanted


def test_the_autoscaler_owns_the_number_of_pods() -> None:
    target = HPA.get("spec", "scaleTargetRef")
    deployment = one(target["kind"], target["name"])
    assert deployment.api_version == target["apiVersion"]
    assert "replicas" not in deployment.get("spec")


def test_the_documented_policies_hold_because_behavior_is_written_out() -> None:
    for direction in ("scaleUp", "scaleDown"):
        assert HPA.get("spec", "behavior", direction, "policies")


def test_the_budget_of_disruptions_lets_a_node_drain() -> None:
    disruptions = one("PodDisruptionBudget", "sre-pleno-app")
    assert disruptions.get("spec", "maxUnavailable") < HPA.get("spec", "minReplicas")
