"""Figures of logs as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from toolkit.connectors.storefile import Shape
from toolkit.evidence.elasticsearch.measures import FigureGroup, Figures
from toolkit.reports.terminal.style import Style, cut, visible

_HEAD = ("requests", "errors", "mean", "p50", "p95", "p99", "max")
_MOST_HOURS = 48


def show(figures: Figures, shapes: Sequence[Shape], style: Style) -> Iterator[str]:
    """Yield parse rate, latency and status, in total, by route and by hour, and unparsed lines.

    Args:
        figures: The figures of the events.
        shapes: Unparsed lines by their shape.
        style: Width and colour of the lines.
    """
    parsed = figures.events - figures.failures
    yield f"events     {figures.events}"
    yield f"parsed     {parsed} ({share(parsed, figures.events)})"
    for tag, count in figures.by_tag.items():
        yield f"           {tag} {count}"
    if figures.newest is not None:
        yield f"newest     {moment(figures.newest)}"
    for name, count in figures.ignored.items():
        yield f"ignored    {name} {count}"
    yield f"requests   {figures.requests}, errors {share(figures.errors, figures.requests)}"
    yield from _statuses(figures)
    yield ""
    yield from _parts("route", {"all": figures, **figures.routes}, style)
    hours = dict([each for each in figures.hours.items() if each[1].requests][-_MOST_HOURS:])
    if len(hours) > 1:
        yield ""
        yield from _parts("hour", {moment(at): part for at, part in hours.items()}, style)
    if shapes:
        yield ""
        yield from _shapes(shapes, style)


def _statuses(figures: Figures) -> Iterator[str]:
    for name, count in figures.by_class.items():
        codes = (
            f"{status} × {number}"
            for status, number in sorted(figures.by_status.items())
            if f"{status // 100}xx" == name
        )
        yield f"  {name}      {count} ({share(count, figures.requests)}): {', '.join(codes)}"


def _parts(title: str, parts: Mapping[str, FigureGroup], style: Style) -> Iterator[str]:
    width = min(max(len(title), *(len(visible(name)) for name in parts)), style.width - 58)
    columns = "".join(f"{word:>{max(len(word) + 1, 9)}}" for word in _HEAD)
    yield style.paint(f"{title:<{width}}{columns}", "bold")
    for name, part in parts.items():
        text = cut(visible(name), width)
        cells = "".join(f"{cell:>9}" for cell in _cells(part))
        yield f"{text:<{width}}{cells}"


def _cells(part: FigureGroup) -> Iterable[str]:
    times = (part.mean, part.p50, part.p95, part.p99, part.maximum)
    return (str(part.requests), share(part.errors, part.requests), *map(duration, times))


def _shapes(shapes: Iterable[Shape], style: Style) -> Iterator[str]:
    yield style.paint("not parsed", "bold")
    for each in shapes:
        yield cut(f"{each.count:>6} × {each.tag}  {visible(each.shape)}", style.width)
        first = each.example.partition("\n")[0]
        yield cut(f"         {each.where}  {visible(first)}", style.width)


def share(part: int, whole: int) -> str:
    """Return a share as a percentage.

    >>> share(1, 3), share(0, 0)
    ('33.33 %', '-')
    """
    return f"{100 * part / whole:.4g} %" if whole else "-"


def duration(seconds: float | None) -> str:
    """Return a duration in a suitable unit.

    >>> duration(0.0123), duration(2.5), duration(4e-5), duration(None)
    ('12.3 ms', '2.5 s', '40 µs', '-')
    """
    if seconds is None:
        return "-"
    for scale, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def moment(millis: int) -> str:
    """Return a time in UTC, to the minute.

    >>> moment(1768005000000)
    '2026-01-10 00:30Z'
    """
    return datetime.fromtimestamp(millis / 1000, UTC).strftime("%Y-%m-%d %H:%MZ")
