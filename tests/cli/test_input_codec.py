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
