"""Selectors take what Kubernetes' selectors take."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.kubernetes.selectors import counterpart, selects, shown

LABELS = {"app": "shop", "tier": "web"}


def wanting(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "taken"),
    [
        (None, False),
        ({}, True),
        ({"app": "shop"}, True),
        ({"app": "shop", "tier": "db"}, False),
        ({"other": None}, False),
        ({"matchLabels": {"tier": "web"}}, True),
        ({"matchLabels": None}, True),
        (wanting("In", "app", "a", "shop"), True),
        (wanting("In", "zone", "a"), False),
        (wanting("NotIn", "app", "shop"), False),
        (wanting("NotIn", "app", "other"), True),
        (wanting("NotIn", "zone", "a"), True),
        (wanting("Exists", "tier"), True),
        (wanting("Exists", "zone"), False),
        (wanting("DoesNotExist", "zone"), True),
        (wanting("DoesNotExist", "tier"), False),
        (wanting("Near", "tier"), False),
        ({"matchLabels": {"app": "shop"}, **wanting("In", "tier", "db")}, False),
        ("app=shop", False),
    ],
)
def test_what_is_taken(selector: Any, taken: bool) -> None:
    assert selects(selector, LABELS) is taken


def test_how_it_is_shown() -> None:
    selector = {
        "matchLabels": {"app": "shop"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["web", "db"]},
            {"key": "zone", "operator": "NotIn", "values": ["a"]},
            {"key": "x", "operator": "Exists"},
            {"key": "y", "operator": "DoesNotExist"},
        ],
    }
    assert shown(selector) == "app=shop, tier in (web,db), zone notin (a), x, !y"
    assert counterpart(selector, LABELS) == (
        "has `app=shop, tier=web` and no `zone` and no `x` and no `y`"
    )
