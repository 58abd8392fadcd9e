"""The plain loop that loading is measured against: ``python -m benchmarks.loop LOG [URL]``.

It sends lines through the same pipeline, and the events through `elasticsearch.helpers.bulk`,
without ids, figures or an account. Without an address the events go nowhere.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit.cli._contract import read_scope
from toolkit.cli.logs._choice import chosen
from toolkit.cli.logs._loader import loader
from toolkit.evidence.logs.events import start_events
from toolkit.evidence.logs.lines import Line
from toolkit.logstash.event.event import Event


def main(log: str, url: str | None = None) -> None:
    """Load a log whose contract is beside it."""
    events = _events(log)
    if url is None:
        deque(events, maxlen=0)
        return
    from elasticsearch import Elasticsearch
    from elasticsearch.helpers import bulk

    with Elasticsearch(url, request_timeout=60) as client:
        index = f"{Path(log).parent.name}-loop"
        bulk(client, ({"_index": index, "_source": event} for event in events))


def _events(log: str) -> Iterator[dict[str, Any]]:
    scope = read_scope(Path(log).parent)
    through = loader(chosen(scope, None), scope)

    def started() -> Iterator[Event]:
        with Path(log).open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, 1):
                line = Line(log, number, text.rstrip("\n"))
                yield from start_events(line, through.shipped, time.time_ns())

    for outcome in through.pipeline.run(started()):
        for event in outcome.events:
            yield event.to_dict()


if __name__ == "__main__":
    main(*sys.argv[1:])
