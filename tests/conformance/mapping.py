"""Replay recordings of values put into fields: ``python -m tests.conformance.mapping FILE…``.

Compared are the result, the doc values, ``_ignored``, the type that a dynamic field got, and
the type of the error, not its words. ``--show ID`` prints what both sides made of one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance import read_lines, same
from toolkit.elasticsearch.coercion import store


@dataclass(frozen=True)
class Put:
    """One recording: a field's definition, a value, and what real Elasticsearch made of it."""

    record: dict[str, Any]

    @property
    def id(self) -> str:
        """Its name, unique among all recordings."""
        return str(self.record["id"])

    @property
    def expected(self) -> dict[str, Any]:
        """What was observed, in the form of `observe`."""
        if self.record["result"] == "rejected":
            return {"result": "rejected", "error": self.record["error"]["type"]}
        stored = self.record.get("stored")
        ignored = sorted(self.record.get("ignored", []))
        return _indexed(stored, ignored, self.record.get("mapped"))

    def observe(self) -> dict[str, Any]:
        """What the emulation makes of the value."""
        outcome = store(self.record["value"], self.record["mapping"])
        if outcome.result == "rejected":
            return {"result": "rejected", "error": outcome.error}
        stored = None if outcome.stored is None else list(outcome.stored)
        return _indexed(stored, list(outcome.ignored), outcome.mapped)

    def agrees(self) -> bool:
        """Whether emulation and recording say the same."""
        return same(self.observe(), self.expected)


def _indexed(stored: Any, ignored: list[str], mapped: Any) -> dict[str, Any]:
    return {"result": "indexed", "stored": stored, "ignored": ignored, "mapped": mapped}


def read_puts(path: Path) -> Iterator[Put]:
    """The recordings of a file."""
    return (Put(json.loads(line)) for line in read_lines(path))


def main() -> None:
    """Replay the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--show", metavar="ID", help="print what both sides made of one")
    arguments = parser.parse_args()
    for path in arguments.files:
        puts = list(read_puts(path))
        if arguments.show:
            for put in puts:
                if put.id == arguments.show:
                    print(json.dumps(put.record, ensure_ascii=False))
                    print(f"recorded {put.expected}\nhere     {put.observe()}")
            continue
        differing = [put.id for put in puts if not put.agrees()]
        print(f"{path.name}: {len(puts) - len(differing)} / {len(puts)} agreed")
        print(*differing)


if __name__ == "__main__":
    main()
