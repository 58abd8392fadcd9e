"""Deadlines are derived, and replicas over time are held to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kubernetes.autoscaling.running import SETTINGS, hpa, load
from tests.kubernetes.autoscaling.strategies import specs
from toolkit.kubernetes.autoscaling.deadlines import (
    Deadline,
    Unreachable,
    derive_back,
    derive_reach,
    saturation,
)
from toolkit.kubernetes.autoscaling.expectations import Expectations, Judged, flaps, judge
from toolkit.kubernetes.autoscaling.simulation import simulate
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.timeline import Point
from toolkit.kubernetes.autoscaling.trace import Busy

BUSY = Busy(60_000, 300_000)
REACH = Deadline((("metrics (2 × 15 s)", 30_000), ("start-up", 10_000)))
BACK = Deadline((("stabilization window", 300_000),))
MET = (Point(0, 1, 1), Point(75_000, 3, 1), Point(85_000, 3, 3), Point(590_000, 1, 1))


def judged(
    expected: Expectations, points: tuple[Point, ...] = MET, until: int = 900_000
) -> list[bool | None]:
    return [each.holds for each in judge(expected, points, BUSY, until, REACH, BACK)]


def test_deadlines_say_what_they_are_made_of() -> None:
    assert str(derive_reach(hpa(), SETTINGS, 3)) == (
        "55 s = 30 s metrics (2 × 15 s) + 15 s for 1 sync (1 → 4) + 10 s start-up"
    )
    assert str(derive_back(hpa(), SETTINGS, 5, 1)) == (
        "345 s = 300 s stabilization window + 30 s metrics (2 × 15 s) + 15 s for 1 sync (5 → 1)"
    )


def test_pods_that_cannot_use_more_than_their_limit_make_it_climb() -> None:
    spec, trace = hpa(), load((0, 3000), most=250)
    ratio = saturation(spec, SETTINGS, trace)
    assert ratio == pytest.approx(100 / 60)
    assert str(derive_reach(spec, SETTINGS, 5, ratio)) == (
        "165 s = 30 s metrics (2 × 15 s) + 45 s for 3 syncs (1 → 2 → 4 → 5)"
        " + 10 s start-up + 80 s of start-up and metrics again (2 × 40 s)"
    )


@pytest.mark.parametrize(
    ("behavior", "goal", "ratio", "why"),
    [
        (None, 9, None, "maxReplicas is 5"),
        (None, 3, 1.05, "it stays at 1 for ever: usage at its limit is within the tolerance"),
        ({"scaleUp": {"selectPolicy": "Disabled"}}, 3, None, "behavior.scaleUp is disabled"),
    ],
)
def test_what_is_never_reached_says_why(
    behavior: object, goal: int, ratio: float | None, why: str
) -> None:
    found = derive_reach(hpa(behavior=behavior), SETTINGS, goal, ratio)
    assert isinstance(found, Unreachable)
    assert found.why.startswith(why)


def test_what_never_comes_back_says_why() -> None:
    disabled = hpa(behavior={"scaleDown": {"selectPolicy": "Disabled"}})
    assert derive_back(disabled, SETTINGS, 4, 1) == Unreachable("behavior.scaleDown is disabled")
    assert derive_back(hpa(minReplicas=2), SETTINGS, 4, 1) == Unreachable("minReplicas is 2")


def test_expectations_that_are_met_hold() -> None:
    assert judged(Expectations(3, back="auto", never_flaps=True)) == [True, True, True]


@pytest.mark.parametrize(
    ("expected", "points", "until", "holds"),
    [
        (Expectations(4), MET, 900_000, [False]),
        (Expectations(4), MET, 80_000, [None]),
        (Expectations(3, within=20_000), MET, 900_000, [False]),
        (Expectations(3, back=60_000), MET, 900_000, [True, False]),
        (Expectations(3, back="auto"), MET[:3], 900_000, [True, False]),
        (Expectations(3, back="auto"), MET[:3], 400_000, [True, None]),
        (Expectations(1), MET, 900_000, [True]),
        (
            Expectations(3, never_flaps=True),
            (*MET[:3], Point(200_000, 2, 2), Point(215_000, 3, 3)),
            900_000,
            [True, False],
        ),
        (
            Expectations(3, never_flaps=True),
            (*MET, Point(700_000, 2, 1)),
            900_000,
            [True, False],
        ),
    ],
)
def test_expectations_are_held_to_what_was_observed(
    expected: Expectations, points: tuple[Point, ...], until: int, holds: list[bool | None]
) -> None:
    assert judged(expected, points, until) == holds


@pytest.mark.parametrize(
    ("moves", "turned"),
    [
        ([(0, 1), (60, 3), (400, 1)], []),
        ([(0, 1), (60, 3), (100, 1), (390, 3)], [390]),
        ([(0, 1), (60, 3), (100, 1), (400, 3)], []),
        ([(0, 3), (60, 1), (90, 3), (120, 4)], []),
        ([(0, 3), (60, 1), (90, 3), (120, 2)], [120]),
        ([(0, 1), (60, 3), (75, 3), (90, 1), (105, 3)], [105]),
    ],
)
def test_replicas_flap_that_turn_twice_within_the_window(
    moves: list[tuple[int, int]], turned: list[int]
) -> None:
    points = [Point(at * 1000, desired, desired) for at, desired in moves]
    assert [after.at // 1000 for _, after in flaps(points, 300_000)] == turned


def test_a_load_that_does_not_end_proves_no_way_back() -> None:
    found = judge(Expectations(3, back="auto"), MET, Busy(60_000, None), 900_000, REACH, BACK)
    assert found[1] == Judged(
        "back to 1 within 300 s",
        None,
        "the load did not end",
        how="300 s = 300 s stabilization window",
        about="back",
    )


def test_a_time_too_short_is_warned_of() -> None:
    (found,) = judge(Expectations(3, within=20_000), MET, BUSY, 900_000, REACH, BACK)
    assert found.expected == "reaches 3 within 20 s"
    assert found.observed == "3 served after 25 s"
    assert found.warning == (
        "20 s may be unreachable: at worst it takes 40 s = 30 s metrics (2 × 15 s) + 10 s start-up"
    )


def test_what_cannot_be_is_warned_of() -> None:
    never = Unreachable("maxReplicas is 5")
    (found,) = judge(Expectations(9), MET, BUSY, 900_000, never, BACK)
    assert (found.holds, found.warning) == (False, "unreachable: maxReplicas is 5")


@settings(max_examples=60, deadline=None)
@given(specs(), st.data())
def test_derived_deadlines_are_kept(spec: Spec, data: st.DataObject) -> None:
    cluster = replace(
        SETTINGS,
        replicas=spec.minimum,
        running_after=data.draw(st.sampled_from([0, 5_000, 40_000])),
        metric_resolution=data.draw(st.sampled_from([0, 15_000, 60_000])),
    )
    goal = data.draw(st.integers(spec.minimum, spec.maximum))
    most = data.draw(st.sampled_from([None, 500]))
    idle, full = 10, 250 * (goal + 5)
    trace = load((0, idle), (600, full), (4_200, idle), most=most)
    reach = derive_reach(spec, cluster, goal, saturation(spec, cluster, trace))
    timeline = simulate(spec, trace, cluster, 9_000_000)
    back = derive_back(
        spec, cluster, max(point.desired for point in timeline.points), spec.minimum
    )
    busy = trace["cpu"].busy
    assert busy is not None
    for each in judge(
        Expectations(goal, back="auto"), timeline.points, busy, 9_000_000, reach, back
    ):
        if not each.warning and not _too_slow(reach, back):
            assert each.holds, each


def _too_slow(*deadlines: Deadline | Unreachable) -> bool:
    """Whether a deadline is later than the load, or the simulation, lasts."""
    return any(isinstance(each, Deadline) and each.total > 3_600_000 for each in deadlines)
