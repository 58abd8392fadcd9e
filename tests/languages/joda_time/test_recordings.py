"""Random formats and texts, recorded with Joda-Time 2.12.7.

``now`` and ``milliseconds`` count from 1970; null: the text, or the format, was refused.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.languages.joda_time import (
    FormatError,
    JodaFormat,
    find_zone,
    format_joda,
    iso8601,
)

FOLDER = Path(__file__).parent


def recorded(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name).read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@cache
def joda_format(pattern: str, locale: str, now: int) -> JodaFormat:
    return JodaFormat(pattern, locale=locale, now=lambda: now * 1_000_000)


def read(case: dict[str, Any]) -> int | None:
    zone = find_zone(case["zone"])
    try:
        if case["format"] == "ISO8601":
            return iso8601(case["text"], zone)
        compiled = joda_format(case["format"], case["locale"], case["now"])
        return compiled.milliseconds(case["text"], zone)
    except ValueError:
        return None


def test_texts_are_read_as_joda_reads_them() -> None:
    cases = recorded("reading.jsonl")
    assert len(cases) == 700
    assert [case for case in cases if read(case) != case["milliseconds"]] == []


def printed(case: dict[str, Any]) -> str | None:
    try:
        return format_joda(case["format"], case["nanoseconds"])
    except FormatError:
        return None


def test_instants_are_printed_as_joda_prints_them() -> None:
    cases = recorded("printing.jsonl")
    assert len(cases) == 200
    assert [case for case in cases if printed(case) != case["text"]] == []
