"""How fast a run was scaled, and how fast it had to be."""

from __future__ import annotations

import pytest

from tests.scaling.runs import run_of
from tests.scaling.test_autoscalers import read
from toolkit.evidence.autoscaling.pace import cost, points, reached_after, start_up, with_deadlines
from toolkit.kubernetes.autoscaling.timeline import Point

RAMP = (
    "load users=4 usage=53 wanted=1 desired=1 ready=1 cpu=50\n"
    "load users=8 usage=90 wanted=2 desired=2 ready=1 cpu=100\n"
    "load users=8 usage=70 wanted=2 desired=2 ready=2 cpu=150\n"
    "load users=12 usage=80 wanted=3 desired=3 ready=2 cpu=200\n"
    "load users=12 usage=80 wanted=3 desired=3 ready=2 cpu=200\n"
    "load users=12 usage=60 wanted=3 desired=3 ready=3 cpu=200\n"
)


def test_the_load_is_enough_from_the_last_users_that_were_needed() -> None:
    # They came at 4.5 s; three were set at 6 s, and the third was ready 3 s later.
    assert reached_after(run_of(RAMP), 3) == pytest.approx((6 - 4.5) * 10 + 3)
    assert reached_after(run_of(RAMP), 2) == pytest.approx((3 - 1.5) * 10 + 1.5)
    assert reached_after(run_of(RAMP), 4) is None


def test_users_who_come_although_enough_are_asked_for_already_take_no_time_off() -> None:
    held = "".join(
        f"load users={users} usage=200 wanted=4 desired=1 ready=1\n" for users in (4, 8, 12, 16)
    )
    run = run_of(f"{held}load users=16 usage=200 wanted=4 desired=4 ready=4\n")
    assert reached_after(run, 3) == pytest.approx(7.5 * 10)


def test_the_longest_start_counts() -> None:
    assert start_up(run_of(RAMP)) == pytest.approx(3.0)


def test_a_request_costs_what_all_replicas_used_for_it() -> None:
    # Six syncs of 1.5 s with 50 requests each.
    assert cost(run_of(RAMP)) == pytest.approx(0.9 * 1.5 / 300)
    assert cost(run_of(RAMP.replace(" cpu=50", ""))) is None


def test_points_are_on_the_clock_of_the_cluster() -> None:
    assert list(points(run_of(RAMP)))[-1] == Point(90_000, 3, 3)


def test_times_are_derived_from_the_minimum_that_the_run_had() -> None:
    two = read(minimum=2)
    run = with_deadlines(run_of(RAMP), two, 3)
    assert run.how["within"].endswith("(2 → 4) + 30 s start-up")
    assert run.within == 30 + 15 + 30
    assert run.window == 300
