"""What panels read, held to the mappings of a real server's indices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.shipping import Shipment, call, sample_events, shipment

OBJECTS = "pipelines/kibana/sre-pleno-app.ndjson"


@contextmanager
def prepared(url: str, folder: Path) -> Iterator[Shipment]:
    with shipment(url, folder) as found:
        objects = found.folder / OBJECTS
        text = objects.read_text("utf-8")
        objects.write_text(text.replace("sre-pleno-app-*", f"{found.name}-*"), "utf-8")
        with found.contract.open("a", encoding="utf-8") as contract:
            contract.write(f"kibana: {{saved_objects: {OBJECTS}}}\n")
        found.install()
        yield found


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with prepared(server, tmp_path / "project") as found:
        yield found


def said(shipped: Shipment) -> tuple[int, Any, dict[str, str]]:
    """The exit code, the checks of the findings, and the verdicts of what the server told."""
    code, report = shipped.verify("--only", "kibana/*")
    live = (each for each in report["judgements"] if "elasticsearch" in each["step"])
    verdicts = {each["check"]: each["verdict"] for each in live}
    return code, [each["check"] for each in report["findings"]], verdicts


def test_what_ships_finds_its_fields(every_server: str, tmp_path: Path) -> None:
    with prepared(every_server, tmp_path / "project") as shipped:
        shipped.index(sample_events())
        code, findings, verdicts = said(shipped)
    assert (code, findings) == (0, [])
    assert verdicts == dict.fromkeys(
        (
            "kibana/field-conflict",
            "kibana/field-missing",
            "kibana/no-such-index",
            "kibana/not-aggregatable",
            "kibana/time-field",
        ),
        "pass",
    )


def test_a_panel_on_a_removed_field(shipped: Shipment) -> None:
    shipped.index(sample_events())
    objects = shipped.folder / OBJECTS
    text = objects.read_text("utf-8")
    renamed = text.replace('"sourceField":"latency_ms"', '"sourceField":"latency"')
    objects.write_text(renamed, "utf-8")
    code, findings, verdicts = said(shipped)
    assert (code, findings[0]) == (1, "kibana/field-missing")
    assert verdicts["kibana/field-missing"] == "fail"


def test_indices_that_disagree(shipped: Shipment) -> None:
    shipped.index(sample_events())
    call(shipped.url, "DELETE", f"/_index_template/{shipped.name}")
    other = {"mappings": {"properties": {"latency_ms": {"type": "keyword"}}}}
    call(shipped.url, "PUT", f"/{shipped.name}-2026.02.01", other)
    code, findings, verdicts = said(shipped)
    assert (code, findings[0]) == (1, "kibana/field-conflict")
    assert verdicts["kibana/time-field"] == "fail"


def test_an_index_of_others_behind_a_wider_data_view(shipped: Shipment) -> None:
    shipped.index(sample_events())
    objects = shipped.folder / OBJECTS
    text = objects.read_text("utf-8")
    objects.write_text(text.replace(f"{shipped.name}-*", f"{shipped.name}*"), "utf-8")
    other = {"@timestamp": {"type": "date"}, "latency_ms": {"type": "keyword"}}
    call(shipped.url, "PUT", f"/{shipped.name}x", {"mappings": {"properties": other}})
    code, findings, _ = said(shipped)
    call(shipped.url, "DELETE", f"/{shipped.name}x")
    assert (code, set(findings)) == (1, {"kibana/field-conflict"})


def test_an_index_that_was_never_written(shipped: Shipment) -> None:
    code, findings, verdicts = said(shipped)
    assert (code, findings) == (1, ["kibana/no-such-index"])
    assert verdicts["kibana/no-such-index"] == "fail"
