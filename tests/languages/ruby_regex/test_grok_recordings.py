"""Expressions of recorded grok filters that use no pattern: matched, refused, timed out alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.conformance import RECORDINGS
from toolkit.languages import ruby_regex

_CASES = RECORDINGS / "filters" / "grok.jsonl"
_PLAIN = {"match", "timeout_millis", "keep_empty_captures"}


def _cases() -> Iterator[dict[str, Any]]:
    for line in _CASES.read_text("utf-8").split("\n")[:-1]:
        case = json.loads(line)
        match, text = case["config"].get("match"), case["event"].get("message")
        pattern = match.get("message") if isinstance(match, dict) and len(match) == 1 else None
        written = isinstance(pattern, str) and isinstance(text, str) and "%{" not in pattern
        if written and case["config"].keys() <= _PLAIN:
            yield case


def _tags(case: dict[str, Any]) -> list[str] | str:
    """The tags that a filter leaves, or what Ruby says of the expression."""
    try:
        compiled = ruby_regex.compile(case["config"]["match"]["message"], dotall=True)
    except ruby_regex.RegexError as error:
        return error.message
    limit = case["config"].get("timeout_millis", 30_000)
    deadline = limit / 1000 if limit > 0 else None
    try:
        match = compiled.search(case["event"]["message"], deadline=deadline)
    except ruby_regex.RegexTimeout:
        return ["_groktimeout"]
    return ["_grokparsefailure"] if match is None else _captured_wrongly(case, compiled, match)


def _captured_wrongly(
    case: dict[str, Any], compiled: ruby_regex.Regex, match: ruby_regex.Match
) -> list[str]:
    wrong = []
    for name, _ in compiled.names:
        if not name.isidentifier():
            continue
        texts = [match.group(number) for known, number in compiled.names if known == name]
        found = [text for text in texts if text or (text == "" and _keeps_empty(case))]
        expected = case["expected"].get(name)
        if found != (expected if isinstance(expected, list) else [expected] * bool(found)):
            wrong.append(f"{name}={found}")
    return wrong


def _keeps_empty(case: dict[str, Any]) -> bool:
    return bool(case["config"].get("keep_empty_captures"))


def test_all_are_as_recorded() -> None:
    cases, wrong = 0, []
    for case in _cases():
        cases += 1
        expected: list[str] | str = case.get("expected", {}).get("tags", [])
        if "expected_error" in case:
            expected = case["expected_error"]["message"].split(": /")[0]
        if (said := _tags(case)) != expected:
            wrong.append((case["id"], said, expected))
    assert wrong == []
    assert cases > 200
