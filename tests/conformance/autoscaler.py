"""Replay recordings of the real autoscaler: ``python -m tests.conformance.autoscaler FILE…``.

A file holds JSON lines, plain or compressed, of any kind: one metric, one normalization, one
controlled run, or one run in a live cluster, of which the syncs are counted. ``--show ID``
prints what both sides made of one.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.kubernetes.autoscaling.replay.controller import Run
from tests.kubernetes.autoscaling.replay.live import Live
from tests.kubernetes.autoscaling.replay.normalize import Normalization
from tests.kubernetes.autoscaling.replay.unit import Unit

Record = Unit | Normalization | Run | Live


class Agreement(NamedTuple):
    """How many of a file's records, or syncs, came out as recorded."""

    agreed: int
    all: int
    differing: tuple[str, ...]
    """The ids of the records in which something differs."""


def read_records(path: Path) -> Iterator[Record]:
    """The recordings of a file; what each is, its form tells."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _record(json.loads(line))


def _record(record: dict[str, Any]) -> Record:
    if "steps" in record:
        return Run(record)
    if "metric_reads" in record:
        return Live(record)
    if "desired_from_metrics" in record["input"]:
        return Normalization(record)
    return Unit(record)


def compare(records: Iterable[Record]) -> Agreement:
    """Replay records and count."""
    agreed = compared = 0
    differing = []
    for each in records:
        pairs: list[tuple[Any, Any]]
        if isinstance(each, Live):
            pairs = list(zip(each.expected, each.observe(), strict=True))
        else:
            pairs = [(each.expected, each.observe())]
        equal = sum(expected == observed for expected, observed in pairs)
        agreed, compared = agreed + equal, compared + len(pairs)
        if equal < len(pairs):
            differing.append(each.record["id"])
    return Agreement(agreed, compared, tuple(differing))


def main() -> None:
    """Replay the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--show", metavar="ID", help="print what both sides made of one")
    arguments = parser.parse_args()
    for path in arguments.files:
        if arguments.show:
            _show(path, arguments.show)
            continue
        agreed, compared, differing = compare(read_records(path))
        print(f"{path.name}: {agreed} / {compared} agreed")
        print(*differing)


def _show(path: Path, name: str) -> None:
    for each in read_records(path):
        if each.record["id"] == name:
            print(json.dumps(each.record))
            print(f"recorded {each.expected}\nhere     {each.observe()}")


if __name__ == "__main__":
    main()
