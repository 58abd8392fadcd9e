"""The schemas let through what Kibana documents, and nothing else of what is used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kibana.conform import check_answer, check_request, operation_of
from tests.kibana.schemas import OPERATIONS

EXPORT = OPERATIONS["POST", "/api/saved_objects/_export"]
IMPORT = OPERATIONS["POST", "/api/saved_objects/_import"]
STATUS = OPERATIONS["GET", "/api/status"]
SENT = {"kbn-xsrf": "x", "content-type": "application/json"}
NAMED = {"type": "lens", "id": "l"}
LENS = {**NAMED, "attributes": {}, "references": []}
DETAILS = {"exportedCount": 1, "missingRefCount": 0, "missingReferences": []}


def body(**parts: Any) -> bytes:
    return json.dumps(parts).encode()


def test_the_documented_example_of_an_export_is_let_through() -> None:
    sent = body(objects=[NAMED], excludeExportDetails=True, includeReferencesDeep=False)
    assert check_request(EXPORT, "", SENT, sent) == []
    lines = "\n".join(map(json.dumps, (LENS, DETAILS)))
    assert check_answer(EXPORT, 200, lines) == []


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"content-type": "application/json"}, body(objects=[NAMED])),
        ({"kbn-xsrf": "x"}, body(objects=[NAMED])),
        (SENT, body(objects=[{"type": "lens"}])),
        (SENT, body(objects=[NAMED], includeReferences=True)),
        (SENT, body(objects=[NAMED], excludeExportDetails="no")),
    ],
)
def test_other_requests_for_an_export_are_not(headers: dict[str, str], sent: bytes) -> None:
    assert len(check_request(EXPORT, "", headers, sent)) == 1


@pytest.mark.parametrize("query", ["overwrite=yes", "force=true"])
def test_parameters_that_kibana_does_not_have(query: str) -> None:
    assert len(check_request(IMPORT, query, SENT, b"")) == 1
    assert check_request(IMPORT, "overwrite=true", SENT, b"") == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {"status": {"overall": {"level": "green"}}}),
        (200, {"status": {"overall": {"level": "available", "summary": "fine"}}}),
        (404, {"message": "Not Found"}),
    ],
)
def test_answers_of_another_form(status: int, answer: Any) -> None:
    assert check_answer(STATUS, status, json.dumps(answer))


@pytest.mark.parametrize("level", ["available", "degraded", "unavailable", "critical"])
def test_what_who_may_not_see_all_is_told_of_the_status(level: str) -> None:
    answer = {"status": {"overall": {"level": level}}}
    assert check_answer(STATUS, 200, json.dumps(answer)) == []


def test_errors_have_one_form() -> None:
    error = {"statusCode": 400, "error": "Bad Request", "message": "no"}
    assert [check_answer(each, 400, json.dumps(error)) for each in OPERATIONS.values()] == [[]] * 5


def test_operations_are_found_by_their_paths() -> None:
    assert operation_of("GET", "/api/data_views/data_view/a%20b") is not None
    assert operation_of("DELETE", "/api/data_views/data_view/a") is None
    assert operation_of("POST", "/api/saved_objects/_bulk_create") is None
