"""Random formats and texts, recorded with java.time: printing with Java 17.0.15, reading with 25.

``nanoseconds`` count from 1970; null: the format was refused. ``read`` is the date in days
since 1970 and the time in nanoseconds, each null if the text does not determine it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.languages.date_errors import FormatError
from toolkit.languages.java_time.elements import Section
from toolkit.languages.java_time.parsed import Mismatch, Parsed
from toolkit.languages.java_time.pattern import parse_pattern
from toolkit.languages.java_time.printing import format_java
from toolkit.languages.java_time.resolve import resolve


def recorded(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def printed(case: dict[str, Any]) -> str | None:
    try:
        return format_java(case["format"], case["nanoseconds"])
    except FormatError:
        return None


def read(case: dict[str, Any]) -> list[int | None] | None:
    parsed = Parsed()
    try:
        end = Section(parse_pattern(case["format"])).read(case["text"], 0, parsed)
        resolved = resolve(parsed, case["style"])
    except (FormatError, Mismatch):
        return None
    return [resolved.date, resolved.time] if end == len(case["text"]) else None


def test_instants_are_printed_as_java_prints_them() -> None:
    cases = recorded("printing.jsonl")
    assert len(cases) == 320
    assert [case for case in cases if printed(case) != case["text"]] == []


def test_texts_are_read_as_java_reads_them() -> None:
    cases = recorded("reading.jsonl")
    assert len(cases) == 600
    assert sum(case["read"] is not None for case in cases) > 200
    assert [case for case in cases if read(case) != case["read"]] == []
