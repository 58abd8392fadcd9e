"""A scaling run as a self-contained HTML page: plots of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from toolkit.evidence.autoscaling.scaling import Moment, Scaled
from toolkit.reports.scaling.timeline import render as table

_WIDTH, _HEIGHT, _LEFT, _HEAD, _FOOT = 860, 170, 60, 26, 20

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2937; --paper: #fff; --grid: #d1d5db;
  --a: #2563eb; --b: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --paper: #111827;
  --grid: #374151; --a: #60a5fa; --b: #fb923c; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 1.5rem 0 0; }
svg { width: 100%; height: auto; } text { fill: var(--ink); font-size: 11px; }
pre { overflow-x: auto; font-size: 12px; }
.axis { stroke: var(--grid); } .a, .b { fill: none; stroke-width: 2; }
.a { stroke: var(--a); } .b { stroke: var(--b); stroke-dasharray: 6 4; }
.rest { fill: var(--grid); opacity: .35; } .key.a, .key.b { stroke-width: 3; }
"""


class _Plot(NamedTuple):
    """Two lines over the same time; the second is dashed."""

    title: str
    first: str
    of_first: Callable[[Moment], float | None]
    second: str
    of_second: Callable[[Moment], float | None]


def render(seen: Scaled, verdict: str, syncs: str | None = None) -> str:
    """Write the page; nothing is loaded from elsewhere.

    Args:
        seen: The run.
        verdict: The report as text.
        syncs: A table for the page; default: that of the run.
    """
    plots = "\n".join(_section(seen, plot) for plot in _plots(seen))
    end = seen.moments[-1].ready if seen.moments else 0
    title = f"{escape(seen.autoscaler)}: {seen.minimum} → {seen.peak} → {end} replicas"
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n<pre>{escape(verdict)}</pre>\n{plots}\n"
        f"<h2>Sync by sync</h2>\n<pre>{escape(syncs or table(seen))}</pre>\n</html>\n"
    )


def _plots(seen: Scaled) -> Iterator[_Plot]:
    yield _Plot("Replicas", "ready", lambda m: m.ready, "desired", lambda m: m.desired)
    yield _Plot(
        f"Usage in {seen.unit}", "usage", lambda m: m.usage, "target", lambda m: seen.target
    )
    if all(each.p95 is None for each in seen.moments):
        return
    yield _Plot("Load", "requests a second", lambda m: m.rate, "users", lambda m: m.users)
    yield _Plot(
        "Latency in ms",
        "p(95)",
        lambda m: None if m.p95 is None else m.p95 * 1000,
        "",
        lambda m: None,
    )


def _section(seen: Scaled, plot: _Plot) -> str:
    first = [plot.of_first(each) for each in seen.moments]
    second = [plot.of_second(each) for each in seen.moments]
    top = max((value for value in (*first, *second) if value is not None), default=0) or 1
    times = [each.at for each in seen.moments]
    drawn = "".join(
        (*_frame(seen, times, top), _line("a", times, first, top), _line("b", times, second, top))
    )
    keys = _key("a", plot.first, 0) + (_key("b", plot.second, 1) if plot.second else "")
    label = escape(plot.title)
    return (
        f'<h2>{label}</h2>\n<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _FOOT}" role="img" '
        f'aria-label="{label}">{drawn}{keys}</svg>'
    )


def _frame(seen: Scaled, times: Sequence[float], top: float) -> Iterator[str]:
    """Yield the axes, and a shade for the time after the load."""
    rest = [each.at for each in seen.phase("rest")]
    if rest:
        left = _x(rest[0], times)
        yield f'<rect class="rest" x="{left:.1f}" y="{_HEAD}" width="{_WIDTH - left:.1f}" '
        yield f'height="{_HEIGHT - _HEAD}"/>'
    for share in (0.0, 0.5, 1.0):
        y = _y(top * share, top)
        yield f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * share:.4g}</text>'
    last = times[-1] if times else 0.0
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = _LEFT + (_WIDTH - _LEFT) * share
        yield f'<text x="{x:.1f}" y="{_HEIGHT + 14}" text-anchor="{anchor}">'
        yield f"{last * share:.0f} s</text>"


def _line(name: str, times: Sequence[float], values: Sequence[float | None], top: float) -> str:
    """Return a line with gaps at missing values."""
    path, pen = "", "M"
    for at, value in zip(times, values, strict=True):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{_x(at, times):.1f} {_y(value, top):.1f}"
        pen = "L"
    return f'<path class="{name}" d="{path}"/>' if path else ""


def _key(name: str, label: str, place: int) -> str:
    x = _LEFT + 10 + place * 170
    return (
        f'<line class="key {name}" x1="{x}" x2="{x + 24}" y1="10" y2="10"/>'
        f'<text x="{x + 30}" y="14">{escape(label)}</text>'
    )


def _x(at: float, times: Sequence[float]) -> float:
    return _LEFT + (_WIDTH - _LEFT) * at / (times[-1] or 1)


def _y(value: float, top: float) -> float:
    return _HEIGHT - (_HEIGHT - _HEAD) * value / top
