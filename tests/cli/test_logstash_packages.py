"""``toolkit logstash test`` reads pipeline test cases of elastic-package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

CONF = """filter {
  grok { match => { "message" => "^%{WORD:verb} %{INT:status:int}" } }
  if [status] == 302 { drop { } }
  mutate { add_field => { "[event][ingested]" => "2026-01-02T03:04:05Z" } }
}
"""
TIME = "2026-01-02T03:04:05.000Z"
COMMON = f"fields: {{ '@timestamp': '{TIME}', ecs: {{ version: 8.11.0 }} }}\n"
INGESTED = "2000-01-01T00:00:00Z"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.conf").write_text(CONF)
    (tmp_path / "test-common-config.yml").write_text(COMMON)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(*arguments: str) -> Result:
    command = ["logstash", "test", *arguments, "--pipeline", "a.conf"]
    return CliRunner().invoke(main, command, env={"TOOLKIT_RAISE": "1"})


def event(message: str, status: int, **fields: Any) -> dict[str, Any]:
    return {
        "@timestamp": TIME, "ecs": {"version": "8.11.0"}, "event": {"ingested": INGESTED},
        "message": message, "verb": "GET", "status": status, **fields,
    }  # fmt: skip


def write(name: str, lines: str, expected: list[Any], config: str) -> None:
    Path(name).write_text(lines)
    Path(f"{name}-expected.json").write_text(json.dumps({"expected": expected}))
    Path(f"{name}-config.yml").write_text(config)


DYNAMIC = "dynamic_fields: { event.ingested: '^2[0-9]{3}-' }\n"


def test_lines_get_fields_and_what_changes_is_held_to_a_pattern(folder: Path) -> None:
    config = DYNAMIC + "fields: { tags: [kept] }\nnumeric_keyword_fields: [status]\n"
    expected = [event("GET 200", 200, tags=["kept"]), None, event("GET 201", 201, tags=["kept"])]
    write("test-a.log", "GET 200\r\nGET 302\nGET 201\n", expected, config)
    result = held(".")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["✓ test-a.log: 3 events", "PASSED  1 of 1 cases"],
    )


def test_a_difference_and_a_value_that_does_not_fit_its_pattern_are_shown(folder: Path) -> None:
    config = "dynamic_fields: { event.ingested: '^199', status: '.' }\n"
    write("test-a.log", "GET 200", [event("GET 200", 404, verb="PUT")], config)
    result = held("test-a.log")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "    ~ verb  PUT → GET",
        "    + [event][ingested]  2026-01-02T03:04:05Z",
        "FAILED  0 of 1 cases",
    ]


def test_lines_are_joined_up_to_the_next_that_begins_an_entry(folder: Path) -> None:
    config = DYNAMIC + "multiline: { first_line_pattern: '^[A-Z]+ [0-9]' }\n"
    lines = "GET 200\n  at a\n\n  at b\nGET 201\n"
    joined = "GET 200\n  at a\n\n  at b"
    write("test-a.log", lines, [event(joined, 200), event("GET 201", 201)], config)
    assert held("test-a.log").exit_code == 0


def test_events_are_taken_as_they_are(folder: Path) -> None:
    given = {"@timestamp": TIME, "message": "GET 200", "labels": {"a": 1.5}}
    expected = {**event("GET 200", 200), "labels": {"a": 1.5}}
    del expected["ecs"]
    write("test-e.json", json.dumps({"events": [given]}), [expected], DYNAMIC)
    assert held(".").exit_code == 0


def test_update_writes_the_file_of_what_is_expected(folder: Path) -> None:
    write("test-a.log", "GET 200\nGET 302\n", [], DYNAMIC)
    Path("test-a.log-expected.json").unlink()
    assert held("test-a.log").exit_code == 1
    assert held("test-a.log", "--update").stdout.splitlines()[-1] == "UPDATED  1 cases"
    (written,) = json.loads(Path("test-a.log-expected.json").read_text())["expected"]
    assert written == {key: each for key, each in event("GET 200", 200).items() if key != "event"}
    assert held("test-a.log").exit_code == 0


def test_a_case_that_is_skipped_says_why(folder: Path) -> None:
    write("test-a.log", "x", [], "skip: { reason: not yet, link: 'https://example.com/1' }\n")
    result = held("test-a.log")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        0,
        "✓ test-a.log: skipped: not yet",
    )


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("multi_line: {}\n", "`multi_line` is no key of such a file"),
        ("multiline: { first_line_pattern: '(' }\n", "`(` is no regular expression"),
        ("dynamic_fields: { a: '[' }\n", "`[` is no regular expression"),
        ("[]\n", "the file is no object"),
        ("a: [\n", "the file is not valid YAML"),
    ],
)
def test_what_cannot_be_understood(config: str, said: str, folder: Path) -> None:
    write("test-a.log", "x", [], config)
    result = held("test-a.log")
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_what_is_expected_has_to_be_a_list_of_events(folder: Path) -> None:
    write("test-a.log", "x", [1], DYNAMIC)
    assert "there are no events under `expected`" in held("test-a.log").stderr


def test_a_log_that_is_not_there(folder: Path) -> None:
    assert "the case cannot be read" in held("test-b.log").stderr
