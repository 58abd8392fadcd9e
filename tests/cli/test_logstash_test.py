"""``toolkit logstash test`` reads the files that users of logstash-filter-verifier have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

CONF = """filter {
  grok { match => { "message" => "^%{WORD:verb} %{INT:status:int}$" } }
  if [status] == 302 { drop { } }
  if [verb] == "RUBY" { ruby { code => "event.cancel" } }
  if [verb] == "GEO" { geoip { source => "[a][ip]" target => "g" } }
  if [verb] == "DIE" { date { match => ["verb", "TAI64N"] } }
}
"""
OK = {"message": "GET 200", "verb": "GET", "status": 200, "type": "web", "log": {"file": "a"}}
DOCUMENT = {
    "fields": {"type": "web", "[log][file]": "a"},
    "ignore": ["@timestamp"],
    "testcases": [
        {"description": "a request", "input": ["GET 200", "GET 302"], "expected": [OK]},
        {"input": "GET 200", "expected": [{**OK, "status": "200", "gone": 1}]},
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.conf").write_text(CONF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(*arguments: str) -> Result:
    command = ["logstash", "test", *arguments, "--pipeline", "a.conf"]
    return CliRunner().invoke(main, command, env={"TOOLKIT_RAISE": "1"})


def test_each_difference_is_shown(folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps(DOCUMENT))
    result = held("a.json")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "✓ a.json: a request",
        "✗ a.json: test case 2",
        "    ~ status  200 → 200",
        "    - gone  1",
        "FAILED  1 of 2 cases",
    ]


def test_events_missing_and_too_many_are_shown(folder: Path) -> None:
    case = {"ignore": ["@timestamp"], "testcases": [
        {"input": ["GET 302"], "expected": [{"a": 1}]}, {"input": ["x 1"], "expected": []},
    ]}  # fmt: skip
    (folder / "a.json").write_text(json.dumps(case))
    shown = held("a.json").stdout
    assert '    event 1 is missing: {"a": 1}\n' in shown
    assert "    event 1 is unexpected: " in shown


def test_yaml_json_lines_and_the_old_form_with_one_case(folder: Path) -> None:
    (folder / "a.yml").write_text(
        "codec: json_lines\nignore: ['@timestamp']\ninput: ['{\"message\": \"PUT 1\"}']\n"
        "expected: [{message: PUT 1, verb: PUT, status: 1}]\n"
    )
    assert held(".").exit_code == 0


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_update_writes_what_comes_out(name: str, folder: Path) -> None:
    (folder / name).write_text(json.dumps(DOCUMENT))
    updated = held(name, "--update")
    assert (updated.exit_code, updated.stdout.splitlines()[-1]) == (0, "UPDATED  2 cases")
    assert held(name).exit_code == 0


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [("RUBY 1", 3, "the filter `ruby` is not emulated"), ("DIE 1", 1, "the pipeline dies")],
)
def test_what_is_not_known_is_not_held(line: str, code: int, said: str, folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"input": line, "expected": []}))
    result = held("a.json")
    assert (result.exit_code, said in result.stdout) == (code, True)


@pytest.mark.parametrize(
    ("status", "ignored", "code"),
    [(1, [], 3), (2, [], 1), (1, ["[g]", "[tags]"], 0), (2, ["[g]", "[tags]"], 1)],
)
def test_known_fields_are_compared(
    status: int, ignored: list[str], code: int, folder: Path
) -> None:
    event = {
        "message": "GEO 1",
        "verb": "GEO",
        "status": status,
        "tags": ["_geoip_lookup_failure"],
    }
    expected = [event | {"g": {"geo": {"city_name": "Recife"}}}]
    if ignored:
        expected = [{name: event[name] for name in ("message", "verb", "status")}]
    case = {"input": "GEO 1", "expected": expected, "ignore": ["@timestamp", *ignored]}
    (folder / "a.json").write_text(json.dumps(case))
    result = held("a.json")
    assert result.exit_code == code
    assert ("status  2 → 1" in result.stdout) == (code == 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not valid JSON"),
        ("[]", "is no object"),
        ('{"testcase": []}', "did you mean `testcases`?"),
        ('{"testcases": [{"expected": []}]}', "test case 1 has no `input`"),
        ('{"input": "x", "codec": "xml"}', "no codec is called `xml`"),
        ('{"input": "x", "fields": {"[a": 1}}', "`[a` cannot be set"),
    ],
)
def test_what_is_no_case_file(text: str, said: str, folder: Path) -> None:
    (folder / "a.json").write_text(text)
    result = held("a.json")
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_the_pipeline_of_the_contract(folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps(DOCUMENT))
    command = ["logstash", "test", "a.json"]
    assert CliRunner().invoke(main, command).exit_code == 2
    (folder / "toolkit.yml").write_text("version: 1\nlogs: [{pipeline: a.conf}]\n")
    assert CliRunner().invoke(main, command).exit_code == 1
