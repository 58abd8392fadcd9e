"""A filter is one file: from it alone everything here knows the filter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import pages
from tests.cli.projects import project, toolkit
from tests.extensions.packages import installed, write

FILTER = '''\
"""The `pair` filter: cut a text in two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from toolkit.logstash.event import Event
from toolkit.logstash.fields import FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import Strings


@dataclass(frozen=True, kw_only=True)
class Pair(Filter):
    """Cut ``source`` at a sign into the fields ``left`` and ``right``."""

    plugin: ClassVar[str] = "pair"
    emulates: ClassVar[str] = "2.0.1"
    parses: ClassVar[bool] = True

    source: str = "message"
    left: str = "key"
    right: str = "value"
    tag_on_failure: Strings = ("_pairfailure",)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for option in (self.left, self.right):
            for name in names_of(option):
                yield Write(name, names_of(self.source), form="text", certain=False)

    def register(self, context: Context) -> Apply:
        def apply(event: Event) -> tuple[Event]:
            left, sign, right = str(event.get(self.source)).partition("=")
            if sign:
                event.set(self.left, left)
                event.set(self.right, right)
                self.decorate(event)
            else:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply
'''
CONFIGURATION = "filter { pair { %s } if [%s] { mutate { uppercase => [key] } } }\n"
CONTRACT = """\
logs:
  - {name: a, pipeline: app.conf, samples: app.log, fields: {key: text}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with the filter, where the package with its file is installed."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    package = write(tmp_path / "acme-pair", "filters", "pair=pair", pair=FILTER)
    with installed(package, site=tmp_path / "site"):
        yield project(
            tmp_path / "work", CONTRACT, app_conf=CONFIGURATION % ("", "key"), app_log="a=b\n"
        )


def test_run() -> None:
    event = json.loads(toolkit("logstash", "run", "app.conf", "--input", "app.log").stdout)
    assert (event["key"], event["value"]) == ("A", "b")


def test_check() -> None:
    Path("app.conf").write_text(CONFIGURATION % ("lft => x1", "key"))
    result = toolkit("logstash", "check", "app.conf")
    assert result.exit_code == 2
    assert "`pair` has no option `lft`" in result.stdout
    assert "did you mean `left`?" in result.stdout


def test_remarks() -> None:
    """Fields it writes are there; others are not, as would be said of any other filter."""
    assert "0 warnings" in toolkit("logstash", "check", "app.conf").stdout
    Path("app.conf").write_text(CONFIGURATION % ("", "kye"))
    result = toolkit("logstash", "check", "app.conf")
    assert "1 note" in result.stdout
    assert "`[kye]` is read, and no filter writes it" in result.stdout


def test_trace() -> None:
    assert "pair" in toolkit("trace", "a=b").stdout


def test_impact() -> None:
    result = toolkit("impact", "key")
    assert result.exit_code == 0, result.stdout
    origins = result.stdout.partition("is read by")[0]
    assert "pair" in origins
    assert "samples app.log" in origins


@pytest.mark.parametrize(
    ("options", "mark"),
    [
        ("", " (`_pairfailure`)"),
        ('tag_on_failure => ["_no_pair"]', " (`_no_pair`)"),
        ("tag_on_failure => []", ", and not tagged"),
    ],
)
def test_no_match(options: str, mark: str) -> None:
    Path("app.conf").write_text(CONFIGURATION % (options, "key"))
    Path("app.log").write_text("a=b\nno pair\n")
    result = toolkit("verify", "--only", "logs/no-match")
    assert result.exit_code == 1
    assert f"a line is not parsed by `pair`{mark}" in result.stdout


def test_no_match_of_a_filter_that_tags_events_itself(tmp_path: Path) -> None:
    by_hand = "[event.tag(tag) for tag in self.tag_on_failure]"
    (tmp_path / "site" / "pair.py").write_text(
        FILTER.replace("self.fail(event, self.tag_on_failure)", by_hand)
    )
    test_no_match('tag_on_failure => ["_no_pair"]', " (`_no_pair`)")


def test_docs() -> None:
    text = dict(pages())["docs/conformance.md"]
    assert "| `pair` | 2.0.1 | 4 | – |" in text
