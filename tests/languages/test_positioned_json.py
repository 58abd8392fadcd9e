"""Every value of a JSON text knows where it stands, inside strings as well."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.languages.positioned import Path, Positioned, PositionedNode, Span, placed_in
from toolkit.languages.positioned_json import opened, parse_json

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> Positioned:
    return parse_json(text, placed_in("x.json", text))


def meant(where: Location) -> str:
    start = (where.column or 1) - 1
    return where.excerpt[start : start + where.width]


def spans(span: Span, path: Path = ()) -> Iterator[tuple[Path, Span]]:
    yield path, span
    parts = span.parts
    keyed = parts.items() if isinstance(parts, Mapping) else enumerate(parts)
    for key, inner in keyed:
        yield from spans(inner, (*path, key))


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_what_stands_at_a_span_is_the_value(value: Any, indent: int | None, plain: bool) -> None:
    found = read(json.dumps(value, indent=indent, ensure_ascii=plain))
    assert found.value == value
    for path, span in spans(found.span):
        assert json.loads(found.text[span.start : span.end]) == found.get(*path)
        for key, (start, end) in (span.keys or {}).items():
            assert json.loads(found.text[start:end]) == key


@given(st.dictionaries(st.text(), st.text() | st.integers(), min_size=1, max_size=3))
def test_json_within_a_string_is_placed_in_the_file(inner: dict[str, Any]) -> None:
    found = read(json.dumps({"outer": [json.dumps(inner)]}))
    inside = opened(PositionedNode(found), "outer", 0)
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


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "1:1", "not valid JSON"),
        ("{", "1:2", "not valid JSON"),
        ('{"a": }', "1:7", "not valid JSON"),
        ("[1,]", "1:4", "not valid JSON"),
        ("\ufeff1", "1:1", "not valid JSON"),
        ('["NaN",\n NaN]', "2:2", "not valid JSON"),
        ('{"a": -Infinity}', "1:7", "not valid JSON"),
        ('{"a": 1e999999}', "1:7", "not valid JSON"),
        ('{"a": ' + "9" * 5000 + "}", "1:7", "not valid JSON"),
        ("[" * 101 + "]" * 101, "1:101", "more than 100 levels deep"),
        ('{"a":' * 900 + "1" + "}" * 900, "1:501", "more than 100 levels deep"),
        ("[" * 100_000, "1:101", "more than 100 levels deep"),
    ],
    ids=lambda each: repr(each)[:24],
)
def test_what_is_no_json_is_refused_at_its_place(text: str, where: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read(text)
    assert str(caught.value.finding.where) == f"x.json:{where}"


def test_what_is_just_within_the_bounds_is_read() -> None:
    assert read("[" * 100 + "]" * 100).value != []
    assert read('["' + "[" * 200 + '", 1e308]').get(1) == 1e308


def test_a_key_that_is_there_already_is_noted_and_the_last_one_counts() -> None:
    found = read('{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}')
    assert found.value == {"a": 3, "b": {"c": 2}}
    assert [(path, str(where)) for path, where in found.duplicates] == [
        (("b", "c"), "x.json:1:24"),
        (("a",), "x.json:1:33"),
    ]
    assert [path for path, _ in found.below("b").duplicates] == [("c",)]
