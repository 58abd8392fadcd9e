"""What JRuby 9.4.13 said of expressions written for this project.

A line of ``recorded.jsonl`` has the pattern, Ruby's flags, where the search starts, and either
the error or, for each text, the spans of all groups. ``differs`` marks what we do not repeat.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.languages import ruby_regex

Spans = list[list[int] | None]


@dataclass(frozen=True, slots=True)
class Recording:
    pattern: str
    flags: str = ""
    start: int = 0
    error: str = ""
    matches: dict[str, Spans | None] | None = None
    differs: bool = False

    def compile(self, engine: str | None = None) -> ruby_regex.Regex:
        pattern = "(?i)" + self.pattern if "i" in self.flags else self.pattern
        return ruby_regex.compile(pattern, engine=engine, dotall="m" in self.flags)

    def answer(self, engine: str | None = None) -> Any:
        """What we say, in the form of ``error`` or ``matches``."""
        try:
            compiled = self.compile(engine)
        except ruby_regex.RegexError as error:
            return error.message
        return {
            text: spans(compiled, text, self.start, deadline=10) for text in self.matches or {}
        }

    @property
    def expected(self) -> Any:
        return self.error or self.matches


def spans(
    compiled: ruby_regex.Regex, text: str, start: int = 0, *, deadline: float | None = None
) -> Spans | None:
    """The spans of all groups of the first match."""
    match = compiled.search(text, start, deadline=deadline)
    if match is None:
        return None
    found = (match.span(group) for group in range(compiled.groups + 1))
    return [None if span == (-1, -1) else [*span] for span in found]


def recordings() -> list[Recording]:
    with Path(__file__).with_name("recorded.jsonl").open(encoding="utf-8", newline="\n") as lines:
        return [Recording(**json.loads(line)) for line in lines]
