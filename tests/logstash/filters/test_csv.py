"""The `csv` filter against Ruby's CSV library, and where it meets the event.

``csv_rows.jsonl`` and ``csv_conversions.jsonl`` hold what csv 3.2.5 made of texts on JRuby
9.4.13, in the zone UTC.
"""

from __future__ import annotations

import math
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.logstash.filters.recorded import recorded
from tests.logstash.filters.runs import context, faults, run
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters._ruby_conversions import to_boolean, to_float, to_integer
from toolkit.logstash.filters._ruby_csv import CsvDialect, CsvError
from toolkit.logstash.filters._ruby_dates import to_date, to_date_time
from toolkit.logstash.filters.csv import Csv

CONVERTERS = {
    "integer": to_integer,
    "float": to_float,
    "date": lambda text: to_date(text, UTC),
    "date_time": to_date_time,
}
FAILED: dict[str, Any] = {"tags": ["_csvparsefailure"]}


def read(options: dict[str, Any], text: Any, **fields: Any) -> list[dict[str, Any]]:
    events = run("csv", options, {"message": text, **fields})
    return [{name: event[name] for name in event if name != "message"} for event in events]


def rows(case: dict[str, Any]) -> Any:
    try:
        found = CsvDialect(case["separator"], case["quote"]).rows(case["text"])
        return {"first": next(found, None)} if "first" in case else {"rows": list(found)}
    except CsvError:
        return {"error": True}


def test_rows_are_those_of_ruby() -> None:
    cases = recorded("csv_rows.jsonl")
    assert [case for case in cases if {**case, **rows(case)} != case] == []


def test_another_line_end_in_a_line_is_an_error() -> None:
    found = CsvDialect(",", '"').rows("a\nb\rc\n")
    assert next(found) == ["a"]
    with pytest.raises(CsvError):
        next(found)


def shown(value: Any) -> Any:
    match value:
        case float() if math.isinf(value):
            return {"infinite": "Infinity" if value > 0 else "-Infinity"}
        case _:
            return value


@pytest.mark.parametrize("kind", CONVERTERS)
def test_conversions_are_those_of_ruby(kind: str) -> None:
    for case in recorded("csv_conversions.jsonl"):
        if case["to"] == kind:
            value, wanted = shown(CONVERTERS[kind](case["text"])), case["result"]
            match wanted:
                case {"ns": nanoseconds}:
                    assert value == Timestamp(nanoseconds), case
                case {"day": day}:
                    assert str(value) == f"{day}T00:00:00.000Z", case
                case _:
                    assert (value, type(value)) == (wanted, type(wanted)), case


def test_booleans_are_stripped_words() -> None:
    assert [to_boolean(text) for text in ("True\n", " FALSE ", " Yes ")] == [True, False, "yes"]


def test_a_date_is_midnight_where_logstash_runs() -> None:
    apply = Csv(columns=("d",), convert={"d": "date"}).register(
        context(timezone=ZoneInfo("Europe/Berlin"))
    )
    event = Event({"message": "2024-05-06"})
    list(apply(event))
    assert str(event.get("d")) == "2024-05-05T22:00:00.000Z"


def test_columns_have_names_places_and_types() -> None:
    options = {
        "columns": ["[a][b]", "c"],
        "target": "t",
        "convert": {"[a][b]": "integer", "column3": "float"},
    }
    assert read(options, "1,x,2,,") == [
        {"t": {"a": {"b": 1}, "c": "x", "column3": 2.0, "column4": None, "column5": None}}
    ]
    assert read({**options, "autogenerate_column_names": False}, "1,x,2") == [
        {"t": {"a": {"b": 1}, "c": "x"}}
    ]


def test_empty_cells_can_be_left_out() -> None:
    assert read({"skip_empty_columns": True}, 'a,,"",b') == [{"column1": "a", "column4": "b"}]


@pytest.mark.parametrize("text", ["", 12, True, ["a,b"], {"a": 1}, 'a"b', "a\udcff"])
def test_what_is_no_line_fails(text: Any) -> None:
    assert read({"add_tag": ["ok"]}, text) == [FAILED]


@pytest.mark.parametrize("options", [{"quote_char": "''"}, {"separator": ""}, {"columns": [1]}])
def test_some_options_fail_with_each_event(options: dict[str, Any]) -> None:
    assert read(options, "a,b") == [FAILED]


def test_null_false_and_missing_fields_are_passed_over() -> None:
    assert read({"add_tag": ["ok"]}, None) == read({"add_tag": ["ok"]}, False) == [{}]


def test_an_empty_text_can_have_its_own_tag_and_an_empty_line_is_a_success() -> None:
    options = {"skip_empty_rows": True, "add_tag": ["ok"]}
    assert read(options, "") == [{"tags": ["_csvskippedemptyfield"]}]
    assert read(options, "\n") == [{"tags": ["ok"]}]


def test_cells_before_a_failure_are_kept() -> None:
    options: dict[str, Any] = {"columns": ["a", "", "c"]}
    assert read(options, "1,2,3") == [FAILED | {"a": "1"}]
    options = {"columns": ["a", "b", "c"], "convert": {"b": "boolean"}}
    assert read(options, "1,,3") == [FAILED | {"a": "1"}]


def detect(options: dict[str, Any], *texts: str) -> list[list[dict[str, Any]]]:
    apply = Csv(autodetect_column_names=True, **options).register(context())
    return [[event.to_dict() for event in apply(Event({"message": text}))] for text in texts]


def test_the_first_event_names_the_columns() -> None:
    head, line, again = detect({}, "x,,z", "1,2,3", "x,,z")
    assert head == []
    assert line == [{"message": "1,2,3", "@version": "1", "x": "1", "column2": "2", "z": "3"}]
    assert again[0]["x"] == "x"
    assert detect({"skip_header": True}, "x,y", "x,y", "x,z")[1:] == [
        [],
        [{"message": "x,z", "@version": "1", "x": "x", "y": "z"}],
    ]


def test_an_empty_first_event_breaks_the_detection_for_good() -> None:
    head, line = detect({}, "", "1,2")
    assert (head, line) == ([], [FAILED | {"message": "1,2", "@version": "1"}])
    assert detect({}, "\n", "x", "1")[1:] == [[], [{"message": "1", "@version": "1", "x": "1"}]]


def test_quote_zero_is_written_with_an_escape() -> None:
    assert read({"quote_char": r"\x00"}, '"a",b') == [{"column1": '"a"', "column2": "b"}]


def test_faults_name_the_column() -> None:
    first, second = faults("csv", {"convert": {"a": "decimal", "b": "integer", "c": 3}})
    assert (first.path, second.path) == (("a",), ("c",))
    assert first.logstash == "Invalid conversion types: decimal, 3"
    [fault] = faults("csv", {"source": "[a"})
    assert (fault.option, fault.kind) == ("source", "field-reference")
