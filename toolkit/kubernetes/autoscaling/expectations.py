"""Expectations of scaling, judged by the replicas over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from toolkit.kubernetes.autoscaling.deadlines import Deadline, Unreachable, seconds
from toolkit.kubernetes.autoscaling.timeline import Point
from toolkit.kubernetes.autoscaling.trace import Busy

Time = int | Literal["auto"]
"""Milliseconds, or derived."""

FLAP_WINDOW = 300_000
"""Milliseconds: the default stabilization window."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """The expectations under one load."""

    reaches: int
    within: Time = "auto"
    """Maximum time from the start of the load until that many pods serve."""
    back: Time | None = None
    """Maximum time from the end of the load until the replicas are as before; None: not expected.
    """
    base: int | None = None
    """The replicas before; None: those at the start of sufficient load."""
    never_flaps: bool = False
    """True if the replicas may change direction only once within the window; see `flaps`."""
    window: int = FLAP_WINDOW


@dataclass(frozen=True, slots=True)
class Judged:
    """One expectation, and its result."""

    expected: str
    holds: bool | None
    """None: not known."""
    observed: str
    how: str = ""
    """The derivation of a deadline."""
    warning: str = ""
    """The reason why it can never hold."""
    about: Literal["reaches", "back", "flaps"] = "reaches"


def judge(
    expected: Expectations,
    points: Sequence[Point],
    busy: Busy,
    until: int,
    reach: Deadline | Unreachable,
    back: Deadline | Unreachable,
) -> tuple[Judged, ...]:
    """Judge the replicas over time.

    Args:
        expected: The expectations.
        points: The replicas, from each time on.
        busy: The time of sufficient load.
        until: The end of the observation, in milliseconds.
        reach: The derived deadline for scaling out; replaces ``auto``.
        back: The derived deadline for scaling in; replaces ``auto``.
    """
    judged = [_judge_reach(expected, points, busy, until, reach)]
    if expected.back is not None:
        judged.append(replace(_judge_back(expected, points, busy, until, back), about="back"))
    if expected.never_flaps:
        judged.append(replace(_judge_flaps(expected, points), about="flaps"))
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
    # At the start there are the replicas of the last point before it.
    first = _at(points, busy.begins)._replace(at=busy.begins)
    loaded = [first, *(point for point in points if point.at > busy.begins)]
    times = [point.at for point in loaded if point.serving >= goal]
    what = f"reaches {goal}{_within(limit)}"
    if not times:
        most = max(point.serving for point in loaded)
        seen = f"at most {most} served in {seconds(until - busy.begins)}"
        return Judged(what, _missed(limit, until - busy.begins), seen, how, warning)
    took = times[0] - busy.begins
    seen = f"{goal} served after {seconds(took)}"
    return Judged(what, limit is None or took <= limit, seen, how, warning)


def _judge_back(
    expected: Expectations,
    points: Sequence[Point],
    busy: Busy,
    until: int,
    derived: Deadline | Unreachable,
) -> Judged:
    base = _at(points, busy.begins).desired if expected.base is None else expected.base
    limit, how, warning = _limit(expected.back or 0, derived)
    what = f"back to {base}{_within(limit)}"
    if busy.ends is None:
        return Judged(what, None, "the load did not end", how, warning)
    above = [point.at for point in points if point.desired > base]
    after = [point.at for point in points if above and point.at > above[-1]]
    if above and not after:
        seen = f"{points[-1].desired} left after {seconds(until - busy.ends)}"
        return Judged(what, _missed(limit, until - busy.ends), seen, how, warning)
    took = max(after[0] - busy.ends, 0) if after else 0
    seen = f"{base} left after {seconds(took)}"
    return Judged(what, limit is None or took <= limit, seen, how, warning)


def _judge_flaps(expected: Expectations, points: Sequence[Point]) -> Judged:
    found = [
        f"{before.desired} → {after.desired} at {seconds(after.at)}"
        for before, after in flaps(points, expected.window)
    ]
    what = f"never changes direction twice within {seconds(expected.window)}"
    return Judged(what, not found, ", ".join(found) or "it did not")


def flaps(points: Sequence[Point], window: int) -> Iterator[tuple[Point, Point]]:
    """Yield the changes of direction less than ``window`` after the previous one.

    Load that comes and goes causes one change of direction; two within a window that is to
    prevent them mean that pods were removed, or added, in vain.
    """
    direction, turned = 0, None
    for before, after in pairwise(points):
        way = (after.desired > before.desired) - (after.desired < before.desired)
        if not way:
            continue
        if way == -direction:
            if turned is not None and after.at - turned < window:
                yield before, after
            turned = after.at
        direction = way


def _limit(wanted: Time, derived: Deadline | Unreachable) -> tuple[int | None, str, str]:
    """Return the deadline, its derivation, and a warning."""
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
    """Return False, or None if the observation was too short."""
    return None if limit is not None and watched < limit else False


def _at(points: Sequence[Point], time: int) -> Point:
    before = [point for point in points if point.at <= time]
    return before[-1] if before else points[0]
