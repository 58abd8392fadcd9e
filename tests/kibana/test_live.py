"""`toolkit verify --live --kibana`: what ships, imported, then changed behind our back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.acceptance import ROOT
from tests.cli.projects import toolkit
from tests.kibana.listening import Fault
from tests.kibana.server import Stub, running

FIELDS: Any = {
    "@timestamp": ("date",),
    "http.request.method": ("keyword",),
    "http.response.status_code": ("short",),
    "latency_ms": ("float",),
    "log.level": ("keyword",),
    "message": ("text",),
    "url.path": ("keyword",),
}
DASHBOARD, LATENCY = ("dashboard", "sre-pleno-app"), ("lens", "sre-pleno-app-latency")


@pytest.fixture
def kibana() -> Iterator[Stub]:
    with running(Stub(fields={"sre-pleno-app-*": dict(FIELDS)})) as stub:
        assert toolkit("kibana", "import", str(ROOT), "--kibana", stub.url).exit_code == 0
        yield stub


def verify(stub: Stub, *more: str) -> Result:
    return toolkit("verify", str(ROOT), "--kibana", stub.url, "--only", "kibana/*", *more)


def first(result: Result) -> str:
    """The check of the first finding."""
    found = [line for line in result.stdout.splitlines() if line.startswith("✗ kibana/")]
    return found[0].split()[1]


def test_what_was_imported_is_what_is_there(kibana: Stub) -> None:
    result = verify(kibana)
    assert (result.exit_code, "0 broken, 0 not proved" in result.stdout) == (0, True), (
        result.stdout
    )
    assert "1 status report" in " ".join(result.stdout.split())


def renamed(stub: Stub) -> None:
    stub.objects[LATENCY]["attributes"]["title"] = "Speed"


def moved(stub: Stub) -> None:
    attributes = stub.objects[DASHBOARD]["attributes"]
    panels = json.loads(attributes["panelsJSON"])
    panels[0]["gridData"]["w"] = 12
    attributes["panelsJSON"] = json.dumps(panels)


def gone(stub: Stub) -> None:
    del stub.objects[LATENCY]


def bare(stub: Stub) -> None:
    stub.fields["sre-pleno-app-*"] = {}


def conflict(stub: Stub) -> None:
    kinds = {"float": ["sre-pleno-app-1"], "keyword": ["sre-pleno-app-2"]}
    stub.fields["sre-pleno-app-*"]["latency_ms"] = kinds


def text(stub: Stub) -> None:
    stub.fields["sre-pleno-app-*"]["http.response.status_code"] = ("text",)


def removed(stub: Stub) -> None:
    del stub.fields["sre-pleno-app-*"]["url.path"]


def timeless(stub: Stub) -> None:
    stub.fields["sre-pleno-app-*"]["@timestamp"] = ("keyword",)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (renamed, "kibana/drift"),
        (moved, "kibana/drift"),
        (gone, "kibana/drift"),
        (bare, "kibana/no-such-index"),
        (conflict, "kibana/field-conflict"),
        (text, "kibana/not-aggregatable"),
        (removed, "kibana/field-missing"),
    ],
)
def test_what_changed_since_is_named(
    kibana: Stub, change: Callable[[Stub], None], check: str
) -> None:
    change(kibana)
    result = verify(kibana)
    assert (result.exit_code, first(result)) == (1, check), result.stdout


def test_a_time_that_is_none_is_named(kibana: Stub) -> None:
    timeless(kibana)
    result = verify(kibana)
    assert result.exit_code == 1
    assert "✗ kibana/time-field" in result.stdout


def test_what_was_recorded_is_judged_again_without_it(kibana: Stub, tmp_path: Path) -> None:
    moved(kibana)
    recording = str(tmp_path / "recording.jsonl")
    live = verify(kibana, "--record", recording)
    kibana.faults += [Fault.STARTING] * 9
    again = toolkit("verify", str(ROOT), "--replay", recording, "--only", "kibana/*")
    assert (again.exit_code, first(again)) == (1, "kibana/drift")
    assert "gridData.w" in live.stdout
    assert len(kibana.faults) == 9


def test_the_contract_and_the_environment_name_it_as_well(
    kibana: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ROOT / "pipelines" / "kibana" / "sre-pleno-app.ndjson"
    (tmp_path / "shipped.ndjson").write_bytes(shipped.read_bytes())
    contract = tmp_path / "toolkit.yml"
    contract.write_text("kibana: {saved_objects: shipped.ndjson}\n", "utf-8")
    call = ["verify", str(tmp_path), "--live", "--only", "kibana/drift"]
    assert toolkit(*call).exit_code == 2
    monkeypatch.setenv("TOOLKIT_KIBANA_URL", kibana.url)
    assert toolkit(*call).exit_code == 0
    monkeypatch.delenv("TOOLKIT_KIBANA_URL")
    contract.write_text(
        "kibana: {saved_objects: shipped.ndjson}\n"
        f"targets: {{kibana: {{url: '{kibana.url}'}}}}\n",
        "utf-8",
    )
    assert toolkit(*call).exit_code == 0
    gone(kibana)
    assert toolkit(*call).exit_code == 1


def test_a_kibana_that_cannot_be_asked_proves_nothing(
    kibana: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLKIT_KIBANA_API_KEY", "hunter2")
    kibana.faults += [Fault.EXPIRED] * 9
    result = verify(kibana)
    assert result.exit_code == 3
    assert "(HTTP 401)" in " ".join(result.stdout.split())
    assert "hunter2" not in result.stdout + result.stderr
    assert "leaves unproven" in result.stdout


def test_one_that_lost_its_elasticsearch_is_broken(kibana: Stub) -> None:
    kibana.level = "degraded"
    assert verify(kibana).exit_code == 0
    assert verify(kibana, "--strict").exit_code == 1


def test_a_migration_that_adds_something_proves_neither(kibana: Stub) -> None:
    def migrate(each: Any) -> None:
        if each["type"] == "lens":
            each["typeMigrationVersion"] = "10.1.0"
            each["attributes"]["state"]["needsRefresh"] = True

    kibana.migrate = migrate
    assert toolkit("kibana", "import", str(ROOT), "--kibana", kibana.url).exit_code == 0
    result = verify(kibana)
    assert (result.exit_code, "by migration" in " ".join(result.stdout.split())) == (3, True)


def test_the_doctor_says_whether_it_is_there(
    kibana: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.ndjson").write_text("", "utf-8")
    contract = (
        f"kibana: {{saved_objects: s.ndjson}}\ntargets: {{kibana: {{url: '{kibana.url}'}}}}\n"
    )
    Path("toolkit.yml").write_text(contract, "utf-8")
    there = toolkit("doctor")
    kibana.faults += [Fault.STARTING]
    away = toolkit("doctor")
    assert (there.exit_code, away.exit_code) == (0, 3)
    assert f"{kibana.url[7:]} is available, 9.2.0\n" in there.stdout
    assert "? kibana " in away.stdout
    assert "  leaves unproven  kibana/drift, " in away.stdout


def test_a_contract_without_saved_objects_has_nothing_to_ask(kibana: Stub, tmp_path: Path) -> None:
    (tmp_path / "toolkit.yml").write_text("logs: []\n", "utf-8")
    result = toolkit("verify", str(tmp_path), "--kibana", kibana.url)
    assert result.exit_code == 2
    assert "the contract has no section `kibana`" in result.stderr


@pytest.mark.parametrize("answer", ["{}", "[]", '{"name": "es", "tagline": "You Know"}'])
def test_what_is_no_kibana_is_said_to_be_none(kibana: Stub, answer: str) -> None:
    strange = ("/api/status", "/api/data_views", "/api/saved_objects/_export")
    with running(Stub(answers=dict.fromkeys(strange, (200, answer)))) as other:
        result = verify(other)
        other.wrong.clear()
    assert result.exit_code == 3, result.stdout
    assert "bug" not in result.stdout
    assert "did not report its status" in result.stdout
