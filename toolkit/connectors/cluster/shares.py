"""Shares of the requests per pod: by a header of the responses, else by the CPU of each pod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from toolkit.evidence.autoscaling.cluster_snapshot import ClusterSnapshot
from toolkit.evidence.autoscaling.scaling import Share

_LEAST = 0.25
"""Of a fair share: a pod with less was left aside."""
_CLOCKS = 1.0
"""Seconds that clocks of a cluster may differ, and that they are rounded by."""

_Shares = tuple[tuple[Share, ...], str]


def by_header(counts: Counter[str], ready: Sequence[str], header: str) -> _Shares:
    """Return the shares of the ready pods by a header of the responses.

    Args:
        counts: Responses by pod, as the header names it.
        ready: The names of the ready pods.
        header: The name of the header.

    Returns:
        The shares, and the reason if they are unknown.
    """
    served = {name: counts[name] for name in ready}
    if not any(served.values()):
        named = ", ".join(sorted(+counts)[:3])
        return (), f"no answer names a ready pod in `{header}`" + (f", but {named}" * bool(named))
    return tuple(Share(name, count, 0) for name, count in served.items()), ""


def by_cpu(
    seen: Sequence[ClusterSnapshot], held: float, ready: Sequence[str], requests: int
) -> _Shares:
    """Return the shares of the ready pods by the CPU that each used.

    Args:
        seen: Snapshots with measurements of the pods.
        held: Measurements must begin after this time, in seconds since 1970.
        ready: The names of the ready pods.
        requests: The number of requests to divide.

    Returns:
        The shares, and the reason if they are unknown.
    """
    if seen[-1].unmeasured:
        return (), f"the metrics API has no data on the pods: {seen[-1].unmeasured}"
    used: dict[str, float] = {}
    for name in ready:
        found = {e.pods[name] for e in seen if name in e.pods}
        usable = [each.cpu for each in found if each.since >= held - _CLOCKS]
        if not usable:
            return (), f"{name} was not measured while as many as promised were at work"
        used[name] = fmean(usable)
    total = sum(used.values())
    if not total:
        return (), "the pods used no CPU that could be measured"
    return tuple(Share(n, round(requests * cpu / total), 0) for n, cpu in used.items()), ""


def pinned(shares: Sequence[Share]) -> str:
    """The one replica that got all but nothing of the traffic left for others; empty if none."""
    fair = sum(each.requests for each in shares) / max(1, len(shares))
    busy = [each.replica for each in shares if each.requests >= fair * _LEAST]
    return busy[0] if len(busy) == 1 and len(shares) > 1 else ""
