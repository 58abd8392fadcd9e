"""Replay recordings of whole pipelines: ``python -m tests.conformance.pipelines FOLDER…``.

A folder holds one recording, or folders that do.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance import NOW, printed, read_lines, read_printed, same
from toolkit.logstash.config import parse
from toolkit.logstash.config.nodes import Configuration
from toolkit.logstash.event.codecs import from_json, from_line
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import BATCH_SIZE, Outcome
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.source import Source

START = Timestamp.parse("2026-01-15T10:20:30.123Z")


@dataclass(frozen=True)
class Recording:
    """A folder with a pipeline, its input, and what came out of real Logstash, line by line."""

    folder: Path

    @property
    def expected(self) -> list[Any]:
        """Per input line the event, None for a dropped one, or a list of several."""
        return [_normal(read_printed(line)) for line in self._lines("expected.jsonl")]

    @property
    def expected_metadata(self) -> list[Any] | None:
        """The same of ``@metadata``, where it was recorded."""
        path = self.folder / "expected-metadata.jsonl"
        return list(map(json.loads, read_lines(path))) if path.exists() else None

    @property
    def settings(self) -> dict[str, Any]:
        """What ``meta.json`` tells of the run."""
        path = self.folder / "meta.json"
        meta: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return meta

    def observe(self) -> tuple[list[Any], list[Any]]:
        """Run the emulation; events and their metadata have the form of the expected ones."""
        outcomes = list(self._outcomes())
        return (
            [_form([printed(event.fields) for event in each.events]) for each in outcomes],
            [_form([printed(event.metadata) for event in each.events]) for each in outcomes],
        )

    def differences(self) -> Iterator[str]:
        """Describe each line on which emulation and recording differ."""
        events, metadata = self.observe()
        yield from _compare("event", events, self.expected)
        if self.expected_metadata is not None:
            yield from _compare("metadata", metadata, self.expected_metadata)

    def configured(self) -> tuple[Configuration, Context]:
        """The pipeline, and what its filters may know of the world."""
        meta = self.settings
        settings = meta.get("settings", {})
        configuration = parse(
            [Source("pipeline.conf", (self.folder / "pipeline.conf").read_text("utf-8"))],
            support_escapes=settings.get("config.support_escapes", False),
            environment=meta.get("env"),
        )
        return configuration, _context(settings)

    def events(self) -> Iterator[Event]:
        """What goes in."""
        if (self.folder / "input.log").exists():
            for line in self._lines("input.log"):
                yield from from_line(line, START)
        else:
            for line in self._lines("input.jsonl"):
                yield from from_json(line, START)

    def _outcomes(self) -> Iterator[Outcome]:
        pipeline = compile_pipeline(*self.configured())
        events = list(self.events())
        try:
            yield from pipeline.run(events)
        except PipelineCrash:
            # Every recording is shorter than a batch: all of it is lost.
            assert len(events) <= BATCH_SIZE
            yield from (Outcome(index, ()) for index, _ in enumerate(events))

    def _lines(self, name: str) -> list[str]:
        text = (self.folder / name).read_bytes().decode("utf-8", "surrogateescape")
        return text.removesuffix("\n").split("\n")


def _context(settings: dict[str, Any]) -> Context:
    return Context(
        clock=lambda: NOW.nanoseconds,
        random=random.Random(0),
        read_file=lambda name: Path(name).read_bytes(),
        list_files=lambda pattern: [],
        ecs_compatibility=settings.get("pipeline.ecs_compatibility", "v8"),
    )


def _form(events: list[Any]) -> Any:
    return events if len(events) > 1 else events[0] if events else None


def _normal(line: Any) -> Any:
    return _form(line) if isinstance(line, list) else line


def _compare(what: str, here: list[Any], recorded: list[Any]) -> Iterator[str]:
    if len(here) != len(recorded):
        yield f"{what}: {len(here)} lines here, {len(recorded)} recorded"
    for number, (mine, other) in enumerate(zip(here, recorded, strict=False), start=1):
        if not same(mine, other):
            yield f"{what} {number}: here     {_print(mine)}\n{' ' * 10}recorded {_print(other)}"


def _print(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def find_recordings(folder: Path) -> list[Recording]:
    """The recordings in ``folder``, by name."""
    return [Recording(path.parent) for path in sorted(folder.rglob("expected.jsonl"))]


def main() -> None:
    """Replay the folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--show", action="store_true", help="print the lines that differ")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        recordings = find_recordings(folder)
        differing = [each for each in recordings if not _agrees(each, show=arguments.show)]
        print(f"{folder}: {len(recordings) - len(differing)} / {len(recordings)} agreed")


def _agrees(recording: Recording, *, show: bool) -> bool:
    try:
        differences = list(recording.differences())
    except Exception as error:
        differences = [f"{type(error).__name__}: {error}"]
    if differences:
        lines = len(recording.expected)
        print(f"{recording.folder.name}: {len(differences)} differences on {lines} lines")
    if show:
        print(*differences, sep="\n")
    return not differences


if __name__ == "__main__":
    main()
