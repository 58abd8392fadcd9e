"""What people see of a line on its way."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

GOLDEN = Path(__file__).parent / "golden"
NOW = "2026-01-15T10:20:30.123Z"
LINE = "2026-01-10 00:45:12 INFO Root endpoint accessed method=GET path=/ status={} latency_ms=3.2"

PIPELINE = (Path(__file__).parent / "pipelines" / "app.conf").read_text("utf-8")
TEMPLATE = """{"index_patterns": ["app-*"], "template": {"mappings": {"properties": {
  "@timestamp": {"type": "date"}, "latency_ms": {"type": "float"}, "message": {"type": "text"},
  "http": {"properties": {"response": {"properties": {"status_code": {"type": "short"}}}}}}}}}
"""
CONTRACT = """version: 1
logs:
  - name: other
    pipeline: other.conf
  - name: requests
    pipeline: app.conf
    template: template.json
    fields: {latency_ms: float, url: object, url.query: keyword}
"""
STRICT = CONTRACT.replace("template.json", "strict.json")
LOSSY = """filter {
  json { source => "message" }
  if [n] > 3 { mutate { add_tag => ["big"] } }
  if [n] > 3 { geoip { source => "ip" } }
  split { field => "list" }
  if [list] == "a" { mutate { rename => { "list" => "item" } } }
  else { date { match => ["list", "TAI64N"] } }
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "app.conf": PIPELINE,
        "other.conf": 'filter { grok { match => { "message" => "^%{IP:ip}" } } }',
        "lossy.conf": LOSSY,
        "template.json": TEMPLATE,
        "strict.json": TEMPLATE.replace('"properties"', '"dynamic": "strict", "properties"', 1),
        "vectors.json": TEMPLATE.replace('"text"', '"percolator"'),
        "toolkit.yml": CONTRACT,
        "strict.yml": STRICT,
        "vectors.yml": CONTRACT.replace("template.json", "vectors.json"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def toolkit(*arguments: str, lines: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=lines, env={"TOOLKIT_RAISE": "1"})


CASES = {
    "parsed": (["trace", LINE.format(200), "--now", NOW], 0),
    "not-parsed": (["trace", LINE.format("-"), "--logs", "requests", "--now", NOW], 1),
    "refused": (["trace", LINE.format(200), "strict.yml", "--now", NOW], 1),
    "cloned": (["logstash", "trace", "app.conf", LINE.format(503), "--now", NOW], 0),
    "lost": (["logstash", "trace", "lossy.conf", '{"list": ["a"]}', "--now", NOW], 1),
    "died": (["logstash", "trace", "lossy.conf", '{"n": 1, "list": ["b"]}', "--now", NOW], 1),
    "unproven": (
        ["logstash", "trace", "lossy.conf", '{"n": 9, "list": ["a", "a"]}', "--now", NOW],
        3,
    ),
    "probe": (
        ["logstash", "trace", "--codec", "json", "app.conf", '{"event": {"kind": "probe"}}'],
        0,
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("folder")
def test_what_is_shown(name: str, update: bool) -> None:
    arguments, code = CASES[name]
    result = toolkit(*arguments)
    golden = GOLDEN / f"trace-{name}.txt"
    if update:
        golden.write_text(result.stdout, "utf-8")
    assert result.stdout == golden.read_text("utf-8")
    assert result.exit_code == code, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.usefixtures("folder")
def test_the_logs_that_parse_a_line_are_its_own_though_the_index_refuses_it() -> None:
    result = toolkit("trace", LINE.format(200), "strict.yml", "--now", NOW)
    assert "app.conf" in result.stdout
    assert result.stdout.splitlines()[-2].startswith(
        "REFUSED  by the index: mapping set to strict"
    )


@pytest.mark.usefixtures("folder")
def test_a_template_that_is_not_emulated_leaves_the_verdict_open() -> None:
    result = toolkit("trace", LINE.format(200), "vectors.yml", "--now", NOW)
    assert result.exit_code == 3
    assert "UNPROVEN  parsed, and the field type `percolator`" in result.stdout


@pytest.mark.usefixtures("folder")
def test_configurations_instead_of_a_contract() -> None:
    line = LINE.format(200)
    given = toolkit("trace", line, "--pipeline", "app.conf", "other.conf", "--now", NOW)
    assert given.exit_code == 1
    alone = toolkit("trace", "-", "--pipeline", "app.conf", "--now", NOW, lines=f"{line}\n")
    assert alone.exit_code == 0
    assert alone.stdout.splitlines()[-1] == "PARSED  9 fields"


@pytest.mark.usefixtures("folder")
def test_colour_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    arguments, _ = CASES["not-parsed"]
    coloured = CliRunner().invoke(main, arguments).stdout
    plain = (GOLDEN / "trace-not-parsed.txt").read_text("utf-8")
    assert coloured != plain
    for code in ("31", "32", "33", "34", "1", "2", "31;1", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["x", "no.yml"], 2, "there is no contract at `no.yml`"),
        (["x", "--logs", "request"], 2, "did you mean `requests`?"),
        (["x", "--pipeline", "no.conf"], 2, "there is no configuration at `no.conf`"),
        (["x", "broken.yml"], 2, "`grok` has no option `macth`"),
        (["x", "missing.yml"], 3, "`nothing.conf` names no file"),
        (["x", "empty.yml"], 2, "the contract names no pipeline"),
    ],
)
def test_what_cannot_be_followed(arguments: list[str], code: int, said: str, folder: Path) -> None:
    (folder / "broken.conf").write_text("filter { grok { macth => { } } }")
    (folder / "broken.yml").write_text("version: 1\nlogs:\n  - pipeline: broken.conf\n")
    (folder / "missing.yml").write_text("version: 1\nlogs:\n  - pipeline: nothing.conf\n")
    (folder / "empty.yml").write_text("version: 1\nlogs:\n  - {samples: a.log}\n")
    result = toolkit("trace", *arguments)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
