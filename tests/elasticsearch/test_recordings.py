"""What Elasticsearch 9.2.0 made of random values, documents and dates, it makes here too.

The recordings were made with the test distribution of 9.2.0 on JDK 25: ``values`` one field and
one document each, ``documents`` several into one index, one after the other, ``dates`` with the
server's own date formatter (English names; instants in nanoseconds since 1970).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from toolkit.elasticsearch.coercion import store
from toolkit.elasticsearch.date_formats.formats import date_format
from toolkit.elasticsearch.documents import DocumentOutcome, DynamicIndex
from toolkit.elasticsearch.values import SpelledFloat
from toolkit.languages.date_errors import FormatError
from toolkit.languages.java_time.parsed import Mismatch

FOLDER = Path(__file__).parent


def _read(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}-9.2.0.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _json(text: str) -> Any:
    return json.loads(text, parse_float=SpelledFloat)


def _exact(value: Any) -> str:
    """As text, so that 1, 1.0, true and -0.0 differ."""
    return json.dumps(value, sort_keys=True)


VALUES = _read("values")


@pytest.mark.parametrize(
    "definition", [*dict.fromkeys(_exact(each["mapping"]) for each in VALUES)]
)
def test_values_become_what_they_became(definition: str) -> None:
    for record in VALUES:
        if _exact(record["mapping"]) == definition:
            outcome = store(_json(record["value"]), record["mapping"])
            wanted = [record.get(key) for key in ("result", "error", "stored", "ignored")]
            ignored = list(outcome.ignored) if outcome.result == "indexed" else None
            seen = [outcome.result, outcome.error or None, outcome.stored, ignored]
            assert _exact(seen) == _exact(wanted), record


@pytest.mark.parametrize("record", _read("documents"), ids=lambda record: record["id"])
def test_documents_become_what_they_became(record: dict[str, Any]) -> None:
    index = DynamicIndex(record["mappings"], record["settings"])
    for each in record["documents"]:
        outcome = index.index(_json(each["document"]))
        assert outcome.result == each["result"], (each, outcome)
        assert outcome.error == each.get("error", ""), each
        if outcome.result == "indexed":
            assert list(outcome.ignored) == each["ignored"], each
            assert _exact(_shown(outcome, record["fields"])) == _exact(each["stored"]), each
    assert dict(_types(index.mappings)) == record["fields"]


def _shown(outcome: DocumentOutcome, types: Mapping[str, str]) -> dict[str, Any]:
    """The doc values that a search finds: nested objects keep theirs to themselves."""
    nested = tuple(f"{path}." for path, kind in types.items() if kind == "nested")
    shown = {path: values for path, values in outcome.stored.items() if values is not None}
    return {path: values for path, values in shown.items() if not path.startswith(nested)}


def _types(mapping: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, definition in mapping.get("properties", {}).items():
        yield prefix + name, definition.get("type", "object")
        yield from _types(definition, f"{prefix}{name}.")
        for below, multi in definition.get("fields", {}).items():
            yield f"{prefix}{name}.{below}", multi["type"]
    for name, definition in mapping.get("runtime", {}).items():
        yield f"runtime {name}", definition["type"]


DATES = _read("dates")


@pytest.mark.parametrize("pattern", [*dict.fromkeys(each["format"] for each in DATES)])
def test_dates_are_read_and_printed_as_java_does(pattern: str) -> None:
    for record in DATES:
        if record["format"] == pattern:
            instant, printed = _observe(pattern, record["text"])
            assert instant == record["instant"], record
            assert printed == record.get("printed"), record


def _observe(pattern: str, text: str) -> tuple[int | None, str | None]:
    try:
        instant = date_format(pattern).read(text)
    except (FormatError, Mismatch):
        return None, None
    try:
        return instant, date_format(pattern).write(instant)
    except Mismatch:
        return instant, None
