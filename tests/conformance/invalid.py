"""Replay refused configurations: ``python -m tests.conformance.invalid FOLDER…``.

Of each configuration it is recorded whether Logstash accepted it, or in which phase it refused it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import NOW
from toolkit.errors import InputError
from toolkit.findings import Finding
from toolkit.logstash.config import parse
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.source import Source


@dataclass(frozen=True)
class Attempt:
    """A folder with a configuration, and what real Logstash said of it."""

    folder: Path

    @property
    def phase(self) -> str:
        """``accepted``, or where it was refused: ``compile``, ``plugin-config``, ``register``."""
        first, *_ = (self.folder / "error.txt").read_text("utf-8").splitlines()
        return first.removeprefix("phase: ").strip()

    @property
    def message(self) -> str:
        """What Logstash said."""
        return (self.folder / "error.txt").read_text("utf-8")

    def observe(self) -> tuple[Finding, ...]:
        """The faults that the emulation finds; none if it accepts."""
        text = (self.folder / "pipeline.conf").read_text("utf-8")
        context = Context(
            clock=lambda: NOW.nanoseconds,
            read_file=lambda name: Path(name).read_bytes(),
            list_files=lambda pattern: [],
        )
        try:
            pipeline = compile_pipeline(parse([Source("pipeline.conf", text)]), context)
        except InputError as error:
            return error.findings
        return pipeline.unsupported

    def agrees(self) -> bool:
        """Whether both accept, or both refuse and the emulation says where."""
        findings = self.observe()
        placed = all(finding.where.line and finding.where.column for finding in findings)
        return placed and bool(findings) == (self.phase != "accepted")


def find_attempts(folder: Path) -> list[Attempt]:
    """The attempts in ``folder``, by name."""
    return [Attempt(path.parent) for path in sorted(folder.rglob("error.txt"))]


def main() -> None:
    """Replay the folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--show", action="store_true", help="print what is found in each")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        attempts = find_attempts(folder)
        differing = [attempt for attempt in attempts if not attempt.agrees()]
        for attempt in attempts if arguments.show else differing:
            print(f"{attempt.folder.name} ({attempt.phase})")
            for finding in attempt.observe():
                print(f"  {finding.where}: {finding.what}\n    {finding.why}\n    {finding.fix}")
        print(f"{folder}: {len(attempts) - len(differing)} / {len(attempts)} agreed")


if __name__ == "__main__":
    main()
