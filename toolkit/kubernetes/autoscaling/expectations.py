"""What is expected of scaling, and whether replicas over time met it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from toolkit.kubernetes.autoscaling.deadlines import Deadline, Unreachable, seconds
from toolkit.kubernetes.autoscaling.timeline import Point
from toolkit.kubernetes.autoscaling.trace import Busy

__all__ = ["Expectations", "Judged", "judge"]

Time = int | Literal["auto"]
"""Milliseconds, or derived."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """Declared of scaling under one load."""

    reaches: int
    within: Time = "auto"
    """From when load begins until that many pods serve."""
    back: Time | None = None
    """From when load ends until there are no more replicas than before; None: not asked."""
    never_flaps: bool = False
    """None goes while there is load, and none comes after it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One expectation, and what was observed of it."""

    expected: str
    holds: bool | None
    """None: what was observed does not tell."""
    observed: str
    how: str = ""
    """How a deadline was derived."""
    warning: str = ""
    """Why it cannot hold whatever happens."""


def judge(
    expected: Expectations,
    points: Sequence[Point],
    busy: Busy,
    until: int,
    reach: Deadline | Unreachable,
    back: Deadline | Unreachable,
) -> tuple[Judged, ...]:
    """Hold replicas, observed ``until`` a time, to what is expected of them under a load.

    ``reach`` and ``back`` are what `toolkit.kubernetes.autoscaling.deadlines` derives: the time
    where it is left to be derived, and what a time that is set is measured against.
    """
    judged = [_judge_reach(expected, points, busy, until, reach)]
    if expected.back is not None:
        judged.append(_judge_back(expected.back, points, busy, until, back))
    if expected.never_flaps:
        judged.append(_judge_flaps(points, busy))
    return tuple(judged)


def _judge_reach(
    expected: Expectations,
    points: Sequence[Point],
    busy: Busy,
    until: int,
    derived: Deadline | Unreachable,
) -> Judged:
    goal = expected.reaches
    limit, how, warning = _limit(expected.within, derived)
    times = [point.at for point in points if point.serving >= goal and point.at >= busy.begins]
    if _at(points, busy.begins).serving >= goal:
        times.insert(0, busy.begins)
    what = f"reaches {goal}{_within(limit)}"
    if not times:
        most = max((point.serving for point in points if point.at >= busy.begins), default=0)
        seen = f"at most {most} served in {seconds(until - busy.begins)}"
        return Judged(what, _missed(limit, until - busy.begins), seen, how, warning)
    took = times[0] - busy.begins
    return Judged(what, limit is None or took <= limit, f"after {seconds(took)}", how, warning)


def _judge_back(
    wanted: Time, points: Sequence[Point], busy: Busy, until: int, derived: Deadline | Unreachable
) -> Judged:
    base = _at(points, busy.begins).desired
    limit, how, warning = _limit(wanted, derived)
    what = f"back to {base}{_within(limit)}"
    if busy.ends is None:
        return Judged(what, None, "the load did not end", how, warning)
    above = [point.at for point in points if point.desired > base]
    after = [point.at for point in points if above and point.at > above[-1]]
    if above and not after:
        seen = f"{points[-1].desired} after {seconds(until - busy.ends)}"
        return Judged(what, _missed(limit, until - busy.ends), seen, how, warning)
    took = max(after[0] - busy.ends, 0) if after else 0
    return Judged(what, limit is None or took <= limit, f"after {seconds(took)}", how, warning)


def _judge_flaps(points: Sequence[Point], busy: Busy) -> Judged:
    ends = busy.ends
    wrong = [
        f"{before.desired} → {after.desired} at {seconds(after.at)}"
        for before, after in pairwise(points)
        if (after.desired < before.desired and busy.begins <= after.at and _loaded(after.at, ends))
        or (after.desired > before.desired and not _loaded(after.at, ends))
    ]
    return Judged("never flaps", not wrong, ", ".join(wrong) or "no move against the load")


def _loaded(at: int, ends: int | None) -> bool:
    return ends is None or at <= ends


def _limit(wanted: Time, derived: Deadline | Unreachable) -> tuple[int | None, str, str]:
    """The time to keep, how it was derived, and a warning."""
    if isinstance(derived, Unreachable):
        return None if wanted == "auto" else wanted, "", f"unreachable: {derived.why}"
    if wanted == "auto":
        return derived.total, str(derived), ""
    short = wanted < derived.total
    warning = f"{seconds(wanted)} may be unreachable: at worst it takes {derived}" if short else ""
    return wanted, "", warning


def _within(limit: int | None) -> str:
    return "" if limit is None else f" within {seconds(limit)}"


def _missed(limit: int | None, watched: int) -> bool | None:
    """Not met; or not known, if it was not watched for long enough."""
    return None if limit is not None and watched < limit else False


def _at(points: Sequence[Point], time: int) -> Point:
    before = [point for point in points if point.at <= time]
    return before[-1] if before else points[0]
