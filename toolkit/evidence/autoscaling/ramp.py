"""The ramp of a load test: the next number of users, and the end of the load; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import NamedTuple

from toolkit.evidence.autoscaling.scaling import Ended, Moment
from toolkit.model.expectations.scaling import ScalingExpectation

HOLD = 4
"""Number of syncs for which the expected replicas must serve."""
_PATIENCE = 6
"""Maximum number of syncs with all users, without a metric, or without a request."""
_STEPS = 10


class RampStep(NamedTuple):
    """The next step of the ramp."""

    users: int
    ended: Ended | None = None


def step(expected: ScalingExpectation, moments: Sequence[Moment], lag: int = 1) -> RampStep:
    """Add a tenth of the maximum users once the effect of the last ones is visible.

    The load therefore ends up in the middle of a step of the autoscaler, not beyond it.

    Args:
        expected: The expectations of the contract.
        moments: The syncs so far.
        lag: Number of syncs until the autoscaler sees the full effect of new users.
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
    # With fewer requests than `samples` the result would be UNPROVEN.
    spent = stuck >= _PATIENCE and requests >= expected.samples
    return "users" if spent and last.ready < expected.reaches else None


def _latest(moments: Sequence[Moment], holds: Callable[[Moment], bool]) -> int:
    """Return the number of latest moments for which something holds."""
    return sum(1 for _ in takewhile(holds, reversed(moments)))
