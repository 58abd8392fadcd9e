"""A scaling run as a table: the syncs with a change, and the shares of the replicas."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from toolkit.evidence.autoscaling.pace import cost
from toolkit.evidence.autoscaling.scaling import Moment, Scaled
from toolkit.reports.terminal.style import Style

_HEAD = f"{'time':>7}  {'users':>5}  {'rps':>6}  {'p95':>8}  {'usage':>13}  {'desired':>7}  ready"


def render(seen: Scaled, style: Style | None = None) -> str:
    """Write the syncs, and the distribution of the requests."""
    return "\n".join(_lines(seen, style or Style())) + "\n"


def row(moment: Moment, target: int, unit: str) -> str:
    """Return one sync: time, load, latency, usage and target, replicas.

    Args:
        moment: The sync.
        target: The target of the autoscaler's metric.
        unit: The unit of target and usage.
    """
    p95 = "-" if moment.p95 is None else f"{moment.p95 * 1000:.0f} ms"
    usage = "unknown" if moment.usage is None else f"{moment.usage}/{target} {unit}"
    return (
        f"{moment.at:>5.1f} s  {moment.users:>5}  {moment.rate:>6.1f}  {p95:>8}  {usage:>13}  "
        f"{moment.desired:>7}  {moment.ready:>5}"
    )


def _lines(seen: Scaled, style: Style) -> Iterator[str]:
    yield (
        f"{seen.autoscaler}: {seen.minimum} to {seen.maximum} replicas, target {seen.target} "
        f"{seen.unit}"
    )
    yield from (f"  {each}" for each in seen.remarks)
    yield ""
    yield style.paint(_HEAD, "bold")
    yield from _rows(seen)
    yield ""
    yield from _shares(seen)
    yield from _endpoints(seen)
    yield from _cost(seen)
    yield _way(seen)
    for name, how in seen.how.items():
        lines = textwrap.wrap(how, 70, break_on_hyphens=False)
        yield f"{name:<9} {lines[0]}"
        yield from (f"{'':<9} {line}" for line in lines[1:])


def _rows(seen: Scaled) -> Iterator[str]:
    before: Moment | None = None
    for number, moment in enumerate(seen.moments, 1):
        if before is None or number == len(seen.moments) or _differs(before, moment):
            yield row(moment, seen.target, seen.unit)
        before = moment


def _differs(before: Moment, moment: Moment) -> bool:
    """Return True if a sync differs from the one before; under load, always."""
    steady = (before.phase, before.desired, before.ready)
    return moment.phase == "load" or steady != (moment.phase, moment.desired, moment.ready)


def _shares(seen: Scaled) -> Iterator[str]:
    total = sum(each.requests for each in seen.shares)
    if total:
        source = f", by {seen.shared_by}" if seen.shared_by else ""
        yield f"traffic   {total} requests while {len(seen.shares)} were ready{source}:"
        for each in seen.shares:
            yield f"          {each.replica:<12} {each.requests / total:>4.0%}"


def _endpoints(seen: Scaled) -> Iterator[str]:
    for each in seen.endpoints:
        yield (
            f"endpoint  {each.name}: {each.requests} requests, {each.failures} failed, "
            f"p(95) = {each.p95 * 1000:.0f} ms"
        )


def _cost(seen: Scaled) -> Iterator[str]:
    each = cost(seen)
    if each is not None:
        yield f"cost      {each * 1000:.3g}ms of CPU for each request"


def _way(seen: Scaled) -> str:
    back = seen.back_after
    home = "not back" if back is None else f"back after {back:.0f} s"
    return f"replicas  {seen.minimum} → {seen.peak} → {home}, {seen.deadline:.0f} s allowed"
