"""Templates are filled as Logstash fills them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.sprintf import references
from toolkit.logstash.event.values import Timestamp

TIME = Timestamp.parse("2026-01-15T10:20:30.123Z")


def fill(template: str) -> str:
    event = Event(
        {"a": "A", "n": {"x": 1}, "l": ["p", 2], "null": None, "b": True, "@timestamp": TIME}
    )
    event.clock = lambda: 0
    return event.sprintf(template)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("%{a}", "A"),
        ("[%{a}][%{[a]}]", "[A][A]"),
        ("%{[n][x]} %{n} %{l} %{[l][-1]} %{b}", '1 {"x":1} p,2 2 true'),
        ("%{null} %{missing} %{[l][9]}", "%{null} %{missing} %{[l][9]}"),
        ("100% %{ %} {a} $%{a} %{a", "100% %{ %} {a} $A %{a"),
        ("%{f_%{a}}", "%{f_%{a}}"),
        ("%{+yyyy.MM.dd}", "2026.01.15"),
        ("%{+%s} %{} %{+} %{+%}", "1768472430 1768472430 1768472430 1768472430"),
        ("%{{yyyy-MM-dd'T'HH:mm:ssXXX}}", "2026-01-15T10:20:30Z"),
        ("%{{TIME_NOW}}", "1970-01-01T00:00:00.000Z"),
        ("%{@timestamp}", "2026-01-15T10:20:30.123Z"),
    ],
)
def test_templates(template: str, text: str) -> None:
    assert fill(template) == text


@pytest.mark.parametrize("template", ["%{[a}", "%{+nonsense}", "%{{str}}", "x %{a[b]}"])
def test_what_java_refuses_is_an_error_of_the_event(template: str) -> None:
    with pytest.raises(FieldError):
        fill(template)


def test_an_event_without_time_prints_no_time() -> None:
    assert Event({}).sprintf("<%{+yyyy}%{}%{{yyyy}}>") == "<>"


@given(st.text().filter(lambda text: "%{" not in text))
def test_text_without_references_stays(text: str) -> None:
    assert fill(text) == text


@given(st.lists(st.sampled_from(["%{a}", "%{x ", "}", "x", "%{+yyyy}", "%"])).map("".join))
def test_references_are_what_filling_may_change(template: str) -> None:
    parts, position = [], 0
    for _, start, end in references(template):
        parts += [template[position:start], fill(template[start:end])]
        position = end
    assert fill(template) == "".join([*parts, template[position:]])
