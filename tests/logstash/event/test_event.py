"""Events give, take and refuse as Logstash's do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp, copy

REFERENCES = st.lists(st.sampled_from(["a", "b", "0", "-1"]), min_size=1, max_size=3).map(
    lambda names: "".join(f"[{name}]" for name in names)
)
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "b", "0"]), inner, max_size=2)
    ),
    max_leaves=5,
)


def event(**fields: Any) -> Event:
    return Event(fields)


def test_a_new_event_has_a_version_and_keeps_its_metadata_apart() -> None:
    made = Event({"@metadata": {"m": 1}, "a": 2})
    assert made.fields == {"a": 2, "@version": "1"}
    assert made.get("[@metadata][m]") == 1
    assert made.get("@metadata") == {"m": 1}
    assert made.to_dict(metadata=True) == {"a": 2, "@version": "1", "@metadata": {"m": 1}}


@pytest.mark.parametrize("tags", [None, 5, {"a": 1}, ["a", 1], [None]])
def test_tags_that_are_no_strings_are_put_aside(tags: Any) -> None:
    made = event(tags=tags)
    assert made.get("tags") == ["_tagsparsefailure"]
    assert made.get("_tags") == [tags]


def test_a_path_leads_through_hashes_and_arrays() -> None:
    made = event(a={"b": ["x", {"c": None}]})
    assert made.get("[a][b][0]") == "x"
    assert made.get("[a][b][-2]") == "x"
    assert made.get("[a][b][2]", "none") == "none"
    assert made.get("[a][b][x]") is None
    assert made.get("[a][b][1][c]", "none") is None
    assert made.includes("[a][b][1][c]")
    assert not made.includes("[a][b][1][d]")
    assert not made.includes("[a][b][0][d]")


def test_a_null_in_an_array_is_not_there_and_in_a_hash_is() -> None:
    made = event(a=[None], h={"n": None})
    assert not made.includes("[a][0]")
    assert made.includes("[h][n]")


def test_setting_makes_parents_and_fills_arrays_up() -> None:
    made = event(a=["x"])
    made.set("[p][q][r]", 1)
    made.set("[a][3]", "y")
    made.set("[a][-4]", "z")
    assert made.get("p") == {"q": {"r": 1}}
    assert made.get("a") == ["z", None, None, "y"]


def test_setting_under_a_scalar_is_refused_and_a_name_in_an_array_does_nothing() -> None:
    made = event(s="text", a=["x"])
    with pytest.raises(FieldError):
        made.set("[s][b]", 1)
    with pytest.raises(FieldError):
        made.set("[a][-2]", 1)
    made.set("[a][name]", 1)
    made.set("[a][name][deeper]", 1)
    assert made.fields["a"] == ["x"]


@pytest.mark.parametrize(
    ("reference", "value"),
    [("@timestamp", "2026-01-15T10:20:30Z"), ("tags", 5), ("tags", [1]), ("[tags][0]", "a"),
     ("@metadata", "x"), ("[a", 1)],
)  # fmt: skip
def test_some_fields_take_only_their_own_kind(reference: str, value: Any) -> None:
    made = event(tags=["t"])
    with pytest.raises(FieldError):
        made.set(reference, value)
    assert made.fields == {"tags": ["t"], "@version": "1"}


def test_removing_from_an_array_moves_the_rest_up() -> None:
    made = event(a=["x", "y", "z"], h={"k": 1})
    assert [made.remove(name) for name in ("[a][1]", "[a][9]", "[h][k]", "[h][k]", "none")] == [
        "y", None, 1, None, None,
    ]  # fmt: skip
    assert (made.get("a"), made.get("h")) == (["x", "z"], {})


def test_removing_the_metadata_empties_it() -> None:
    made = Event({"@metadata": {"m": 1}})
    assert made.remove("@metadata") == {"m": 1}
    assert made.includes("@metadata")
    assert made.get("@metadata") == {}


def test_a_tag_is_added_once() -> None:
    made = event(tags="first")
    made.tag("first")
    assert made.get("tags") == "first"
    made.tag("second")
    made.tag("second")
    assert made.get("tags") == ["first", "second"]


def test_the_timestamp_is_one_or_none() -> None:
    made = event()
    assert made.timestamp is None
    made.timestamp = Timestamp(1)
    assert made.get("@timestamp") == made.timestamp == Timestamp(1)
    assert made.to_dict()["@timestamp"] == "1970-01-01T00:00:00.000000001Z"


@given(st.dictionaries(st.sampled_from("ab"), VALUES), REFERENCES, VALUES)
def test_what_is_set_is_got_unless_an_array_swallows_it(
    fields: dict[str, Any], reference: str, value: Any
) -> None:
    made = Event(fields)
    before = made.to_dict()
    try:
        made.set(reference, value)
    except FieldError:
        return
    assert made.get(reference) == value or made.to_dict() == before


@given(st.dictionaries(st.sampled_from("ab"), VALUES), REFERENCES)
def test_a_clone_changes_alone(fields: dict[str, Any], reference: str) -> None:
    made = Event(fields)
    twin = made.clone()
    before = made.to_dict()
    assert twin.to_dict() == before
    twin.remove(reference)
    twin.tag("more")
    assert made.to_dict() == before


def test_a_value_is_stored_as_it_is_now() -> None:
    made, items = event(), ["a"]
    made.set("one", items)
    items.append("b")
    assert made.get("one") == ["a"]


PLACES = st.sampled_from(
    ["a", "[a]", "[a][b]", "[a][b][c]", "[a][0]", "tags", "[tags][x]", "@timestamp", "[@metadata]",
     "[@metadata][x]", "[@metadata][x][y]", "[@timestamp][x]", "[a"]
)  # fmt: skip
HOLDINGS = st.recursive(
    st.none() | st.text("xy", max_size=2) | st.integers(),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("abcx"), below),
    max_leaves=4,
)


def look_and_set(event: Event, reference: str, value: Any) -> None:
    present = event.get(reference)
    if present is None:
        event.set(reference, value)
    elif isinstance(present, list):
        event.set(reference, [*present, value])
    elif isinstance(present, str):
        event.set(reference, [present, value])


@given(HOLDINGS, HOLDINGS, PLACES, st.text("xy", max_size=2) | st.integers())
def test_to_append_is_to_look_and_set(first: Any, hidden: Any, reference: str, value: Any) -> None:
    results: list[Any] = []
    for act in (Event.append, look_and_set):
        fields = {"a": copy(first), "@metadata": {"x": copy(hidden)}, "@timestamp": Timestamp(0)}
        event = Event(fields)
        try:
            act(event, reference, value)
        except FieldError:
            results.append("an error")
        else:
            results.append((event.fields, event.metadata))
    assert results[0] == results[1]
