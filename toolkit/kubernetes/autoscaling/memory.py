"""What the controller remembers of one autoscaler, in memory only.

Places of what is stale are used again, the last one first, so the order tells nothing. It is
kept all the same: a window that is lengthened later brings back what was not overwritten.
"""

from __future__ import annotations

from typing import NamedTuple

Recommendation = tuple[int, int]
"""When, and what the metrics proposed, before any window or limit."""


class Change(NamedTuple):
    """Pods that were once added, or removed."""

    at: int
    pods: int
    outdated: bool = False
    """Whether its place may be used again."""


class Memory(NamedTuple):
    """Past recommendations and changes; times in milliseconds on the clock of the syncs."""

    recommendations: tuple[Recommendation, ...] = ()
    ups: tuple[Change, ...] = ()
    downs: tuple[Change, ...] = ()


def remember_recommendation(memory: Memory, now: int, replicas: int, place: int) -> Memory:
    """Store a recommendation in the place of a stale one, or after the last."""
    past, ups, downs = memory
    kept = list(past)
    kept[place : place + 1] = ((now, replicas),)
    return Memory(tuple(kept), ups, downs)


def remember_change(
    changes: tuple[Change, ...], now: int, pods: int, longest_period: int
) -> tuple[Change, ...]:
    """Store a change in the last place that is outdated after ``longest_period``."""
    marked = [
        change._replace(outdated=change.outdated or change.at < now - longest_period)
        for change in changes
    ]
    # Also what the other direction, with a longer period, would still have counted.
    places = [place for place, change in enumerate(marked) if change.outdated]
    if places:
        marked[places[-1]] = Change(now, pods)
    else:
        marked.append(Change(now, pods))
    return tuple(marked)
