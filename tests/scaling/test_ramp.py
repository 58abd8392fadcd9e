"""How many users come next, and when the load ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.scaling.runs import run_of
from toolkit.evidence.autoscaling.ramp import RampStep, step
from toolkit.findings import Location
from toolkit.model.expectations.scaling import ScalingExpectation

EXPECTED = ScalingExpectation(declared=Location("toolkit.yml"), users=40, samples=100)


def after(*lines: str, **changed: Any) -> RampStep:
    block = "\n".join(f"load {line}" for line in lines)
    return step(replace(EXPECTED, **changed), run_of(block).moments)


def test_it_begins_with_a_tenth_of_the_users() -> None:
    assert step(EXPECTED, ()) == RampStep(4)


def test_it_adds_users_while_nothing_happens() -> None:
    assert after("users=4 usage=20 desired=1 ready=1") == RampStep(8)


def test_it_adds_none_before_the_autoscaler_sees_what_the_last_ones_cause() -> None:
    """In a cluster, metrics are some syncs old."""
    moments = run_of("\n".join(["load users=4 usage=20 desired=1 ready=1"] * 3)).moments
    assert step(EXPECTED, moments, lag=3) == RampStep(8)
    assert step(EXPECTED, moments, lag=4) == RampStep(4)


def test_it_never_has_more_than_the_most_users() -> None:
    assert after("users=38 usage=20 desired=1 ready=1") == RampStep(40)


@pytest.mark.parametrize(
    "lines",
    [
        ("users=8 usage=90 desired=2 ready=1",),
        ("users=8 usage=50 desired=1 ready=1", "users=8 usage=90 desired=2 ready=2"),
        ("users=8 usage=90 desired=3 ready=3",),
    ],
    ids=["a replica starts", "it has just scaled", "enough are ready"],
)
def test_it_waits(lines: tuple[str, ...]) -> None:
    assert after(*lines) == RampStep(8)


def test_it_holds_what_was_reached_for_a_while() -> None:
    ready = ("users=8 usage=50 desired=3 ready=3",)
    assert after(*ready * 3).ended is None
    assert after(*ready * 4).ended == "reached"


def test_it_holds_until_there_are_enough_requests() -> None:
    assert after(*("users=8 requests=20 usage=50 desired=3 ready=3",) * 4).ended is None
    assert after(*("users=8 requests=20 usage=50 desired=3 ready=3",) * 5).ended == "reached"


def test_a_replica_that_goes_away_again_does_not_count() -> None:
    lines = ["users=8 usage=50 desired=3 ready=3"] * 4 + ["users=8 usage=50 desired=2 ready=2"]
    assert after(*lines).ended is None


def test_the_most_users_may_change_nothing_only_for_so_long() -> None:
    low = ("users=40 usage=20 desired=1 ready=1",)
    assert after(*low * 5).ended is None
    assert after(*low * 6).ended == "users"


def test_it_does_not_give_up_before_enough_was_asked() -> None:
    slow = ("users=40 requests=15 usage=20 desired=1 ready=1",)
    assert after(*slow * 6).ended is None
    assert after(*slow * 7).ended == "users"


def test_it_does_not_give_up_while_replicas_start() -> None:
    assert after(*("users=40 usage=90 desired=2 ready=1",) * 9).ended is None


def test_it_ends_where_the_metric_stays_unknown() -> None:
    assert after(*("usage=null desired=1 ready=1",) * 6).ended == "unknown"


def test_it_ends_where_nobody_asks() -> None:
    assert after(*("requests=0 usage=0 desired=1 ready=1",) * 6).ended == "silent"


def test_it_ends_where_too_many_requests_fail() -> None:
    assert after("requests=100 failures=1 usage=50 desired=1 ready=1").ended == "errors"
    assert after("requests=99 failures=9 usage=50 desired=1 ready=1").ended is None


def test_it_ends_when_its_time_is_up() -> None:
    assert after("usage=50 desired=1 ready=1", budget=1.5).ended == "time"
