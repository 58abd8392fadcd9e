"""A simulated autoscaler as a table: the syncs with a change, their reasons, and verdicts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.hpa_simulation import SimulatedLoad, Simulations
from toolkit.evidence.autoscaling.scaling import Moment, Scaled
from toolkit.kubernetes.autoscaling.deadlines import Deadline, Unreachable
from toolkit.kubernetes.autoscaling.expectations import Judged
from toolkit.kubernetes.autoscaling.proposals import Proposal
from toolkit.kubernetes.autoscaling.timeline import SimulatedSync, clock, explain, rows
from toolkit.reports.scaling import html
from toolkit.reports.terminal.style import Style

_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def render(seen: Simulations, style: Style | None = None, *, every: bool = False) -> str:
    """Write each simulation.

    Args:
        seen: The simulations.
        style: Width and colour of the lines.
        every: Whether all syncs are printed; else those with a change.
    """
    style = style or Style()
    blocks = ("\n".join(_lines(seen, run, style, every=every)) for run in seen.runs)
    return "\n\n".join(blocks) + "\n"


def _lines(seen: Simulations, run: SimulatedLoad, style: Style, *, every: bool) -> Iterator[str]:
    spec = run.timeline.spec
    yield f"{run.load.name}: {seen.scaled.manifest}, {spec.minimum} to {spec.maximum} replicas"
    yield ""
    first, *others = rows(run.timeline, every=every)
    widths = [max(len(row[column]) for row in (first, *others)) for column in range(3)]
    for row in (first, *others):
        *cells, why = row
        start = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        text, *rest = _wrapped(why, max(20, style.width - len(start) - 2)) or [""]
        yield style.paint(f"{start}  {text}", "bold") if row is first else f"{start}  {text}"
        yield from (" " * (len(start) + 2) + line for line in rest)
    yield ""
    for each in run.judged:
        yield from _promise(each, style)


def _promise(each: Judged, style: Style) -> Iterator[str]:
    mark, tint = _MARKS[each.holds]
    yield f"{style.paint(mark, tint)} {each.expected}: {each.observed}"
    for line in (each.how, each.warning):
        if line:
            yield from (f"    {part}" for part in _wrapped(line, style.width - 4))


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def as_data(seen: Simulations) -> list[dict[str, Any]]:
    """Return all syncs of all simulations for JSON; times are in seconds."""
    return [
        {
            "trace": run.load.name,
            "autoscaler": seen.scaled.manifest.name,
            "minimum": run.timeline.spec.minimum,
            "maximum": run.timeline.spec.maximum,
            "syncs": [_sync(run, step) for step in run.timeline.steps],
            "replicas": [
                {"at": point.at / 1000, "desired": point.desired, "ready": point.serving}
                for point in run.timeline.points
            ],
            "promises": [_judged(each) for each in run.judged],
            "within": _derived(run.reach),
            "back": _derived(run.back),
        }
        for run in seen.runs
    ]


def page(seen: Simulations, run: SimulatedLoad, verdict: str) -> str:
    """Write one simulation as a page with plots.

    Args:
        seen: All simulations, with the autoscaler.
        run: The simulation.
        verdict: The report as text.
    """
    only = Simulations(seen.scaled, (run,))
    return html.render(_as_run(seen, run), verdict, render(only, every=True))


def _as_run(seen: Simulations, run: SimulatedLoad) -> Scaled:
    scaled, spec = seen.scaled, run.timeline.spec
    return Scaled(
        moments=tuple(_moment(scaled, run, step) for step in run.timeline.steps),
        endpoints=(),
        shares=(),
        autoscaler=f"{run.load.name}, {scaled.manifest.name}",
        minimum=max(1, spec.minimum),
        maximum=spec.maximum,
        target=scaled.metric.target.number,
        unit=scaled.unit,
        most=scaled.most,
        speed=1.0,
        deadline=0.0,
        ended="reached",
    )


def _moment(scaled: Scalable, run: SimulatedLoad, step: SimulatedSync) -> Moment:
    ends = run.busy.ends if run.busy else None
    shown = scaled.hpa.spec.metrics.index(scaled.metric)
    found = step.found[shown] if shown < len(step.found) else None
    return Moment(
        at=step.at / 1000,
        phase="load" if ends is None or step.at <= ends else "rest",
        users=0,
        requests=0,
        failures=0,
        rate=0.0,
        p95=None,
        usage=found.measured if isinstance(found, Proposal) else None,
        desired=step.replicas,
        ready=step.serving,
        generator=0.0,
    )


def _sync(run: SimulatedLoad, step: SimulatedSync) -> dict[str, Any]:
    decision, spec = step.decision, run.timeline.spec
    return {
        "at": step.at / 1000,
        "clock": clock(step.at),
        "current": step.current,
        "ready": step.serving,
        "desired": step.replicas,
        "wanted": decision.wanted if decision else None,
        "stabilized": decision.stabilized if decision else None,
        "limited": decision.limited if decision and decision.is_limited else "",
        "metrics": {
            metric.name: found.measured if isinstance(found, Proposal) else None
            for metric, found in zip(spec.metrics, step.found, strict=False)
        },
        "why": explain(spec, step),
    }


def _judged(each: Judged) -> dict[str, Any]:
    return {"promise": each.expected, "holds": each.holds, "observed": each.observed}


def _derived(deadline: Deadline | Unreachable) -> dict[str, Any]:
    if isinstance(deadline, Unreachable):
        return {"seconds": None, "how": deadline.why}
    return {"seconds": deadline.total / 1000, "how": str(deadline)}
