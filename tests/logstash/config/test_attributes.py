"""Attributes become values as in Logstash, and faults find their way back."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.logstash.config import attributes, nodes, parse
from toolkit.logstash.options import OptionFault
from toolkit.logstash.source import Source


def plugin(text: str) -> nodes.Plugin:
    (found,) = parse([Source("a.conf", f"filter {{ x {{ {text} }} }}")]).statements("filter")
    assert isinstance(found, nodes.Plugin)
    return found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('a => "s" b => 1 c => -1.50 d => word', {"a": "s", "b": 1, "c": -1.5, "d": "word"}),
        ('a => ["x", 1, [yes]]', {"a": ["x", 1, ["yes"]]}),
        ('a => { "k" => { 1 => no } }', {"a": {"k": {"1": "no"}}}),
        ("a => yes a => no", {"a": ["yes", "no"]}),
        ('a => ["x"] a => "y"', {"a": ["x", "y"]}),
        ("a => yes a => yes", {"a": "yes"}),
        ('a => ["x"] a => ["x"]', {"a": ["x", "x"]}),
        ("a => { kk => 1 ll => 2 } a => { kk => 3 }", {"a": {"kk": [1, 3], "ll": 2}}),
        ("a => { kk => 1 } a => { kk => 1 }", {"a": {"kk": 1}}),
        ("a => { kk => pp } a => { kk => qq } a => { kk => pp }", {"a": {"kk": ["pp", "qq"]}}),
        ("a => { kk => pp } a => { kk => [pp, qq] }", {"a": {"kk": ["pp", "pp", "qq"]}}),
        ("a => { kk => [pp] } a => { kk => pp }", {"a": {"kk": ["pp"]}}),
        (
            "a => { kk => { ll => [pp] } } a => { kk => { ll => [pp, qq] mm => 1 } }",
            {"a": {"kk": {"ll": ["pp", "qq"], "mm": 1}}},
        ),
    ],
)
def test_values(text: str, values: dict[str, Any]) -> None:
    assert attributes.values(plugin(text)) == values


@pytest.mark.parametrize(
    ("text", "fault", "marked"),
    [
        ('a => "text"', {}, '"text"'),
        ('a => "text"', {"start": 1, "end": 3}, "ex"),
        ('a => "text"', {"path": (0,), "start": 0}, "t"),
        ('a => ["x", "yz"]', {"path": (1,), "start": 1, "end": 2}, "z"),
        ('a => { "k" => ["x", "yz"] }', {"path": ("k", 1)}, '"yz"'),
        ('a => ["k", "v", "l", "w"]', {"path": ("l",)}, '"w"'),
        ('a => ["x"] a => ["y", "z"]', {"path": (2,)}, '"z"'),
        ("a => { kk => 1 } a => { kk => 22 }", {"path": ("kk", 1)}, "22"),
        ("a => 12", {"path": ("none",)}, "12"),
        ("a => 12", {"kind": "unknown-option"}, "a"),
        ("b => 12", {}, "x"),
        ('a => "text"', {"start": 4, "end": 4}, '"'),
    ],
)
def test_places(text: str, fault: dict[str, Any], marked: str) -> None:
    span = attributes.locate(plugin(text), OptionFault("", "a", "", "", **fault))
    assert f"filter {{ x {{ {text} }} }}"[slice(*span)] == marked
