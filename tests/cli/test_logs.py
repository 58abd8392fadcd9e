"""``toolkit logs``: lines into a store, and questions to it."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main

CONTRACT = """\
logs:
  - samples: app.log
    pipeline: app.conf
    fields:
      status: {type: short, role: status}
      ms: {type: float, role: latency}
      path: {type: keyword, role: route}
  - {name: other}
"""
PIPELINE = """\
filter {
  if [message] =~ /^secret/ { drop {} }
  grok {
    pattern_definitions => { "REQUEST" => "%{NOTSPACE:path} %{INT:status:int}" }
    match => { "message" => "^%{TIMESTAMP_ISO8601:time} %{REQUEST} %{NUMBER:ms:float}$" }
  }
  date { match => ["time", "ISO8601"] }
}
"""
LOG = """\
2026-01-10T00:00:00Z / 200 1.5
2026-01-10T00:30:00Z / 500 2.5
2026-01-10T01:00:00Z /slow 200 900
2026-01-10T01:00:01Z /slow 200
2026-01-10T01:00:09Z /slow 404
secret
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("toolkit.yml", CONTRACT), ("app.conf", PIPELINE), ("app.log", LOG)):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def logs(*arguments: str, code: int = 0, given: bytes | None = None) -> Result:
    done = CliRunner().invoke(main, ["logs", *arguments], input=given, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def rows(sql: str) -> list[list[str]]:
    _, *found = csv.reader(logs("query", sql, "--format", "csv").stdout.splitlines())
    return found


def test_lines_go_into_the_store_once(project: Path) -> None:
    lines, account = logs("load").stdout.splitlines()
    assert lines == "6 lines, 2 not parsed, 1 dropped"
    assert account == "sent 5 = stored 5 + there already 0 + rejected 0"
    assert logs("load", "app.log").stdout.endswith("stored 0 + there already 5 + rejected 0\n")
    assert rows("SELECT count(*), sum(failed::int), max(seconds) FROM events") == [
        ["5", "2", "0.9"]
    ]


def test_a_file_that_has_grown_gives_its_new_lines(project: Path) -> None:
    logs("load")
    (project / "app.log").write_text(LOG + "2026-01-10T02:00:00Z / 204 3\n", "utf-8")
    assert "stored 1 + there already 5" in logs("load").stdout


def test_lines_that_are_alike_are_all_kept(project: Path) -> None:
    (project / "app.log").write_text(2 * LOG[: LOG.index("\n") + 1], "utf-8")
    assert "stored 2" in logs("load").stdout


def test_compressed_files_and_globs(project: Path) -> None:
    (project / "old.log.gz").write_bytes(gzip.compress(LOG.encode()))
    assert "sent 10 = stored 10" in logs("load", "*.log*").stdout
    assert rows("SELECT DISTINCT source FROM events ORDER BY 1") == [["app.log"], ["old.log.gz"]]


def test_a_file_that_is_cut_off_keeps_what_was_read(project: Path) -> None:
    whole = gzip.compress(LOG.encode() * 200)
    (project / "cut.log.gz").write_bytes(whole[: len(whole) // 2])
    assert "cannot be read to its end" in logs("load", "cut.log.gz", code=2).stderr


FAULTS = {
    "no such file": (("load", "none.log"), 2, "`none.log` names no file"),
    "logs of another name": (("load", "--logs", "nginx"), 2, "no log is called `nginx`"),
    "no pipeline": (
        ("load", "app.log", "--logs", "other"),
        2,
        "`other` has no pipeline",
    ),
    "no store yet": (("stats",), 2, "there is no store at `logs.duckdb`"),
    "a store that is none": (("stats", "--from", "app.conf"), 2, "cannot be opened as a store"),
    "a body that is none": (
        ("query", "{", "--elasticsearch", "http://127.0.0.1:9"),
        2,
        "the query body is not valid JSON",
    ),
    "a server, and no field to ask it about": (
        ("stats", "--logs", "other", "--elasticsearch", "http://127.0.0.1:9"),
        2,
        "the contract declares no fields of `other`",
    ),
    "a server that is not there": (
        ("stats", "--elasticsearch", "http://127.0.0.1:9"),
        3,
        "Elasticsearch at 127.0.0.1:9 does not answer",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "said"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_done_is_said(
    project: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in logs(*arguments, code=code).stderr


def test_stats(project: Path) -> None:
    logs("load")
    for stored in (logs("stats").stdout, logs("stats", "app.log").stdout):
        lines = stored.splitlines()
        assert [line.rstrip() for line in lines if not line.startswith("newest")] == STATS


STATS = """\
events     5
parsed     3 (60 %)
           _grokparsefailure 2
requests   3, errors 33.33 %
  2xx      2 (66.67 %): 200 × 2
  5xx      1 (33.33 %): 500 × 1

route requests   errors     mean      p50      p95      p99      max
all          3  33.33 %   301 ms   2.5 ms   810 ms   882 ms   900 ms
/            2     50 %     2 ms     2 ms  2.45 ms  2.49 ms   2.5 ms
/slow        1      0 %   900 ms   900 ms   900 ms   900 ms   900 ms

hour              requests   errors     mean      p50      p95      p99      max
2026-01-10 00:00Z        2     50 %     2 ms     2 ms  2.45 ms  2.49 ms   2.5 ms
2026-01-10 01:00Z        1      0 %   900 ms   900 ms   900 ms   900 ms   900 ms

not parsed
     2 × _grokparsefailure  #-#-#T#:#:#Z /slow #
         app.log:4  2026-01-10T01:00:01Z /slow 200
""".splitlines()


def test_a_page_needs_nothing_else_and_shows_texts_as_they_are(project: Path) -> None:
    hostile = "<script>alert(1)</script> &amp; \x1b[31m"
    (project / "app.log").write_text(LOG + hostile + "\n", "utf-8")
    logs("stats", "app.log", "--html", "page.html")
    page = (project / "page.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;" in page
    assert "http" not in page
    assert page.count("<svg") == 2


def test_queries_are_answered_in_three_forms(project: Path) -> None:
    logs("load")
    sql = "SELECT route, count(*) AS n FROM events WHERE route IS NOT NULL GROUP BY 1 ORDER BY 1"
    assert logs("query", sql).stdout == "route  n\n/      2\n/slow  1\n"
    assert logs("query", sql, "--format", "csv").stdout == "route,n\n/,2\n/slow,1\n"
    found = map(
        json.loads, logs("query", "-", "--format", "json", given=sql.encode()).stdout.splitlines()
    )
    assert list(found) == [{"route": "/", "n": 2}, {"route": "/slow", "n": 1}]


def test_a_query_changes_nothing(project: Path) -> None:
    logs("load")
    assert "read-only" in logs("query", "DELETE FROM events", code=2).stderr


def test_a_query_that_is_none(project: Path) -> None:
    logs("load")
    assert "the store does not answer this query" in logs("query", "selec", code=2).stderr


def test_a_pipeline_that_dies_is_told_with_its_line(project: Path) -> None:
    conf = 'filter { json { source => "message" } truncate { fields => ["r"] length_bytes => 9 } }'
    (project / "app.conf").write_text(conf, "utf-8")
    (project / "app.log").write_text('{"r": "a"}\n' * 130 + '{"r": {"b": 1}}\n', "utf-8")
    done = logs("load", code=1)
    assert "app.log:131" in done.stderr
    assert "stored 125" in done.stdout


def test_lines_that_reach_what_is_not_emulated_are_not_stored(project: Path) -> None:
    conf = 'filter { if [message] =~ /200/ { ruby { code => "event.cancel" } } }'
    (project / "app.conf").write_text(conf, "utf-8")
    done = logs("load", code=3)
    assert "stored 3" in done.stdout
    for said in (done.stderr, logs("stats", "app.log").stderr):
        assert "ruby" in said
        assert "3 lines reached what is not emulated" in said
