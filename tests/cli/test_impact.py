"""`toolkit impact`: trees as people see them, and what is asked of this repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import ROOT
from tests.acceptance import toolkit as started
from tests.cases import Case, read_cases
from tests.cli.projects import toolkit

CASES = list(read_cases(Path(__file__).parent / "impact"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path.stem}: {case.title}")
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update: bool) -> None:
    for name, text in case.blocks.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = case.blocks["arguments"].split()
    result = toolkit("impact", *arguments)
    shown = f"$ toolkit impact {' '.join(arguments)}\n{result.output}exit {result.exit_code}\n"
    assert max(map(len, shown.splitlines())) <= 80
    case.compare(shown, update=update)


def asked(name: str) -> dict[str, Any]:
    """What the command says of this repository, as JSON."""
    result = started("impact", name, "--format", "json", folder=ROOT)
    assert result.code == 0, result.err
    found: dict[str, Any] = result.json()
    return found


def names(found: dict[str, Any], side: str, *kinds: str) -> set[str]:
    nodes = [found["nodes"][number] for number in found[side]]
    return {node["name"] for node in nodes if node["kind"] in kinds}


def test_the_panels_of_this_repository_that_read_the_latency() -> None:
    found = asked("latency_ms")
    assert names(found, "downstream", "panel") == {"Latency", "Slowest routes"}
    assert names(found, "upstream", "capture") == {"%{APP_MILLISECONDS:latency_ms:float}"}
    assert names(found, "upstream", "lines") == {"requests"}


def test_the_alerts_of_this_repository_that_rest_on_the_requests() -> None:
    found = asked("http_requests_total")
    alerts = {"SrePlenoAppHighErrorRate", "SrePlenoAppSlow"}
    assert names(found, "downstream", "alert") == alerts
    assert names(found, "upstream", "exposition") == {"/metrics"}


def test_the_numbers_of_edges_are_those_of_nodes() -> None:
    found = asked("http_request_duration_seconds")
    numbers = [node["id"] for node in found["nodes"]]
    assert numbers == list(range(len(numbers)))
    assert {end for edge in found["edges"] for end in (edge["from"], edge["to"])} <= set(numbers)
    assert set(numbers) == {*found["asked"], *found["upstream"], *found["downstream"]}


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_order_does_not_depend_on_hashes(form: str) -> None:
    said = [
        started("impact", "@timestamp", "--format", form, folder=ROOT, PYTHONHASHSEED=seed).out
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != ""


def test_a_contract_that_promises_nothing_knows_no_name(tmp_path: Path) -> None:
    (tmp_path / "toolkit.yml").write_text("version: 1\n", "utf-8")
    result = toolkit("impact", "ms", str(tmp_path))
    assert result.exit_code == 2
    assert "no field or metric is called `ms`" in result.output


def test_the_json_goes_to_standard_output_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = "metrics: {dashboards: no.json, series: [{name: a}]}\n"
    (tmp_path / "toolkit.yml").write_text(contract, "utf-8")
    monkeypatch.chdir(tmp_path)
    result = toolkit("impact", "a", "--format", "json")
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert found["downstream"] == []
    assert [each["what"] for each in found["not_read"]] == ["`no.json` names no file"]
    assert "no.json" in result.stderr


@pytest.mark.parametrize(("name", "code"), [("ms", 0), ("up_total", 3)])
def test_what_was_not_read_of_metrics_leaves_fields_as_they_are(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = (
        "logs: [{fields: {ms: float}}]\nmetrics: {rules: no.yml, series: [{name: up_total}]}\n"
    )
    (tmp_path / "toolkit.yml").write_text(contract, "utf-8")
    monkeypatch.chdir(tmp_path)
    result = toolkit("impact", name)
    assert (result.exit_code, "no.yml" in result.output) == (code, code == 3)
