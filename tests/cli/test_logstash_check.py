"""``toolkit logstash check`` finds what Logstash refuses, at the place where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conformance import RECORDINGS
from tests.conformance.invalid import Attempt, find_attempts
from toolkit.cli import main

ATTEMPTS = find_attempts(RECORDINGS / "invalid")
UNKNOWN = {"ruby_syntax", "env_missing", "env_missing_cond"}
"""The body of a ruby filter is not parsed; a variable may be set where Logstash runs."""
PLACES: dict[str, list[str]] = {}
for line in (Path(__file__).parent / "refused.txt").read_text("utf-8").splitlines():
    PLACES.setdefault(line.partition(" ")[0], []).append(line.partition(" ")[2])


def check(*arguments: str, lines: str = "") -> Result:
    command = ["logstash", "check", *arguments]
    return CliRunner().invoke(main, command, input=lines, env={"TOOLKIT_RAISE": "1"})


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each.folder.name)
def test_recorded_refusals(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(attempt.folder)
    result = check("pipeline.conf")
    if attempt.phase == "accepted":
        assert (result.exit_code, result.stdout[:8]) == (0, "ACCEPTED")
        return
    assert result.exit_code == (3 if attempt.folder.name in UNKNOWN else 2)
    shown = " ".join(result.stdout.split())
    for place in PLACES[attempt.folder.name]:
        assert f"pipeline.conf:{place}" in shown
    if attempt.folder.name not in UNKNOWN:
        assert "Logstash reports" in shown


def test_all_faults_come_at_once_with_the_warnings_in_the_order_of_the_text(
    tmp_path: Path,
) -> None:
    conf = tmp_path / "a.conf"
    conf.write_text(
        "input { beats { prt => 5044 } }\n"
        "filter {\n"
        '  if [b] and [a] in ["x"] { grok { match => { "message" => "%{WROD:a}" } } }\n'
        '  mutate { gsub => ["a", "(", ""] conver => { "a" => "integer" } }\n'
        "}\n"
        "output { elasticsearch { hots => 1 } }\n"
    )
    result = check(str(conf))
    heads = [
        line.split(f"{conf}:")[1]
        for line in result.stdout.splitlines()
        if line[:2] in ("✗ ", "! ")
    ]
    assert heads == ["1:9", "1:17", "3:61", "4:35", "6:26", "3:21"]
    assert result.stdout.splitlines()[-1] == "REFUSED  5 faults, 1 warning, 1 note"
    assert result.exit_code == 2


def test_warnings_alone_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text('filter { if [a] in ["x"] { drop { } } }\n')
    result = check(str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"! warning  {tmp_path}/a.conf:1:20\n")
    assert result.stdout.endswith("\nACCEPTED  1 plugin, 1 warning\n")


def test_what_is_not_emulated_is_unproven(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("filter { geoip { source => ip target => geo } drop { } }\n")
    result = check(str(tmp_path))
    assert result.exit_code == 3
    assert result.stdout.endswith("\nUNPROVEN  1 of 2 plugins not emulated, 0 warnings\n")


def test_standard_input_and_width() -> None:
    result = check("-", lines="filter {\n" + "  if [a] && [b] { }\n" + "}")
    assert result.stdout.startswith("✗ error  standard input:2:10\n  `&&` is not an operator")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_colour_is_for_those_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in CliRunner().invoke(main, ["logstash", "check", "-"], input="").stdout


def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"filter {\n # \xff\n}")
    result = check(str(tmp_path))
    assert result.exit_code == 2
    assert f"{tmp_path}/a.conf:2" in result.stderr


def test_what_nests_too_deep_to_be_followed_is_unproven() -> None:
    deep = "(" * 100_000 + "[a]" + ")" * 100_000
    result = check("-", lines=f"filter {{ if {deep} {{ }} }}")
    assert result.exit_code == 3
    assert result.stdout.endswith("\nUNPROVEN  too deep to follow, 0 warnings\n")


def test_the_settings_beside_a_pipeline_decide_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_text('filter { geoip { source => "ip" } }\n')
    (tmp_path / "compose.yml").write_text(
        "services: {logstash: {image: 'docker.elastic.co/logstash/logstash:8.19.0'}}\n"
    )
    assert check("a.conf").exit_code == 2
    (tmp_path / "logstash.yml").write_text("pipeline.ecs_compatibility: disabled\n")
    assert check("b.conf").exit_code == 3
    assert check("b.conf", "--ecs", "v8").exit_code == 2
