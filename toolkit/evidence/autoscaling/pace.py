"""Speed of an observed scaling, in seconds of the cluster, and its deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.hpa_simulation import flap_window
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.kubernetes.autoscaling.deadlines import Deadline
from toolkit.kubernetes.autoscaling.timeline import Point


def reached_after(seen: Scaled, goal: int) -> float | None:
    """Return the seconds from sufficient load until ``goal`` replicas were ready, or None.

    The load is sufficient from the last time users were added while the metric wanted fewer.
    The start-up of pods does not shrink with the clock, and is counted as measured.
    """
    loaded = list(seen.phase("load"))
    ready = next((each for each in loaded if each.ready >= goal), None)
    if ready is None:
        return None
    before = [each for each in loaded if each.at <= ready.at]
    added = [
        earlier.at
        for earlier, later in pairwise(before)
        if later.users > earlier.users and (earlier.wanted or 0) < goal
    ]
    enough = added[-1] if added else 0.0
    decided = next(each.at for each in before if each.desired >= goal)
    return max(0.0, decided - enough) * seen.speed + ready.at - max(decided, enough)


def start_up(seen: Scaled) -> float:
    """Return the longest start-up of new replicas, in seconds of the machine they ran on."""
    loaded, took = list(seen.phase("load")), 0.0
    for place, each in enumerate(loaded):
        if each.desired > (loaded[place - 1].desired if place else seen.minimum):
            later = (after.at for after in loaded[place:] if after.ready >= each.desired)
            took = max(took, next(later, each.at) - each.at)
    return took


def cost(seen: Scaled) -> float | None:
    """Return the CPU seconds for each request, of all replicas under load; None if unknown."""
    used, requests, before = 0.0, 0, 0.0
    for each in seen.phase("load"):
        if each.cpu is None:
            return None
        used += each.cpu / 1000 * (each.at - before)
        requests += each.requests
        before = each.at
    return used / requests if requests else None


def points(seen: Scaled) -> Iterator[Point]:
    """Yield the replicas of each sync, on the clock of the cluster."""
    yield Point(0, seen.minimum, seen.minimum)
    for each in seen.moments:
        yield Point(round(each.at * seen.speed * 1000), each.desired, each.ready)


def with_deadlines(seen: Scaled, scaled: Scalable, goal: int) -> Scaled:
    """Return the run with the deadlines that are derived from its autoscaler.

    Args:
        seen: The observed run.
        scaled: Its autoscaler.
        goal: Number of replicas.
    """
    acting = scaled.acting
    reach = acting.reach(goal, start_up(seen) * seen.speed)
    derived = {"within": reach}
    if seen.peak > seen.minimum:
        derived["back"] = acting.back(seen.peak, seen.minimum)
    return replace(
        seen,
        within=reach.total / 1000 if isinstance(reach, Deadline) else None,
        how={name: str(each) for name, each in derived.items() if isinstance(each, Deadline)},
        window=flap_window(acting.hpa.spec) / 1000,
    )
