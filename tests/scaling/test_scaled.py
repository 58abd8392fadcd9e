"""What is read out of a run."""

from __future__ import annotations

from tests.scaling.runs import run_of


def test_one_busy_moment_of_the_generator_voids_nothing() -> None:
    once = "load generator=0.2\nload generator=0.97\nload generator=0.2"
    lines = " usage=1 desired=1 ready=1"
    assert run_of(once.replace("\n", lines + "\n") + lines).saturated is None


def test_a_generator_that_stays_busy_voids_the_run() -> None:
    line = "load generator=0.97 usage=1 desired=1 ready=1"
    assert run_of(f"{line}\n{line}").saturated == 0.97


def test_it_is_back_once_no_other_replica_is_left() -> None:
    run = run_of(
        "load usage=90 desired=3 ready=3\n"
        "rest usage=0 desired=1 ready=3\n"
        "rest usage=0 desired=1 ready=1"
    )
    assert (run.peak, run.back_after) == (3, 3.0)


def test_before_the_load_has_gone_nothing_is_back() -> None:
    assert run_of("load usage=90 desired=1 ready=1").back_after is None
