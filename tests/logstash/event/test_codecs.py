"""Lines become events, and events lines, as by Logstash's codecs."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.codecs import from_json, from_line, print_event
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp

START = Timestamp(0)


def test_a_line_becomes_a_message() -> None:
    (event,) = from_line("a\tb ", START)
    assert event.fields == {"message": "a\tb ", "@timestamp": START, "@version": "1"}


def test_bytes_that_are_no_utf_8_are_escaped() -> None:
    (event,) = from_line(b'caf\xe9 "x" \xc3\xbc'.decode("utf-8", "surrogateescape"), START)
    assert event.get("message") == r"caf\xE9 \"x\" ü"


def test_json_brings_its_own_time_and_metadata() -> None:
    line = '{"@timestamp": "2026-01-15T10:20:30Z", "@metadata": {"m": 1}, "f": 1.50}'
    (event,) = from_json(line, START)
    assert str(event.timestamp) == "2026-01-15T10:20:30.000Z"
    assert event.metadata == {"m": 1}
    assert event.get("f") == 1.5
    assert isinstance(event.get("f"), float)


def test_an_array_is_several_events_and_a_blank_line_none() -> None:
    assert [event.get("a") for event in from_json('[{"a": 1}, {"a": 2}]', START)] == [1, 2]
    assert list(from_json("  ", START)) == []


@pytest.mark.parametrize("line", ["no json", "[1]", "5", '{"a": NaN}', '{"a": }', "null"])
def test_what_is_no_object_is_kept_as_a_message(line: str) -> None:
    (event,) = from_json(line, START)
    assert (event.get("message"), event.get("tags")) == (line, ["_jsonparsefailure"])


@pytest.mark.parametrize("time", ['"yesterday"', "12"])
def test_a_time_that_is_none_is_put_aside(time: str) -> None:
    (event,) = from_json(f'{{"@timestamp": {time}}}', START)
    assert event.timestamp == START
    assert event.get("_@timestamp") == json.loads(time)
    assert event.get("tags") == ["_timestampparsefailure"]


def test_numbers_are_printed_as_they_are_held() -> None:
    event = Event({"f": 1e16, "d": Decimal("1.50"), "i": 10**20, "x": float("inf")})
    assert print_event(event) == (
        '{"f":1.0E16,"d":1.50,"i":100000000000000000000,"x":"Infinity","@version":"1"}'
    )
    assert print_event(Event({"@metadata": {"m": 1}}), metadata=True) == (
        '{"@version":"1","@metadata":{"m":1}}'
    )


@given(st.text(st.characters(codec="utf-8")))
def test_a_printed_event_reads_as_itself(text: str) -> None:
    (event,) = from_line(text, START)
    (again,) = from_json(print_event(event), Timestamp(1))
    assert again.fields == event.fields
