"""What becomes of a workload under load."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kubernetes.autoscaling.running import SETTINGS, hpa, load
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal
from toolkit.kubernetes.autoscaling.simulation import simulate
from toolkit.kubernetes.autoscaling.timeline import Point, Timeline, rows
from toolkit.kubernetes.autoscaling.trace import Trace, sampled

SCALED = """\
 time  replicas  ready  why
 0:15         1      1  cpu 20 % (target 60 %): no change
 1:15     1 → 4      1  cpu 200 % (target 60 %) wants 4
 1:30         4      4  cpu 120 % (target 60 %), with unready or unmeasured pods assumed idle: \
no change
 1:45     4 → 5      4  cpu 120 % (target 60 %) wants 8; only 5: that is maxReplicas
 2:00         5      5  cpu 96 % (target 60 %), with unready or unmeasured pods assumed idle, \
wants 7; the stabilization window makes it 8; only 5: that is maxReplicas
 2:15         5      5  cpu 96 % (target 60 %) wants 8; only 5: that is maxReplicas
 5:15         5      5  cpu 4 % (target 60 %) wants 1; the stabilization window makes it 8; only \
5: that is maxReplicas
10:15     5 → 1      5  cpu 4 % (target 60 %) wants 1
10:30         1      1  cpu 20 % (target 60 %): no change
"""


def render(timeline: Timeline, *, every: bool = False) -> str:
    table = rows(timeline, every=every)
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    return "".join(
        "  ".join(
            [*(cell.rjust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]
        )
        + "\n"
        for row in table
    )


def test_load_scales_the_workload_and_back() -> None:
    trace = load((0, 50), (60, 1200), (300, 50), most=500)
    timeline = simulate(hpa(), trace, SETTINGS, 900_000)
    assert render(timeline) == SCALED
    assert timeline.points == (
        Point(0, 1, 1),
        Point(75_000, 4, 1),
        Point(85_000, 4, 4),
        Point(105_000, 5, 4),
        Point(115_000, 5, 5),
        Point(615_000, 1, 1),
    )
    assert len(timeline.steps) == 60
    assert render(timeline, every=True).count("\n") == 61


def test_steps_tell_how_fast_it_may_grow() -> None:
    behavior = {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}}
    timeline = simulate(hpa(behavior=behavior), load((0, 3000)), SETTINGS, 45_000)
    assert "only 2: that is as fast as it may grow" in render(timeline)


def test_a_missing_request_is_why_nothing_happens() -> None:
    settings = replace(SETTINGS, template=PodTemplate((ContainerRequests("app", {}),)))
    timeline = simulate(hpa(), load((0, 3000)), settings, 60_000)
    assert [step.replicas for step in timeline.steps] == [1, 1, 1, 1]
    why = "nothing is done: missing request for cpu in container app of Pod pod"
    assert why in render(timeline)


def test_replicas_above_the_maximum_are_set_at_once() -> None:
    timeline = simulate(hpa(3), load((0, 50)), replace(SETTINGS, replicas=9), 15_000)
    assert "Current number of replicas above Spec.MaxReplicas" in render(timeline)
    assert timeline.steps[0].replicas == 3


def test_a_workload_without_replicas_is_left_alone() -> None:
    timeline = simulate(hpa(), load((0, 3000)), replace(SETTINGS, replicas=0), 30_000)
    assert "scaling is disabled: there are no replicas" in render(timeline)
    assert [step.replicas for step in timeline.steps] == [0, 0]


def test_nothing_is_known_of_a_pod_until_it_was_measured_in_full() -> None:
    slow = replace(SETTINGS, running_after=20_000, metric_resolution=30_000)
    timeline = simulate(hpa(20), load((0, 900)), slow, 120_000)
    assumed = [isinstance(each, Proposal) and each.corrected for each in _first(timeline)]
    assert assumed == [False, True, True, True, True, False, False, False]


def _first(timeline: Timeline) -> list[Proposal | MetricFault]:
    return [step.found[0] for step in timeline.steps]


def test_the_metric_of_an_object_is_the_trace_itself() -> None:
    external = {
        "type": "External",
        "external": {"metric": {"name": "queue"}, "target": {"averageValue": "10"}},
    }
    queue = {"queue": Trace.of([(0, 35_000)])}
    timeline = simulate(hpa(metrics=[external]), queue, SETTINGS, 15_000)
    assert "queue 35 (target 10) wants 4" in render(timeline)


def test_a_load_without_a_metric_of_the_spec_is_refused() -> None:
    with pytest.raises(KeyError, match="cpu"):
        simulate(hpa(), {}, SETTINGS, 15_000)


def test_a_trace_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Trace.of([])
    with pytest.raises(ValueError, match="as many times as values"):
        Trace((0, 1), (5,))


def test_samples_of_a_load_test_speak_of_the_time_before_them() -> None:
    trace = sampled([(10, 0.25), (20, 1.5)])
    assert [trace.at(second * 1000) for second in (0, 9, 10, 30)] == [250, 250, 1500, 1500]
    assert trace.mean(5_000, 15_000) == 875


def test_pods_that_do_not_serve_go_first() -> None:
    trace = load((0, 2000), (32, 10))
    behavior = {"scaleDown": {"stabilizationWindowSeconds": 0}}
    slow = replace(SETTINGS, running_after=300_000, metric_resolution=0)
    timeline = simulate(hpa(5, behavior, minReplicas=2), trace, replace(slow, replicas=2), 60_000)
    assert [(point.desired, point.serving) for point in timeline.points] == [
        (2, 2),
        (5, 2),
        (2, 2),
    ]
