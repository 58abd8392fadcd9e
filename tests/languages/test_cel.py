"""Expressions of CEL have the values that cel-go gives them."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.languages.cel import CelError, UnknownExpression, parse

SELF: dict[str, Any] = {
    "min": 2,
    "max": 7,
    "ratio": 0.5,
    "name": "web-1",
    "on": True,
    "tags": ["a", "b"],
    "ports": [{"name": "http", "port": 80}, {"name": "tls", "port": 443}],
    "labels": {"app": "web"},
    "none": None,
}
VALUES = [
    ("self.min <= self.max", True),
    ("self.min + 2 * 3 == 8 && -self.min < 0", True),
    ("self.max / 2 == 3 && -self.max / 2 == -3 && -self.max % 2 == -1", True),
    ("self.ratio * 2.0 == 1.0", True),
    ("!self.on || self.min > 5", False),
    ("self.on ? self.min == 2 : self.max == 2", True),
    ("has(self.name) && !has(self.other) && !has(self.none)", True),
    ("!has(self.other) || self.other.deep > 1", True),
    ("self.other > 1 || self.on", True),
    ("size(self.tags) == 2 && self.tags.size() == 2 && size(self.name) == 5", True),
    ("'a' in self.tags && !('c' in self.tags) && 'app' in self.labels", True),
    ("self.labels['app'] == \"web\" && self.tags[1] == 'b'", True),
    ("self.name.matches('^[a-z]+-[0-9]+$') && self.name.startsWith('web')", True),
    ("self.name.endsWith('-2') || self.name.contains('b-')", True),
    ("self.ports.all(p, p.port > 0 && p.port < 65536)", True),
    ("self.ports.exists(p, p.name == 'tls') && !self.tags.exists(t, t == 'z')", True),
    ("self.ports.exists_one(p, p.port == 80)", True),
    ("self.ports.filter(p, p.port > 80).map(p, p.name) == ['tls']", True),
    ("self.labels.all(k, k != '') && self.ports.all(p, has(p.name))", True),
    ("type(self.min) == int && int('7') == self.max && string(self.min) == '2'", True),
    ("self.on || self.name.lowerAscii() == 'web'", True),
    ("self.name.lowerAscii() == 'web' || self.on", True),
    ("self.name == 'it\\'s' || self.name == r'web-1' // a comment", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_the_value(text: str, value: object) -> None:
    assert parse(text)({"self": SELF}) is value


@pytest.mark.parametrize(
    "text", ["self.other > 1", "self.tags[5] == 'a'", "self.on && self.other", "1 / 0 == 1"]
)
def test_an_error(text: str) -> None:
    with pytest.raises(CelError):
        parse(text)({"self": SELF})


@pytest.mark.parametrize(
    "text",
    [
        "self.name.lowerAscii() == 'web'",
        "quantity(self.name).isGreaterThan(quantity('1'))",
        "self.name < 5",
        "self.min +",
        "{'a': 1}",
        "()",
        "other == 1",
        "self.name.matches('(')",
    ],
)
def test_what_is_not_known(text: str) -> None:
    with pytest.raises(UnknownExpression):
        parse(text)({"self": SELF})
