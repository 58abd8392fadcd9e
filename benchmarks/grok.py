"""Grok expressions, compared with pygrok."""

from __future__ import annotations

import warnings

from benchmarks import commands
from benchmarks.lines import SERVICE_EXPRESSION, access_log, service_lines
from benchmarks.measuring import interleaved, table
from toolkit.logstash.grok import Expression, shipped_definitions

_LINES = 2_000
_DEADLINE = 30.0


def main() -> None:
    """Print microseconds a line of processor time, and how many times faster the toolkit is."""
    access, service = access_log(_LINES), service_lines(_LINES)
    rows = [
        _compare("combined access log", "%{COMBINEDAPACHELOG}", access),
        _compare("the service's requests", SERVICE_EXPRESSION, service),
        _compare("an access log, not matched", "%{COMBINEDAPACHELOG} x$", access),
        _compare("other lines, not matched", "%{COMBINEDAPACHELOG}", service),
    ]
    table("Grok, µs of CPU a line", ("lines", "pygrok", "toolkit", "times faster"), rows)
    commands.main()


def _compare(title: str, expression: str, lines: list[str]) -> tuple[str, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pygrok import Grok

        theirs = Grok(expression)
    ours = Expression(expression, shipped_definitions(ecs=False))

    def run_pygrok() -> None:
        for line in lines:
            theirs.match(line)

    def run_toolkit() -> None:
        for line in lines:
            ours.match(line, deadline=_DEADLINE)

    seconds = interleaved({"pygrok": run_pygrok, "toolkit": run_toolkit})
    pygrok, toolkit = (seconds[name] / len(lines) * 1e6 for name in ("pygrok", "toolkit"))
    return title, f"{pygrok:.1f}", f"{toolkit:.1f}", f"{pygrok / toolkit:.1f}"
