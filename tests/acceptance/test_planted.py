"""Defects that need no service to be seen: planted into what ships, each is named."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance import ROOT, toolkit

LINE = (
    "{time} INFO Root endpoint accessed method=GET path=/ status={status} "
    "latency_ms={latency} request_id=17df644c4ebe4651aefd4bc8d3a2dcfb\n"
)

CONTRACT = """\
logs:
  - name: requests
    samples: pipelines/samples/*.log
    pipeline: pipelines/logstash/app.conf
    shipper: pipelines/filebeat/filebeat.yml
    index: sre-pleno-app-*
    template: pipelines/elasticsearch/template.json
    fields:
      "@timestamp": date
      message: text
      http.response.status_code: {type: short, role: status, between: [100, 599]}
      latency_ms: {type: float, role: latency, at_least: 0}
"""


@dataclass(frozen=True)
class Defect:
    """A text put in the place of another in one file, or at its end; and who names it."""

    file: str
    before: str
    after: str
    check: str


SAMPLES = "pipelines/samples/requests.log"
PIPELINE = "pipelines/logstash/app.conf"
TEMPLATE = "pipelines/elasticsearch/template.json"

DEFECTS = {
    "a field renamed": Defect(
        PIPELINE, ":latency_ms:float}", ":latency:float}", "logs/typed-fields"
    ),
    "a latency cut to whole milliseconds": Defect(
        PIPELINE, ":latency_ms:float}", ":latency_ms:int}", "logs/typed-fields"
    ),
    "a capture into the message without overwrite": Defect(
        PIPELINE, '    overwrite => ["message"]\n', "", "logs/typed-fields"
    ),
    "a time that a change of the clock leaves out": Defect(
        PIPELINE, 'timezone => "UTC"', 'timezone => "Europe/Kyiv"', "logs/no-match"
    ),
    "a clock of twelve hours": Defect(PIPELINE, "HH:mm:ss", "hh:mm:ss", "logs/no-match"),
    "an option misspelt": Defect(PIPELINE, "timezone =>", "time_zone =>", "logs/broken-pipeline"),
    "the host as a text": Defect(
        PIPELINE,
        "  date {",
        '  mutate { replace => { "host" => "web1" } }\n  date {',
        "elasticsearch/would-reject",
    ),
    "a status out of bounds": Defect(
        SAMPLES,
        "",
        LINE.format(time="2026-11-24 20:45:42", status=999, latency="1.000"),
        "logs/value-range",
    ),
    "a line of another format": Defect(
        SAMPLES,
        "",
        LINE.format(time="2026-11-24 20:45:42", status=200, latency="12ms"),
        "logs/no-match",
    ),
    "a template for another index": Defect(
        TEMPLATE, "sre-pleno-app-*", "sre-app-*", "elasticsearch/unmatched-template"
    ),
    "a field the template forgets": Defect(
        TEMPLATE, '"status_code":', '"status":', "elasticsearch/type-mismatch"
    ),
}


@pytest.fixture
def pipelines(tmp_path: Path) -> Path:
    """A copy of what ships, without the service."""
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines")
    (tmp_path / "toolkit.yml").write_text(CONTRACT, "utf-8")
    # In 2026 the clocks of Kyiv skip this time.
    with (tmp_path / SAMPLES).open("a", encoding="utf-8") as samples:
        samples.write(LINE.format(time="2026-03-29 03:30:00", status=200, latency="1.500"))
    return tmp_path


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_the_defect_is_named(defect: Defect, pipelines: Path) -> None:
    file = pipelines / defect.file
    text = file.read_text("utf-8")
    assert defect.before in text
    planted = text.replace(defect.before, defect.after) if defect.before else text + defect.after
    file.write_text(planted, "utf-8")
    run = toolkit("verify", "--format", "json", folder=pipelines)
    assert run.code == 1, run.out
    assert defect.check in [finding["check"] for finding in run.json()["findings"]]


def test_without_a_defect_it_holds(pipelines: Path) -> None:
    run = toolkit("verify", folder=pipelines)
    assert run.code == 0, run.out
