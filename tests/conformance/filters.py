"""Replay recordings of single filters: ``python -m tests.conformance.filters FILE…``.

Prints how many agree and which do not; ``--show ID`` prints what both sides made of one.
"""

from __future__ import annotations

import argparse
import glob
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance import NOW, decode, encode, printed, read_lines, read_printed, same
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context, PipelineDied, filter_class
from toolkit.logstash.options import OptionError
from toolkit.logstash.options import decode as decode_options

START = "2024-01-02T03:04:05.678Z"


@dataclass(frozen=True)
class Case:
    """One recording: a filter, its options, an event, and what the real thing made of it."""

    record: dict[str, Any]
    reread: dict[str, Any]
    """The record again, with fractions as they were printed."""

    @property
    def id(self) -> str:
        """Its name, unique among all recordings."""
        return str(self.record["id"])

    @property
    def expected(self) -> Any:
        """A list of events, or a word for an error."""
        match self.reread:
            case {"expected": event}:
                return [event]
            case {"expected_events": events}:
                return events
            case {"expected_error": {"phase": phase}}:
                return f"error: {phase}"
            case _:
                return "error: any"

    def observe(self) -> Any:
        """Run the emulation; the result has the form of `expected`."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in self.record.get("files", {}).items():
                path = Path(_in_folder(name, folder))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            return self._run(_in_folder(decode(self.record["config"]), folder))

    def agrees(self) -> bool:
        """Whether emulation and recording say the same."""
        observed, expected = self.observe(), self.expected
        if expected == "error: any":
            return observed in ("error: register", "error: filter")
        return same(observed, expected)

    def _run(self, options: dict[str, Any]) -> Any:
        plugin = filter_class(self.record["filter"])
        if plugin is None:
            return f"error: no filter {self.record['filter']}"
        try:
            apply = decode_options(plugin, options).register(_context())
        except OptionError as error:
            unsupported = any(fault.unsupported for fault in error.faults)
            return "error: unsupported" if unsupported else "error: register"
        try:
            events = list(apply(_event(self.record["event"])))
        except (PipelineDied, FieldError):
            return "error: filter"
        if self.record.get("by") == "pipeline":
            return [printed(event.fields) for event in events]
        return [encode(event.fields) for event in events]


def _context() -> Context:
    return Context(
        clock=lambda: NOW.nanoseconds,
        random=random.Random(0),
        read_file=lambda name: Path(name).read_bytes(),
        list_files=lambda pattern: sorted(glob.glob(pattern)),  # noqa: PTH207  (absolute)
    )


def _event(record: dict[str, Any]) -> Event:
    fields = decode(record)
    fields["@timestamp"] = Timestamp.parse(fields.get("@timestamp", START))
    return Event(fields)


def _in_folder(value: Any, folder: str) -> Any:
    match value:
        case str() if value.startswith("FILES"):
            return f"{folder}/{value}"
        case dict():
            return {name: _in_folder(item, folder) for name, item in value.items()}
        case list():
            return [_in_folder(item, folder) for item in value]
        case _:
            return value


def read_cases(path: Path) -> Iterator[Case]:
    """The recordings of a file."""
    return (Case(json.loads(line), read_printed(line)) for line in read_lines(path))


def upstream_counts() -> dict[str, tuple[int, int]]:
    """By filter, how many examples of public plugins agree, of how many; a test holds them."""
    text = Path(__file__).with_name("upstream.json").read_text("utf-8")
    return {name: (agreed, all_) for name, (agreed, all_) in json.loads(text).items()}


def _outcome(case: Case) -> str:
    try:
        return "" if case.agrees() else "differs"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:100]}"


def _show(case: Case) -> None:
    for key in ("filter", "config", "event"):
        print(f"{key:9}{json.dumps(case.record[key], ensure_ascii=False)}")
    print(f"recorded {json.dumps(case.expected, ensure_ascii=False, sort_keys=True)}")
    print(f"here     {json.dumps(case.observe(), ensure_ascii=False, sort_keys=True)}")


def main() -> None:
    """Replay the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--show", metavar="ID", help="print what both sides made of one case")
    arguments = parser.parse_args()
    for path in arguments.files:
        cases = list(read_cases(path))
        if arguments.show:
            for case in cases:
                if case.id == arguments.show:
                    _show(case)
            continue
        _report(path, {case.id: _outcome(case) for case in cases})


def _report(path: Path, outcomes: dict[str, str]) -> None:
    agreed = sum(not outcome for outcome in outcomes.values())
    print(f"{path.parent.parent.name}/{path.name}: {agreed} / {len(outcomes)} agreed")
    reasons = Counter(outcome for outcome in outcomes.values() if outcome)
    for reason, count in reasons.most_common():
        names = [name for name, outcome in outcomes.items() if outcome == reason]
        print(f"  {count:4} {reason}: {' '.join(names)}")


if __name__ == "__main__":
    main()
