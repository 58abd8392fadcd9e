"""Loading many lines: into DuckDB, into Elasticsearch, and by a plain loop of the client's."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.lines import ROOT
from benchmarks.measuring import table
from tests.real.elasticsearch import VERSIONS, serving

EVENTS = 200_000
_LESS = 10
"""So much shorter is the log that shows whether memory grows."""
_CONTRACT = """\
logs:
  - name: requests
    pipeline: pipelines/logstash/*.conf
    shipper: pipelines/filebeat/filebeat.yml
    index: {index}-*
    template: pipelines/elasticsearch/template.json
    fields:
      "@timestamp": date
      url.path: {{type: keyword, role: route}}
      http.response.status_code: {{type: short, role: status}}
      latency_ms: {{type: float, role: latency}}
"""


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    """Of the processor."""
    peak: int
    """The most memory it held, in bytes."""


def main(events: int = EVENTS) -> None:
    """Print processor time and peak memory of each way, for some events and for a tenth."""
    with tempfile.TemporaryDirectory() as scratch, _server() as url:
        rows = [
            row
            for count in (events // _LESS, events)
            for row in _rows(project(Path(scratch, f"load-{count}"), count), count, url)
        ]
    columns = ("what", "events", "CPU s", "µs an event", "peak MB")
    table("Loading, and asking what was loaded", columns, rows)


@contextmanager
def _server() -> Iterator[str]:
    if url := os.environ.get("ELASTICSEARCH_URL"):
        yield url
        return
    with serving(next(iter(VERSIONS))) as server:
        yield server.url


def project(folder: Path, count: int) -> Path:
    """A log of so many lines beside a contract; gives the log."""
    shutil.copytree(ROOT / "pipelines", folder / "pipelines")
    (folder / "toolkit.yml").write_text(_CONTRACT.format(index=folder.name), "utf-8")
    template = folder / "pipelines/elasticsearch/template.json"
    text = template.read_text("utf-8").replace("sre-pleno-app-", f"{folder.name}-")
    template.write_text(text, "utf-8")
    log = folder / "app.log"
    with log.open("w", encoding="utf-8") as file:
        file.writelines(log_lines(count))
    return log


def log_lines(count: int) -> Iterator[str]:
    """Lines as the reference service writes them, the same ones each time."""
    chance, at = Random(20260110), datetime(2026, 1, 10, tzinfo=UTC)
    for number in range(count):
        at += timedelta(milliseconds=chance.randrange(160))
        status = chance.choices((200, 404, 503), (95, 4, 1))[0]
        yield (
            f"{at:%Y-%m-%d %H:%M:%S} INFO Root endpoint accessed method=GET path=/{number % 7} "
            f"status={status} latency_ms={chance.lognormvariate(2, 1.2):.3f} "
            f"request_id={chance.getrandbits(128):032x}\n"
        )


def _rows(log: Path, count: int, url: str) -> Iterator[Sequence[str]]:
    toolkit, there = [sys.executable, "-m", "toolkit", "logs"], ["--elasticsearch", url]
    loop = [sys.executable, "-m", "benchmarks.loop", str(log)]
    commands = {
        "the pipeline alone": loop,
        "`helpers.bulk` in a loop": [*loop, url],
        "`toolkit logs load`, Elasticsearch": [
            *toolkit, "load", "app.log", *there, "--install-template"
        ],
        "`toolkit logs load`, DuckDB": [*toolkit, "load", "app.log"],
        "the same again, nothing new": [*toolkit, "load", "app.log"],
        "`toolkit logs stats`, Elasticsearch": [*toolkit, "stats", *there],
        "`toolkit logs stats`, DuckDB": [*toolkit, "stats"],
    }  # fmt: skip
    for title, command in commands.items():
        cost = measured(command, log.parent)
        each = f"{cost.seconds / count * 1e6:,.0f}"
        yield title, f"{count:,}", f"{cost.seconds:.1f}", each, f"{cost.peak / 1e6:.0f}"


def measured(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder; raises `RuntimeError` where it fails."""
    pid = os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", 'cd "$0" && exec "$@" > output 2>&1', str(folder), *command],
        {**os.environ, "PYTHONPATH": str(ROOT)},
    )
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError((folder / "output").read_text("utf-8", "replace"))
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
