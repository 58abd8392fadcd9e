"""The `split` filter, beyond what is recorded of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.logstash.filters.runs import run, run_events


def pieces(value: Any, **options: Any) -> list[Any]:
    return [event.get("m") for event in run("split", {"field": "m", **options}, {"m": value})]


@given(st.lists(st.text("ab é", min_size=1), min_size=2))
def test_pieces_come_back_in_order(lines: list[str]) -> None:
    assert pieces("\n".join(lines)) == lines


def test_empty_pieces_are_left_out_and_with_them_whole_events() -> None:
    assert pieces("one\n\ntwo\n") == ["one", "two"]
    assert pieces("") == pieces("\n\n") == pieces([]) == pieces(["", None]) == []


def test_elements_keep_their_kind() -> None:
    assert pieces([1, {"k": "v"}, False, ["x"]]) == [1, {"k": "v"}, False, ["x"]]


def test_one_piece_is_the_event_itself_and_no_success() -> None:
    assert run("split", {"add_tag": ["done"]}, {"message": "one"}) == [{"message": "one"}]
    [event] = run("split", {"add_tag": ["done"]}, {"message": ["one"]})
    assert event == {"message": "one", "tags": ["done"]}


def test_a_target_leaves_the_field() -> None:
    events = run("split", {"field": "m", "target": "p", "terminator": "|"}, {"m": "a|b"})
    assert events == [{"m": "a|b", "p": "a"}, {"m": "a|b", "p": "b"}]


def test_pieces_share_nothing() -> None:
    first, second = run_events("split", {"field": "m", "target": "p"}, {"m": [{"k": 1}, {"k": 2}]})
    first.set("[m][0][k]", 9)
    first.set("[p][k]", 8)
    assert second.get("m") == [{"k": 1}, {"k": 2}]
    assert first.get("m") == [{"k": 9}, {"k": 2}]


def test_other_values_are_kept_and_tagged() -> None:
    for value in (7, None, {"k": 1}, True):
        [event] = run("split", {"add_tag": ["done"]}, {"message": value})
        assert event == {"message": value, "tags": ["_split_type_failure"]}
