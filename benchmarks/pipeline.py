"""Whole pipelines: the service's own, on its own lines."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.lines import ROOT, service_events, service_lines
from benchmarks.measuring import child_seconds, interleaved, table
from toolkit.logstash.config import parse
from toolkit.logstash.event.codecs import print_event
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.source import Source

_EVENTS = 5_000
_MANY_EVENTS = 50_000
_CONFIGURATION = ROOT / "pipelines" / "logstash" / "app.conf"


def main() -> None:
    """Print events a second of processor time: in a program, printed, and by the command."""
    requests, mixed = service_lines(_EVENTS), service_events(_EVENTS)
    rows = []
    for title, messages in (("requests", requests), ("all samples", mixed)):
        runs = {"filtered": _filter(messages), "printed": _filter(messages, printed=True)}
        seconds = interleaved(runs, rounds=5)
        rows += [(f"{title}, {name}", _rate(len(messages), seconds[name])) for name in runs]
    rows.append(("requests, by `toolkit logstash run`", _command()))
    table("Pipeline `app.conf`, events a second of CPU", ("events", "a second"), rows)


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}"


def _pipeline() -> Pipeline:
    source = Source(str(_CONFIGURATION), _CONFIGURATION.read_text("utf-8"))
    patterns = ROOT / "pipelines" / "logstash" / "patterns"
    context = Context(
        clock=lambda: 0,
        read_file=lambda name: Path(name).read_bytes(),
        list_files=lambda pattern: [str(each) for each in sorted(patterns.iterdir())],
    )
    return compile_pipeline(parse([source], environment={}), context)


def _filter(messages: list[str], *, printed: bool = False) -> Callable[[], None]:
    pipeline, now = _pipeline(), Timestamp(0)

    def run() -> None:
        events = (Event({"message": text, "@timestamp": now}) for text in messages)
        for outcome in pipeline.run(events):
            if printed:
                for event in outcome.events:
                    print_event(event, metadata=False)

    return run


def _command() -> str:
    """Rate of the command, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "lines.log")
        lines.write_text("\n".join(service_lines(_MANY_EVENTS)) + "\n", "utf-8")
        command = [sys.executable, "-m", "toolkit", "logstash", "run", str(_CONFIGURATION)]
        seconds = child_seconds([*command, "--input", str(lines)], rounds=3)
    return _rate(_MANY_EVENTS, seconds)
