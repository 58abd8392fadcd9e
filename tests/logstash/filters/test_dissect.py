"""The `dissect` filter against its own Java code, and where it meets the event.

``dissect.jsonl`` and ``dissect_numbers.jsonl`` hold what `Dissector` and `Converters` of
logstash-filter-dissect 1.2.5 made of texts, with ``pre`` in the event.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.logstash.filters.recorded import recorded
from tests.logstash.filters.runs import faults, run
from toolkit.logstash.event.values import Timestamp

FAILED = {"tags": ["_dissectfailure"]}


def cut(mapping: str, text: Any, **fields: Any) -> dict[str, Any]:
    [event] = run("dissect", {"mapping": {"f": mapping}}, {"f": text, **fields})
    del event["f"]
    return event


def observed(case: dict[str, Any]) -> Any:
    if faults("dissect", {"mapping": {"[@metadata][f]": case["mapping"]}}):
        return "error"
    options = {"mapping": {"[@metadata][f]": case["mapping"]}}
    fields = {"@metadata": {"f": case["text"]}, "pre": "old"}
    [event] = run("dissect", options, fields)
    return "failed" if event.pop("tags", None) else event


def expected(case: dict[str, Any]) -> Any:
    if "error" in case:
        return "error"
    return case["fields"] if case["matched"] else "failed"


def test_pieces_are_those_that_the_plugin_cuts() -> None:
    wrong = [case for case in recorded("dissect.jsonl") if observed(case) != expected(case)]
    assert wrong == []


def test_numbers_are_those_of_java() -> None:
    for case in recorded("dissect_numbers.jsonl"):
        kind, wanted = case["type"], case["result"]
        [event] = run("dissect", {"convert_datatype": {"n": kind}}, {"n": case["text"]})
        if wanted is None:
            assert event["tags"] == [f"_dataconversionuncoercible_n_{kind}"], case
        else:
            assert (str(event["n"]), "tags" in event) == (wanted, False), case


def test_conversions_run_whatever_happened_before() -> None:
    options = {
        "mapping": {"f": "%{a} %{b}"},
        "convert_datatype": {"a": "int", "[x][y]": "FLOAT", "n": "Int"},
        "add_tag": ["ok"],
    }
    [event] = run("dissect", options, {"f": "-", "x": {"y": 1.5e10}, "n": [1]})
    assert event.pop("x") == {"y": Decimal("1.5E+10")}
    assert sorted(event.pop("tags")) == [
        "_dataconversionnullvalue_a_int",
        "_dataconversionuncoercible_n_Int",
        "_dissectfailure",
    ]
    assert event == {"f": "-", "n": [1]}


def test_a_number_too_large_for_an_integer_fails() -> None:
    [event] = run("dissect", {"convert_datatype": {"n": "int"}}, {"n": "1e99999999"})
    assert event == {"n": "1e99999999", **FAILED}


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        (["x y", None], {"a": '["x', "b": 'y", nil]'}),
        ({"k": 1}, FAILED),
        (Timestamp(0), FAILED),
        (None, FAILED),
        ("", FAILED),
        ("x \udcff", {"a": "x", "b": "�"}),
    ],
)
def test_any_value_is_cut_by_its_text(value: Any, pieces: dict[str, Any]) -> None:
    assert cut("%{a} %{b}", value) == pieces


def test_a_missing_field_is_passed_over() -> None:
    assert run("dissect", {"mapping": {"f": "%{a} %{b}"}, "add_tag": ["ok"]}, {"g": 1}) == [
        {"g": 1}
    ]


def test_every_mapping_that_succeeds_is_a_success() -> None:
    options = {"mapping": {"f": "%{a}", "g": "%{b}", "h": ""}, "add_field": {"n": "1"}}
    assert run("dissect", options, {"f": "x", "g": "y", "h": "z"})[0]["n"] == ["1", "1"]


def test_what_is_appended_to_is_printed_as_java_does() -> None:
    assert cut("%{+l}", "x", l=["a", 1.0e10, None, {"k": True}])["l"] == (
        "[a, 1.0E10, null, {k=true}] x"
    )
    assert cut("%{+n}", "x", n=None) == {"n": None, **FAILED}


def test_an_indirect_name_may_come_from_the_event() -> None:
    assert cut("%{&k}", "x", k=5) == {"k": 5, "5": "x"}
    assert cut("%{&k} %{?k}", "x ") == {}


def test_fields_before_a_failure_are_kept() -> None:
    assert cut("%{a} %{[a][b]} %{c}", "1 2 3") == {"a": "1", **FAILED}


def test_the_time_of_the_event_can_be_overwritten_with_a_text() -> None:
    assert cut("%{@timestamp} %{b}", "x y", **{"@timestamp": Timestamp(0)}) == {
        "@timestamp": "x",
        "b": "y",
    }


@pytest.mark.parametrize(
    ("mapping", "place", "logstash"),
    [
        ("no field", "no field", "Index -1 out of bounds for length 1"),
        (
            "%{a} %{+&b}",
            "+&b",
            "Field cannot prefix with both Append and Indirect Prefix (+&): +&b",
        ),
        ("%{a} %{+}", "+", "Field cannot be a prefix on its own without further text"),
        ("%{&/1}", "&/1", "Field cannot be a prefix and a suffix without a name section"),
    ],
)
def test_faults_say_where(mapping: str, place: str, logstash: str) -> None:
    [fault] = faults("dissect", {"mapping": {"f": mapping}})
    assert (fault.path, fault.logstash) == (("f",), logstash)
    assert mapping[fault.start : fault.end] == place


def test_types_that_do_not_exist_are_faults() -> None:
    first, second = faults("dissect", {"mapping": {"f": "x"}, "convert_datatype": {"a": "bool"}})
    assert (first.option, second.path) == ("mapping", ("a",))
    assert second.logstash == "Dissector datatype conversion, datatype not supported: bool"
