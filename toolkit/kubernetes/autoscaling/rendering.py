"""A timeline as text."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.kubernetes.autoscaling.explaining import explain, kind
from toolkit.kubernetes.autoscaling.timeline import Step, Timeline


def render(timeline: Timeline, *, every: bool = False) -> str:
    """A table of the steps that changed the replicas, or whose reason is of another sort.

    With ``every`` all syncs are in it.
    """
    table = rows(timeline, every=every)
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    return "".join(
        f"{time:>{widths[0]}}  {move:>{widths[1]}}  {ready:>{widths[2]}}  {why}\n"
        for time, move, ready, why in table
    )


Row = tuple[str, str, str, str]


def rows(timeline: Timeline, *, every: bool = False) -> list[Row]:
    """The cells of that table, its header first: time, replicas, ready, why."""
    steps = timeline.steps if every else tuple(_telling(timeline.steps))
    return [
        ("time", "replicas", "ready", "why"),
        *(
            (clock(step.at), _move(step), str(step.serving), explain(timeline.spec, step))
            for step in steps
        ),
    ]


def clock(milliseconds: int) -> str:
    """Minutes and seconds.

    >>> clock(75_000), clock(3_600_500)
    ('1:15', '60:00.5')
    """
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    fraction = f".{thousandths:03}".rstrip("0") if thousandths else ""
    return f"{minutes}:{seconds:02}{fraction}"


def _move(step: Step) -> str:
    if step.replicas == step.current:
        return str(step.current)
    return f"{step.current} → {step.replicas}"


def _telling(steps: tuple[Step, ...]) -> Iterator[Step]:
    before = None
    for step in steps:
        if step.replicas != step.current or kind(step) != before:
            yield step
        before = kind(step)
