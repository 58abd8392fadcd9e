"""What of a pipeline the lines of a file reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

CONF = r"""filter {
  grok {
    match => {
      "message" => [
        "^(?:%{IP:ip}|user=(?<user>\w+|-)) (GET|POST|(?:PUT|PATCH)x?)",
        "never(?=a|b)"
      ]
    }
  }
  if "_grokparsefailure" in [tags] { drop { } }
  else if [ip] { mutate { add_tag => "ip" } }
  if [ip] { ruby { code => "1" } } else { mutate { add_tag => "user" } }
}
"""
SHOWN = r"""a.conf
    2:3     4  grok
    5:9     3    message, pattern 1 of 2
    5:14    1      alternative %{IP:ip}
    5:23    2      alternative user=(?<user>\w+|-)
    5:36    1      alternative \w+
    5:40    1      alternative -
    5:45    1      alternative GET
    5:49    0      alternative POST
    5:54    2      alternative (?:PUT|PATCH)x?
    5:57    0      alternative PUT
    5:61    2      alternative PATCH
    6:9     0    message, pattern 2 of 2
   10:3     1  if "_grokparsefailure" in [tags]
   10:38    1    drop
   11:3     1  else if [ip]
   11:18    1    mutate
   10:3     2  none of them
   12:3     1  if [ip]
   12:13    1    ruby
   12:36    2  else
   12:43    2    mutate

REACHED  86 %: 18 of 21, by 4 events
"""
LINES = "1.2.3.4 GET\nuser=- PATCH\nuser=a PATCHx\nno\n"


def coverage(*arguments: str, lines: str = LINES) -> Result:
    command = ["logstash", "coverage", "a.conf", "-", *arguments]
    return CliRunner().invoke(main, command, input=lines, env={"TOOLKIT_RAISE": "1"})


@pytest.fixture(autouse=True)
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.conf").write_text(CONF)
    return tmp_path / "a.conf"


def test_what_is_shown() -> None:
    result = coverage()
    assert result.stdout == SHOWN
    assert result.exit_code == 3
    assert "`ruby` is not emulated" in result.stderr


@pytest.mark.parametrize(("wanted", "code"), [("38", 0), ("39", 1)])
def test_a_least_share(wanted: str, code: int) -> None:
    assert coverage("--min-coverage", wanted, lines="user=- POST\n").exit_code == code


def test_a_pipeline_that_dies(conf: Path) -> None:
    conf.write_text('filter { date { match => ["message", "TAI64N"] } }')
    result = coverage()
    assert (result.exit_code, "the pipeline dies" in result.stderr) == (1, True)
