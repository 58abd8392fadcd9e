"""The reason why a workload was not scaled as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from toolkit.evidence.autoscaling.scaling import Moment, Scaled
from toolkit.model.expectations.scaling import ScalingExpectation

_TOLERANCE = 0.1
_NEAR = 0.95
"""Usage fluctuates: at this share of a maximum it counts as reached."""


class Diagnosis(NamedTuple):
    """A reason, and its fix."""

    why: str
    fix: str


def diagnose(expected: ScalingExpectation, seen: Scaled) -> Diagnosis:
    """Return the first reason for fewer ready replicas than expected that fits the run."""
    loaded = list(seen.phase("load"))
    return next(found for reason in _REASONS for found in reason(expected, seen, loaded))


_Reasons = Iterator[Diagnosis]


def _unknown(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    if loaded and loaded[-1].usage is None:
        error = loaded[-1].note.rpartition("first error is: ")[2]
        error = error.rpartition("failed to get ")[2] or "nothing"
        yield Diagnosis(
            f"the autoscaler does not have the metric; the controller reports: {error}",
            "run `toolkit scale --why`, which finds the cause without load.",
        )


def _maximum(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    if seen.maximum < expected.reaches:
        yield Diagnosis(
            f"`maxReplicas` is {seen.maximum}",
            f"raise it to {expected.reaches}, or expect less.",
        )


def _errors(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    if seen.ended == "errors":
        yield Diagnosis(
            f"{seen.failures:.1%} of {seen.requests} requests failed, which ends the ramp; "
            f"`{expected.errors}` is allowed",
            "check the log of the service, or send requests that it can answer.",
        )


def _saturated(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    top = max((each.usage or 0 for each in loaded), default=0)
    if seen.most is not None and top >= seen.most * _NEAR and _wanted(loaded) < expected.reaches:
        yield Diagnosis(
            f"usage reached the limit of the container: {top} {seen.unit} of the request, and "
            f"limit ÷ request is {seen.most} {seen.unit}, the target {seen.target} {seen.unit}",
            "raise the limit, or lower the target.",
        )


def _unready(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    desired = max((each.desired for each in loaded), default=0)
    if desired >= expected.reaches:
        yield Diagnosis(
            f"{desired} replicas were set, and at most {seen.peak} were ready",
            "give more time by `scaling.budget`, or check why they do not become ready.",
        )


def _held(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    wanted = _wanted(loaded)
    if wanted >= expected.reaches:
        last = next(each for each in reversed(loaded) if each.wanted == wanted)
        by = f"the condition {last.limited}" if last.limited else "a stabilization window"
        yield Diagnosis(
            f"the metric wanted {wanted} replicas, and {by} limited it to {last.desired}",
            "let `behavior.scaleUp` act within the budget, or raise `scaling.budget`.",
        )


def _tolerated(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    top = max((each.usage or 0 for each in loaded), default=0)
    if abs(top / seen.target - 1) <= _TOLERANCE:
        yield Diagnosis(
            f"usage came to {top} {seen.unit}, and within 10 % of the target of {seen.target} "
            f"{seen.unit} the autoscaler does nothing",
            "raise `scaling.users`, so that the load is well above the target.",
        )


def _too_little(expected: ScalingExpectation, seen: Scaled, loaded: Sequence[Moment]) -> _Reasons:
    top = max((each.usage or 0 for each in loaded), default=0)
    spent = "the most users" if seen.ended == "users" else "the time of the budget"
    users = max((each.users for each in loaded), default=0)
    yield Diagnosis(
        f"{spent} brought usage to {top} {seen.unit}, the target is {seen.target} {seen.unit}: "
        f"{users} users and {seen.requests} requests cost too little",
        "raise `scaling.users`, or let the users send requests that cost more CPU.",
    )


def _wanted(loaded: Sequence[Moment]) -> int:
    return max((each.wanted or 0 for each in loaded), default=0)


_Reason = Callable[[ScalingExpectation, Scaled, Sequence[Moment]], _Reasons]
_REASONS: tuple[_Reason, ...] = (
    _unknown,
    _maximum,
    _errors,
    _unready,
    _held,
    _saturated,
    _tolerated,
    _too_little,
)
