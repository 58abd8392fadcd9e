"""Replay recordings of the real autoscaler: ``python -m tests.conformance.autoscaler FILE…``.

A file holds JSON lines, plain or compressed, of any kind: one metric, one normalization, one
controlled run, or one run in a live cluster. ``--show ID`` prints what both sides made of one.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.kubernetes.autoscaling.replay.controller import Run
from tests.kubernetes.autoscaling.replay.normalize import Normalization
from tests.kubernetes.autoscaling.replay.unit import Unit

__all__ = ["Record", "read_records"]

Record = Unit | Normalization | Run


def read_records(path: Path) -> Iterator[Record]:
    """The recordings of a file; what it holds is told by their form."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _record(json.loads(line))


def _record(record: dict[str, Any]) -> Record:
    if "steps" in record:
        return Run(record)
    if "desired_from_metrics" in record["input"]:
        return Normalization(record)
    return Unit(record)


def main() -> None:
    """Replay the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--show", metavar="ID", help="print what both sides made of one")
    arguments = parser.parse_args()
    for path in arguments.files:
        records = list(read_records(path))
        if arguments.show:
            _show([each for each in records if each.record["id"] == arguments.show])
            continue
        differing = [each.record["id"] for each in records if each.observe() != each.expected]
        print(f"{path.name}: {len(records) - len(differing)} / {len(records)} agreed")
        print(*differing)


def _show(records: list[Record]) -> None:
    for each in records:
        print(json.dumps(each.record))
        print(f"recorded {each.expected}\nhere     {each.observe()}")


if __name__ == "__main__":
    main()
