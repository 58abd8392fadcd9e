"""The codec of the inputs decodes lines, unless the command or the case file has another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

LINE = '{"uri":"/cart"}'


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["logstash", *arguments], input=LINE)


def pipeline(folder: Path, codec: str) -> str:
    path = folder / "pipeline.conf"
    path.write_text(
        f'input {{ tcp {{ id => "in" port => 5000 codec => {codec} }} }}\n'
        'filter { grok { match => { "uri" => "^/%{WORD:section}" } } }\n'
    )
    return str(path)


@pytest.mark.parametrize("codec", ["json", "json_lines"])
def test_lines_are_decoded_by_the_codec_of_the_input(tmp_path: Path, codec: str) -> None:
    found = run("run", pipeline(tmp_path, codec))
    assert json.loads(found.stdout)["section"] == "cart"
    assert "section  WORD  cart" in run("trace", pipeline(tmp_path, codec), LINE).stdout


def test_a_given_codec_overrides_that_of_the_input(tmp_path: Path) -> None:
    found = run("run", pipeline(tmp_path, "json"), "--codec", "plain")
    assert json.loads(found.stdout)["message"] == LINE


def test_a_codec_that_is_not_emulated_is_named(tmp_path: Path) -> None:
    found = run("run", pipeline(tmp_path, "cef"))
    assert (found.exit_code, found.stdout) == (3, "")
    assert "the codec `cef` parses each line before the filters" in found.stderr


def test_a_case_of_an_input_has_the_codec_of_the_input(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    expected = {"uri": "/cart", "section": "cart"}
    cases = [{"input": [LINE], "expected": [expected]}]
    case.write_text(
        json.dumps({"ignore": ["@timestamp"], "input_plugin": "in", "testcases": cases})
    )
    found = run("test", str(case), "--pipeline", pipeline(tmp_path, "json"))
    assert found.exit_code == 0, found.output


MULTILINE = 'multiline {{ pattern => "{pattern}" negate => {negate} what => "previous" }}'
TRACEBACK = "10:00 failed\nTraceback\n  File\n10:01 done\n"


def events(*arguments: str, lines: str = TRACEBACK) -> list[dict[str, object]]:
    found = CliRunner().invoke(main, ["logstash", "run", *arguments], input=lines)
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.stdout.splitlines()]


@pytest.mark.parametrize(("pattern", "negate"), [("^%{HOUR}:", "true"), ("^[ T]", "false")])
def test_a_multiline_codec_joins_lines(tmp_path: Path, pattern: str, negate: str) -> None:
    codec = MULTILINE.format(pattern=pattern, negate=negate)
    first, second = events(pipeline(tmp_path, codec))
    assert (first["message"], first["tags"]) == (
        "10:00 failed\nTraceback\n  File",
        ["multiline", "_grokparsefailure"],
    )
    assert (second["message"], second["tags"]) == ("10:01 done", ["_grokparsefailure"])
    assert len(events(pipeline(tmp_path, codec), "--codec", "plain")) == 4


def test_a_joined_event_is_counted_once_in_the_coverage(tmp_path: Path) -> None:
    path, log = pipeline(tmp_path, MULTILINE.format(pattern="^1", negate="true")), tmp_path / "log"
    log.write_text(TRACEBACK)
    assert "by 2 events" in run("coverage", path, str(log)).stdout


def test_a_line_that_is_lost_is_named_by_the_number_of_its_first(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.conf"
    codec = MULTILINE.format(pattern="^1", negate="true")
    condition = "[message] =~ /done/ and [n] > 1"
    path.write_text(f"input {{ stdin {{ codec => {codec} }} }} filter {{ if {condition} {{ }} }}")
    found = CliRunner().invoke(main, ["logstash", "run", str(path)], input=TRACEBACK)
    assert "event standard input:4" in found.stderr


@pytest.mark.parametrize(
    "codec",
    [
        MULTILINE.format(pattern="%{NO_SUCH}", negate="true"),
        MULTILINE.format(pattern="^1", negate='true max_lines => "many"'),
    ],
)
def test_joining_that_is_not_known_is_named(tmp_path: Path, codec: str) -> None:
    found = run("run", pipeline(tmp_path, codec))
    assert (found.exit_code, found.stdout) == (3, "")
    assert "it is not known which lines the codec `multiline` joins" in found.stderr


@pytest.mark.parametrize("command", ["run", "trace", "coverage", "test"])
def test_inputs_with_different_codecs_are_named(tmp_path: Path, command: str) -> None:
    path = pipeline(tmp_path, "json")
    (tmp_path / "pipeline.conf").write_text(
        f"input {{ beats {{ port => 1 }} }} {(tmp_path / 'pipeline.conf').read_text()}"
    )
    (tmp_path / "case.json").write_text('{"input_plugin": "in", "testcases": [{"input": ["x"]}]}')
    given = {
        "run": [path],
        "trace": [path, LINE],
        "coverage": [path, "-"],
        "test": [str(tmp_path / "case.json"), "--pipeline", path],
    }[command]
    found = run(command, *given)
    assert (found.exit_code, found.stdout) == (3, "")
    assert "the codecs of the inputs differ: `plain` or `json`" in found.stderr
    assert "`--codec`" in found.stderr
    if command != "test":
        assert run(command, *given, "--codec", "json").exit_code == 0
