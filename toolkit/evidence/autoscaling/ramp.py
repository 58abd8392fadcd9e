"""How many users come next, and when there is no use in more: pure, from what was seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import NamedTuple

from toolkit.evidence.autoscaling.scaling import Ended, Moment
from toolkit.model.expectations.scaling import ScalingExpectation

HOLD = 4
"""Syncs for which the replicas promised must be seen at work."""
_PATIENCE = 6
"""Syncs that may pass with the most users, without a metric, or without a request."""
_STEPS = 10


class RampStep(NamedTuple):
    """What to do after a sync."""

    users: int
    ended: Ended | None = None


def step(expected: ScalingExpectation, moments: Sequence[Moment], lag: int = 1) -> RampStep:
    """Add a tenth of the most users, but only once what the last ones caused has happened.

    So the load comes to lie in the middle of a step of the autoscaler, not beyond it. ``lag``
    is for how many syncs users work before the autoscaler sees all of what they cause.
    """
    more = math.ceil(expected.users / _STEPS)
    if not moments:
        return RampStep(min(more, expected.users))
    last = moments[-1]
    ended = _ended(expected, moments)
    settled = last.ready == last.desired and {m.desired for m in moments[-2:]} == {last.desired}
    seen = _latest(moments, lambda each: each.users == last.users) >= lag
    if ended or not settled or not seen or last.ready >= expected.reaches:
        return RampStep(last.users, ended)
    return RampStep(min(last.users + more, expected.users))


def _ended(expected: ScalingExpectation, moments: Sequence[Moment]) -> Ended | None:
    last = moments[-1]
    requests = sum(each.requests for each in moments)
    held = _latest(moments, lambda each: each.ready >= expected.reaches)
    if held >= HOLD and requests >= expected.samples:
        return "reached"
    if _latest(moments, lambda each: each.usage is None) >= _PATIENCE:
        return "unknown"
    if _latest(moments, lambda each: not each.requests) >= _PATIENCE:
        return "silent"
    failures = sum(each.failures for each in moments)
    if requests >= expected.samples and not expected.errors.kept_by(failures / requests):
        return "errors"
    if last.at >= expected.budget:
        return "time"
    stuck = _latest(
        moments,
        lambda each: each.users >= expected.users and each.ready == each.desired == last.desired,
    )
    # Fewer requests than prove anything would leave it open what they have shown.
    spent = stuck >= _PATIENCE and requests >= expected.samples
    return "users" if spent and last.ready < expected.reaches else None


def _latest(moments: Sequence[Moment], holds: Callable[[Moment], bool]) -> int:
    """For how many moments up to the last one something holds."""
    return sum(1 for _ in takewhile(holds, reversed(moments)))
