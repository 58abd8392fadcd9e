"""Each of these edits breaks a promise silently; the toolkit names it first, at its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance import copied, toolkit


@dataclass(frozen=True)
class Edit:
    """A change to one file, and what must be said of it."""

    file: str
    before: str
    after: str
    check: str
    place: str
    """How the place of the first finding begins."""


EDITS = {
    "a capture without its type": Edit(
        "pipelines/logstash/app.conf",
        "%{APP_MILLISECONDS:latency_ms:float}",
        "%{APP_MILLISECONDS:latency_ms}",
        "logs/typed-fields",
        "pipelines/samples/",
    ),
    "a misspelt pattern": Edit(
        "pipelines/logstash/app.conf",
        "path=%{APP_VALUE:[url][path]}",
        "path=%{APP_VALEU:[url][path]}",
        "logs/unknown-pattern",
        "pipelines/logstash/app.conf:",
    ),
    "a key inserted into the log format": Edit(
        "app/telemetry.py",
        '                    "latency_ms":',
        '                    "bytes": 0,\n                    "latency_ms":',
        "logs/no-match",
        "app.log:",
    ),
    "a counter renamed": Edit(
        "app/metrics.py",
        '"http_requests", "Requests answered."',
        '"http_answers", "Requests answered."',
        "metrics/missing",
        "service:/metrics:http_requests_total",
    ),
    "milliseconds in a histogram of seconds": Edit(
        "app/metrics.py",
        ".observe(seconds)",
        ".observe(seconds * 1000)",
        "agreement/latency",
        "service:metrics",
    ),
    "the status as a keyword": Edit(
        "pipelines/elasticsearch/template.json",
        '"status_code": {"type": "short"}',
        '"status_code": {"type": "keyword"}',
        "elasticsearch/type-mismatch",
        "pipelines/elasticsearch/template.json:",
    ),
    "a label that does not exist": Edit(
        "pipelines/prometheus/rules.yml",
        'status=~"5.."',
        'code=~"5.."',
        "metrics/dead-reference",
        "pipelines/prometheus/rules.yml:",
    ),
    "local time in the log": Edit(
        "app/lines.py",
        "time.gmtime(",
        "time.localtime(",
        "logs/timestamp-instant",
        "app.log:",
    ),
    "a zone that is left to the machine": Edit(
        "pipelines/logstash/app.conf",
        '    timezone => "UTC"\n',
        "",
        "logs/timestamp-instant",
        "pipelines/samples/",
    ),
    "tracebacks that are not joined": Edit(
        "pipelines/filebeat/filebeat.yml",
        "match: after",
        "match: before",
        "logs/multiline",
        "",
    ),
    "a threshold between two buckets": Edit(
        "app/metrics.py", "0.1, 0.25, 0.5", "0.1, 0.2, 0.5", "metrics/dead-reference", ""
    ),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what the contract of this repository speaks of."""
    return copied(tmp_path)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_edit_is_named(edit: Edit, repository: Path) -> None:
    file = repository / edit.file
    text = file.read_text("utf-8")
    assert edit.before in text
    file.write_text(text.replace(edit.before, edit.after), "utf-8")
    run = toolkit("verify", "--format", "json", folder=repository)
    first, *_ = run.json()["findings"]
    assert (run.code, first["check"]) == (1, edit.check)
    assert first["where"]["source"].startswith(edit.place.partition(":")[0])
    assert edit.place == "" or (first["where"]["source"] + ":").startswith(edit.place)


def test_unedited_it_holds(repository: Path) -> None:
    run = toolkit("verify", folder=repository)
    assert run.code == 0, run.out + run.err
