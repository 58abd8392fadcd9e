"""Figures of logs as a self-contained HTML page with plots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from toolkit.connectors.storefile import Shape
from toolkit.evidence.elasticsearch.measures import FigureGroup, Figures
from toolkit.reports.logs.tables import duration, moment, share

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720, 180, 60, 20
_STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
       color: #1c2430; background: #fff }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #dde3ea }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere }
code { white-space: pre-wrap; overflow-wrap: anywhere }
svg { width: 100%; height: auto } text { font-size: 11px; fill: #5a6675 }
@media (prefers-color-scheme: dark) {
  body { color: #dfe6ee; background: #161b22 } th, td { border-color: #303944 } }
"""


def page(figures: Figures, shapes: Sequence[Shape]) -> str:
    """Write the page; texts of logs are escaped, and nothing is loaded from elsewhere."""
    return "\n".join(_page(figures, shapes)) + "\n"


def _page(figures: Figures, shapes: Sequence[Shape]) -> Iterator[str]:
    parsed = figures.events - figures.failures
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width"><title>Log figures</title>'
    yield f"<style>{_STYLE}</style></head><body><h1>Log figures</h1>"
    yield f"<p>{figures.events} events, {share(parsed, figures.events)} parsed;"
    yield f"{figures.requests} requests, {share(figures.errors, figures.requests)} errors</p>"
    hours = {at: part for at, part in figures.hours.items() if part.requests}
    if len(hours) > 1:
        yield "<h2>Requests an hour</h2>"
        yield _plot(hours, lambda part: float(part.requests), "{:.0f}".format)
        yield "<h2>Latency, p95 of each hour</h2>"
        yield _plot(hours, lambda part: part.p95, duration)
    yield "<h2>Status</h2>"
    yield _table(("status", "requests"), [(str(k), str(n)) for k, n in figures.by_status.items()])
    yield "<h2>Routes</h2>"
    head = ("route", "requests", "errors", "mean", "p50", "p95", "p99", "max")
    yield _table(head, [_row(*each) for each in {"all": figures, **figures.routes}.items()])
    if shapes:
        yield "<h2>Not parsed</h2>"
        yield _table(
            ("line", "shape", "tag", "lines"),
            [(f"{s.where}: {s.example}", s.shape, s.tag, str(s.count)) for s in shapes],
        )
    yield "</body></html>"


def _row(name: str, part: FigureGroup) -> tuple[str, ...]:
    times = (part.mean, part.p50, part.p95, part.p99, part.maximum)
    errors = share(part.errors, part.requests)
    return (name, str(part.requests), errors, *map(duration, times))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    title = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{title}</tr>{body}</table>"


def _text(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode("utf-8"))


def _plot(
    parts: Mapping[int, FigureGroup],
    value: Callable[[FigureGroup], float | None],
    shown: Callable[[float], str],
) -> str:
    """Return bars over time as SVG; each has a title with its hour and value."""
    first, last = min(parts), max(parts)
    hours = (last - first) // 3_600_000 + 1
    most = max((value(part) or 0 for part in parts.values()), default=0) or 1
    step = (_WIDTH - _LEFT) / hours
    bars = "".join(
        f'<rect x="{_LEFT + (at - first) / 3_600_000 * step:.1f}" '
        f'y="{_HEIGHT - (height := (value(part) or 0) / most * (_HEIGHT - 20)):.1f}" '
        f'width="{max(step - 1, 0.5):.1f}" height="{height:.1f}" fill="#3b82c4">'
        f"<title>{moment(at)}: {escape(shown(value(part) or 0))}</title></rect>"
        for at, part in parts.items()
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _BOTTOM}" role="img">{bars}'
        f'<text x="0" y="24">{escape(shown(most))}</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT + 14}">{moment(first)}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 14}" text-anchor="end">{moment(last)}</text></svg>'
    )
