"""Answers of any shape are judged, or said to tell nothing; no check fails on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest

from tests.kibana.cases import CaseKibana
from tests.observed import CaseFiles
from toolkit.checks import all_checks
from toolkit.contract import parse_contract
from toolkit.model.contract import Scope
from toolkit.reports import text
from toolkit.verification import verify

SHIPPED = Path(__file__).parents[2] / "pipelines" / "kibana" / "sre-pleno-app.ndjson"
STRANGE: tuple[Any, ...] = (None, 0, True, "", "text", "{}", "[1]", [], {}, ["x"], {"a": {}}, [[]])
FIELD = {"esTypes": ["short", "keyword"], "type": "conflict", "aggregatable": True}
CONFLICT = {**FIELD, "conflictDescriptions": {"short": ["a-1"], "keyword": ["a-2", "a-3"]}}
FIELDS = {"@timestamp": {"esTypes": ["date"]}, "latency_ms": CONFLICT, "_id": FIELD}
VIEW = {"data_view": {"id": "sre-pleno-app", "title": "sre-pleno-app-*", "fields": FIELDS}}
LEVEL = {"level": "degraded", "summary": "slow"}
STATUS = {"status": {"overall": LEVEL, "core": {"elasticsearch": LEVEL}, "plugins": {}}}
JUDGING = [each for each in all_checks() if each.id.startswith("kibana/")]
CONTRACT = "logs: [{index: sre-pleno-app-*}]\nkibana: {saved_objects: x.ndjson}\n"


def raise_bug(what: str, error: Exception) -> NoReturn:
    raise AssertionError(what) from error


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def broken(whole: Any, random: Random) -> Any:
    found = deepcopy(whole)
    for _ in range(3):
        inside, key = random.choice(list(places(found)))
        inside[key] = deepcopy(random.choice(STRANGE))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_no_check_fails_on_answers_broken_at_random(seed: int) -> None:
    random = Random(seed)
    lines = map(json.loads, SHIPPED.read_text("utf-8").splitlines())
    objects = [each for each in lines if "type" in each]
    held = broken({"status": STATUS, "views": {"sre-pleno-app": VIEW}}, random)
    answers = {
        "status": held["status"],
        "views": held["views"] if isinstance(held["views"], dict) else {},
        "objects": [
            {**each, **broken(each, random), "type": each["type"], "id": each["id"]}
            for each in objects
        ],
    }
    blocks = {"x.ndjson": SHIPPED.read_text("utf-8"), "kibana": json.dumps(answers)}
    report = verify(
        Scope(parse_contract(CONTRACT, source="toolkit.yml"), live=frozenset({"kibana"})),
        JUDGING,
        [CaseFiles(blocks), CaseKibana(blocks)],
        today=date(2026, 1, 10),
        on_bug=raise_bug,
    )
    assert text.render(report)
