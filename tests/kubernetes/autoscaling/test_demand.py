"""When a load asks for how many replicas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.kubernetes.autoscaling.running import SETTINGS, hpa, load
from toolkit.kubernetes.autoscaling.demand import busy, demand
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.trace import Busy, Trace

QUEUE: dict[str, Any] = {
    "type": "External",
    "external": {"metric": {"name": "queue"}, "target": {"averageValue": "10"}},
}
CPU: dict[str, Any] = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
}


@pytest.mark.parametrize(("used", "wanted"), [(150, 1), (300, 2), (302, 2), (303, 3), (0, 0)])
def test_per_cent_are_whole(used: int, wanted: int) -> None:
    # Of a request of 250m: 302 are 120.8 %, which counts as twice the target of 60 %.
    assert demand(hpa(), load((0, used)), SETTINGS, 15_000) == [wanted, wanted]


def test_the_metric_that_asks_for_most_counts() -> None:
    both = {**load((0, 300)), "queue": Trace.of([(0, 35_000)])}
    assert demand(hpa(metrics=[CPU, QUEUE]), both, SETTINGS, 15_000) == [4, 4]


def test_it_is_enough_from_when_it_was_measured_in_full() -> None:
    trace = load((0, 50), (70, 600), (200, 50))
    # From 60 to 75 the mean is 233, which asks for two; the next one asks for four.
    assert busy(hpa(), trace, SETTINGS, 2, 300_000) == Busy(60_000, 210_000)
    assert busy(hpa(), trace, SETTINGS, 4, 300_000) == Busy(75_000, 210_000)
    assert busy(hpa(), trace, SETTINGS, 5, 300_000) is None


def test_a_load_that_lasts_has_no_end() -> None:
    assert busy(hpa(), load((0, 50), (60, 600)), SETTINGS, 2, 300_000) == Busy(60_000, None)


def test_the_minimum_needs_no_load() -> None:
    spec, trace = hpa(minReplicas=3), load((0, 50), (60, 600), (120, 50))
    assert busy(spec, trace, SETTINGS, 3, 300_000) == Busy(0, 120_000)


def test_what_each_pod_has_tells_no_number() -> None:
    alone = {"cpu": Trace.of([(0, 50), (60, 300), (120, 50)], shared=False)}
    assert demand(hpa(), alone, SETTINGS, 300_000) is None
    assert busy(hpa(), alone, SETTINGS, 9, 300_000) == Busy(60_000, 120_000)


def test_without_a_request_nothing_is_told() -> None:
    lacking = replace(SETTINGS, template=PodTemplate((ContainerRequests("app", {}),)))
    assert demand(hpa(), load((0, 50)), lacking, 300_000) is None
