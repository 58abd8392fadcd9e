"""Holds what is sent to Kibana, and what its stub answers, to the schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator

from tests.kibana.schemas import ERROR, OPERATIONS, Operation, Schema


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that answers at a path without its space; None where there is none."""
    if path.startswith("/api/data_views/data_view/"):
        path = "/api/data_views/data_view/{viewId}"
    return OPERATIONS.get((method, path))


def check_request(
    operation: Operation, query: str, headers: Mapping[str, str], body: bytes
) -> list[str]:
    """What is wrong with a request."""
    wrong = [f"no header {name}" for name in operation.headers if name not in headers]
    for name, values in parse_qs(query, keep_blank_values=True).items():
        if not set(values) <= set(operation.parameters.get(name, ())):
            wrong.append(f"no parameter {name}={values}")
    if operation.body is not None:
        if headers.get("content-type") != "application/json":
            wrong.append("the body is no JSON by its content-type")
        wrong += _errors(operation.body, body.decode())
    return wrong


def check_answer(operation: Operation, status: int, text: str) -> list[str]:
    """What is wrong with an answer."""
    if status not in operation.answers:
        return _errors(ERROR, text)
    schema = operation.answers[status]
    lines = text.splitlines() if operation.by_line and status == 200 else [text]
    return [wrong for line in lines for wrong in _errors(schema, line)]


def _errors(schema: Schema, text: str) -> list[str]:
    found = Draft202012Validator(schema).iter_errors(json.loads(text))
    return [f"{error.json_path}: {error.message[:200]}" for error in found]
