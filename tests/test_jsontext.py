"""Every value of a JSON text knows where it stands, inside strings as well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.jsontext import JsonText, Path, parse_json, placed_in

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> JsonText:
    return parse_json(text, placed_in("x.json", text))


def meant(where: Location) -> str:
    start = (where.column or 1) - 1
    return where.excerpt[start : start + where.width]


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_what_stands_at_a_span_is_the_value(value: Any, indent: int | None, plain: bool) -> None:
    found = read(json.dumps(value, indent=indent, ensure_ascii=plain))
    assert found.value == value
    for path, (start, end) in found.spans.items():
        assert json.loads(found.text[start:end]) == found.get(*path)
    for path, (start, end) in found.keys.items():
        assert json.loads(found.text[start:end]) == path[-1]


@given(st.dictionaries(st.text(), st.text() | st.integers(), min_size=1, max_size=3))
def test_json_within_a_string_is_placed_in_the_file(inner: dict[str, Any]) -> None:
    found = read(json.dumps({"outer": [json.dumps(inner)]}))
    inside = found.inner("outer", 0)
    assert inside.value == inner
    for key, value in inner.items():
        where = inside.locate(key)
        shown = json.dumps(json.dumps(value))[1:-1]
        assert meant(where) == shown


def test_a_word_is_found_within_its_value_only() -> None:
    found = read('{"a": "x", "b": "one x", "c": "é\\"x"}')
    assert str(found.find("x", "b")) == "x.json:1:22"
    assert str(found.find('é"', "c")) == "x.json:1:32"
    assert found.find("y", "b") == found.locate("b")


@pytest.mark.parametrize("path", [("a", 7), ("b",), ("a", "x", 1)])
def test_what_is_not_there_is_placed_around_it(path: Path) -> None:
    found = read('{\n "a": [1]}')
    assert found.get(*path) is None
    assert found.locate(*path).line == (2 if path[0] == "a" else 1)


@pytest.mark.parametrize("text", ["", "{", '{"a": }', "[1,]", "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not valid JSON"):
        read(text)
