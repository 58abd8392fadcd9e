"""Objects with their defaults, as Kubernetes 1.34.4 itself stores them.

`recorded.jsonl` holds objects that people write, and mutations of them, each beside what the
functions of the API server make of it. `record.go` is the program that wrote it; fields without
a value and the status are left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.kubernetes.defaulting import defaulted
from toolkit.kubernetes.quantities import amount, is_quantity

_RECORDED = [
    json.loads(line)
    for line in Path(__file__).with_name("recorded.jsonl").read_text().splitlines()
]
_EMPTY: tuple[Any, ...] = (None, "", 0, {}, [])
_MEANT_EMPTY = ("emptyDir", "securityContext")


def _plain(value: Any, key: str = "") -> Any:
    """Return a value without empty fields, which Go does not distinguish from missing ones."""
    if isinstance(value, dict):
        plain = {name: _plain(each, name) for name, each in value.items()}
        return {k: v for k, v in plain.items() if v not in _EMPTY or k in _MEANT_EMPTY}
    if isinstance(value, list):
        return [_plain(each, key) for each in value]
    return amount(value).normalize() if is_quantity(value) else value


@pytest.mark.parametrize("case", _RECORDED, ids=lambda case: case["id"])
def test_defaults_are_those_of_the_api_server(case: dict[str, Any]) -> None:
    stored = {**defaulted(case["written"]), "status": None}
    assert _plain(stored) == _plain(case["stored"])


@pytest.mark.parametrize("case", _RECORDED, ids=lambda case: case["id"])
def test_what_is_defaulted_already_stays(case: dict[str, Any]) -> None:
    once = defaulted(case["written"])
    assert defaulted(once) == once


@pytest.mark.parametrize(
    "part",
    ["spec", "metadata", "template", "containers", "ports", "strategy", "behavior", "limits"],
)
@pytest.mark.parametrize("wrong", ["text", 3, True, [None, "text"], None, {"name": None}])
def test_parts_of_the_wrong_type_are_left_alone(part: str, wrong: Any) -> None:
    for case in _RECORDED:
        defaulted(_replaced(case["written"], part, wrong))


def _replaced(value: Any, part: str, wrong: Any) -> Any:
    if isinstance(value, dict):
        return {k: wrong if k == part else _replaced(v, part, wrong) for k, v in value.items()}
    return [_replaced(each, part, wrong) for each in value] if isinstance(value, list) else value


def test_what_was_written_is_not_changed() -> None:
    for case in _RECORDED:
        before = json.dumps(case["written"])
        defaulted(case["written"])
        assert json.dumps(case["written"]) == before
