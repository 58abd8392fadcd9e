"""The `translate` filter against its own Ruby code, and where it meets files and faults.

``translate.jsonl``, ``yaml_dictionaries.jsonl`` and ``yaml_scalars.jsonl`` hold what
logstash-filter-translate 3.5.0 and psych 5.2 did on JRuby 9.4.13.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.logstash.filters.recorded import expected, recorded
from tests.logstash.filters.recorded import observed as replayed
from tests.logstash.filters.runs import faults, run
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import _yaml_dictionary
from toolkit.logstash.filters._yaml_scalars import Symbol, Unstorable, streamed, tokenize
from toolkit.logstash.options import OptionError


def as_listed(options: dict[str, Any]) -> dict[str, Any]:
    """Written as an array, a dictionary keeps its order, as it had in the recording."""
    pairs = [part for pair in options["dictionary"].items() for part in pair]
    return {**options, "dictionary": pairs}


def test_events_become_what_the_plugin_makes_of_them() -> None:
    wrong = []
    for case in recorded("translate.jsonl"):
        made = {**case, "plugin": "translate", "options": as_listed(case["options"])}
        if replayed(made) != expected(made):
            wrong.append(case)
    assert wrong == []


def entries(text: str) -> Any:
    try:
        found = _yaml_dictionary.read(text)
    except ValueError:
        return None
    return [[str(key), not isinstance(key, Symbol), value] for key, value in found.items()]


def test_yaml_has_the_entries_that_ruby_finds() -> None:
    cases = recorded("yaml_dictionaries.jsonl")
    assert [case for case in cases if entries(case["text"]) != case.get("entries")] == []


def shown(value: Any) -> Any:
    match value:
        case Symbol():
            return {"symbol": str(value)}
        case Unstorable():
            return {"date": str(value)}
        case Timestamp():
            return {"ns": value.nanoseconds}
        case float() if math.isinf(value):
            return {"infinite": "Infinity" if value > 0 else "-Infinity"}
        case float() if math.isnan(value):
            return {"nan": True}
        case _:
            return value


def test_yaml_scalars_are_what_ruby_makes_of_them() -> None:
    for case in recorded("yaml_scalars.jsonl"):
        value = shown(tokenize(case["text"]))
        assert (value, type(value)) == (case["result"], type(case["result"])), case


def test_streamed_yaml_knows_less() -> None:
    assert [streamed(text) for text in ("true", "False", "-7", "1_0", "1.50", ".5")] == [
        True, "False", -7, "1_0", 1.5, ".5",
    ]  # fmt: skip
    text = "- {a: yes, 1: '2', l: [1, {b: ~}]}\n- {c: d}"
    found = _yaml_dictionary.read(text, streaming=True)
    assert found == {"a": "yes", Symbol("1"): "2", "l": [1, {"b": None}]}
    with pytest.raises(ValueError, match="unexpected"):
        _yaml_dictionary.read("a: &x 1\nb: *x", streaming=True)


def translated(path: str, content: str, code: str, **options: Any) -> Any:
    options = {"source": "code", "target": "t", "dictionary_path": path, **options}
    [event] = run("translate", options, {"code": code}, read_file=lambda _: content.encode())
    return event.get("t", "nothing")


def test_dictionaries_are_read_by_the_ending_of_their_name() -> None:
    assert translated("d.yaml", "\ufeffa: 017", "a") == 15
    assert translated("d.yml", "a: 017", "a", yaml_load_strategy="streaming") == 17
    assert str(translated("d.json", '{"a": 1.50}', "a")) == "1.50"
    assert translated("d.csv", 'a,"1,2"\nb', "a") == "1,2"
    assert translated("d.csv", "a,1\nb", "b") is None
    assert translated("d.yml", "200: OK", "200") == "nothing"
    assert translated("d.yml", "a: 2024-01-01", "a") == "nothing"
    assert translated("d.json", "", "a", fallback="%{code}!") == "a!"


def refused(read_file: Any, **options: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(OptionError) as caught:
        run("translate", options, {}, read_file=read_file)
    return [(fault.option, fault.kind, fault.logstash) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("path", "content", "options"),
    [
        ("d.txt", "", {}),
        ("d.json", "[1]", {}),
        ("d.json", "{", {}),
        ("d.csv", 'a"b', {}),
        ("d.yml", "a: [1", {}),
        ("d.yml", "a: *b", {}),
        ("d.yml", "200: OK", {"regex": True}),
        ("d.csv", ",x", {"exact": False}),
        ("d.yml", "long: enough", {"yaml_dictionary_code_point_limit": 5}),
    ],
)
def test_files_that_are_no_dictionaries(path: str, content: str, options: dict[str, Any]) -> None:
    found = refused(lambda _: content.encode(), source="s", dictionary_path=path, **options)
    assert [fault[:2] for fault in found] == [("dictionary_path", "dictionary")]


def test_a_file_that_is_not_there() -> None:
    def read_file(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file", name)

    assert refused(read_file, source="s", dictionary_path="/no.yml") == [
        (
            "dictionary_path",
            "path",
            "This setting must be a path. File does not exist or cannot be opened /no.yml",
        )
    ]


@pytest.mark.parametrize(
    ("options", "places"),
    [
        ({}, ["source"]),
        ({"source": "s", "field": "f"}, ["field"]),
        ({"source": "s", "target": "t", "destination": "d"}, ["destination"]),
        ({"source": "s", "override": False}, ["override"]),
        ({"field": "[s", "iterate_on": "]"}, ["field", "iterate_on"]),
        ({"source": "s", "dictionary": {"a": "1"}, "dictionary_path": "d.csv"}, ["dictionary"]),
        (
            {
                "source": "s",
                "dictionary_path": "d.csv",
                "yaml_dictionary_code_point_limit": 5,
            },
            ["yaml_dictionary_code_point_limit"],
        ),
        (
            {
                "source": "s",
                "dictionary_path": "d.yml",
                "yaml_dictionary_code_point_limit": 0,
            },
            ["yaml_dictionary_code_point_limit"],
        ),
        ({"source": "s", "dictionary": {"a(": "1"}, "regex": True}, ["dictionary"]),
    ],
)
def test_faults_are_found(options: dict[str, Any], places: list[str]) -> None:
    assert [fault.option for fault in faults("translate", options)] == places


def test_old_names_of_options_work_without_the_new() -> None:
    options = {"field": "s", "destination": "t", "dictionary": {"a": "1"}}
    assert run("translate", options, {"s": "a"}) == [{"s": "a", "t": "1"}]


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
        "a: " + "[" * 101 + "]" * 101,
        "a: " + "[" * 20_000,
    ],
    ids=["aliases", "deep", "deeper"],
)
def test_a_dictionary_that_would_cost_too_much_is_refused(text: str, streaming: bool) -> None:
    with pytest.raises(ValueError, match=r"deep|depth|alias|unexpected"):
        _yaml_dictionary.read(text, streaming=streaming)


def test_what_aliases_repeat_within_the_bounds_is_read() -> None:
    found = _yaml_dictionary.read("a: &a [x, y]\nb: [*a, *a]\nc: " + "[" * 90 + "]" * 90)
    assert found["b"] == [["x", "y"], ["x", "y"]]
