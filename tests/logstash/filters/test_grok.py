"""The `grok` filter, beyond what is recorded of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.logstash.filters.runs import faults, run

FAILED = ["_grokparsefailure"]


def grok(expression: Any, message: Any = "x 1", /, **options: Any) -> dict[str, Any]:
    """The event after matching its message."""
    event: dict[str, Any] = {"message": message} | options.pop("event", {})
    [after] = run("grok", {"match": {"message": expression}, **options}, event)
    return after


def test_captures_become_fields_and_a_success_is_decorated() -> None:
    after = grok("%{WORD:a} %{INT:[b][c]:int}", add_tag=["ok"], add_field={"d": "%{a}"})
    assert after == {"message": "x 1", "a": "x", "b": {"c": 1}, "d": "x", "tags": ["ok"]}


def test_a_failure_is_tagged_and_not_decorated() -> None:
    assert grok("^%{INT:a}", add_tag=["ok"])["tags"] == FAILED
    assert grok("^%{INT:a}", tag_on_failure=["%{message}", "b"])["tags"] == ["%{message}", "b"]
    assert "tags" not in grok("^%{INT:a}", tag_on_failure=[])


@pytest.mark.parametrize(
    ("present", "stored"),
    [
        (None, "x"),
        ("old", ["old", "x"]),
        ([], ["x"]),
        (["old", 1], ["old", 1, "x"]),
        (1, 1),
        (False, False),
        ({"k": "v"}, {"k": "v"}),
    ],
)
def test_what_is_there_is_appended_to_or_left(present: Any, stored: Any) -> None:
    assert grok("%{WORD:a}", event={"a": present})["a"] == stored
    assert grok("%{WORD:a}", event={"a": present}, overwrite=["a"])["a"] == "x"
    assert grok("%{WORD:[a]}", event={"a": present}, overwrite=["a"])["a"] == stored


def test_empty_captures_are_left_out_unless_kept() -> None:
    expression = r"%{WORD:w}(?<e>\d*)(?<n>-)?"
    assert grok(expression) == {"message": "x 1", "w": "x"}
    kept = grok(expression, keep_empty_captures=True)
    assert (kept["e"], kept["n"]) == ("", None)


@pytest.mark.parametrize(
    ("target", "field"), [("t", "t"), (" t ", "t"), ("[t]", "t"), ("t.u", "t.u")]
)
def test_captures_go_under_the_target(target: str, field: str) -> None:
    after = grok("%{WORD:a} %{INT:[b][c]}", target=target, event={"a": "old"})
    assert after[field] == {"a": "x", "b": {"c": "1"}}
    assert after["a"] == "old"


def test_a_deeper_target() -> None:
    assert grok("%{WORD:a}", target="[t][u]")["t"] == {"u": {"a": "x"}}


@pytest.mark.parametrize("value", ["a x", 12, 1.5, True, {"k": 1}, None])
def test_a_value_is_matched_by_its_text(value: Any) -> None:
    texts = {"a x": "a x", 12: "12", 1.5: "1.5", True: "true", None: ""}
    expected = '{"k"=>1}' if isinstance(value, dict) else texts[value]
    after = grok("^(?<text>.*)$", value, keep_empty_captures=True)
    assert after["text"] == expected


def test_each_element_of_an_array_is_tried_and_one_suffices() -> None:
    after = grok("^%{INT:n:int}$", ["1", "x", 2])
    assert after == {"message": ["1", "x", 2], "n": 1}
    assert grok("^%{INT:n}$", ["1", 2, "x"]) == {"message": ["1", 2, "x"], "n": ["1", "2"]}
    assert grok("^%{INT:n}$", ["x", "y"])["tags"] == FAILED
    assert grok("%{GREEDYDATA}", [])["tags"] == FAILED


def test_a_missing_field_is_empty_text() -> None:
    [after] = run("grok", {"match": {"message": "^$"}}, {"other": "x"})
    assert after == {"other": "x"}


def test_the_first_match_ends_the_search_or_the_last_decides() -> None:
    assert grok(["%{INT:a}", "%{WORD:b}"]) == {"message": "x 1", "a": "1"}
    both = grok(["%{INT:a}", "%{WORD:b}"], break_on_match=False)
    assert both == {"message": "x 1", "a": "1", "b": "x"}
    last = grok(["%{INT:a}", "^%{INT:b}"], break_on_match=False)
    assert last == {"message": "x 1", "a": "1", "tags": FAILED}


def test_fields_are_searched_in_the_order_of_javas_hash_map() -> None:
    options: dict[str, Any] = {"match": {"message": "%{WORD:a}", "other": "%{WORD:b}"}}
    event = {"message": "m", "other": "o"}
    assert run("grok", options, dict(event)) == [event | {"b": "o"}]
    both = run("grok", options | {"break_on_match": False}, dict(event))
    assert both == [event | {"a": "m", "b": "o"}]


def test_an_error_while_storing_counts_as_no_match_and_keeps_what_is_stored() -> None:
    after = grok("%{WORD:a} %{INT:[s][b]}", event={"s": "scalar"})
    assert after == {"message": "x 1", "s": "scalar", "a": "x", "tags": FAILED}
    earlier = grok("%{WORD:a}(?: %{INT:[s][b]})?", ["y", "x 1", "z"], event={"s": "scalar"})
    assert (earlier["a"], earlier["tags"]) == (["y", "x"], FAILED)


def test_bytes_that_are_no_text_do_not_match() -> None:
    assert grok("%{GREEDYDATA:a}", "caf\udce9")["tags"] == FAILED


def test_a_match_that_takes_too_long_is_given_up() -> None:
    catastrophe = "^(?<x>(?:a|a)*)b$"
    after = grok(
        ["(?<y>a)", catastrophe, "(?<z>a)"],
        "a" * 40 + "b!",
        break_on_match=False,
        timeout_millis=50,
        add_tag=["ok"],
    )
    assert after == {"message": "a" * 40 + "b!", "y": "a", "tags": ["_groktimeout"]}


@pytest.mark.parametrize("never", [0, -5])
def test_no_time_is_no_limit(never: int) -> None:
    assert grok("^(?<x>(?:a|a)*)b$", "a" * 9 + "b", timeout_millis=never)["x"] == "a" * 9


def files(texts: dict[str, str]) -> dict[str, Any]:
    """A world in which folders list what is in them, and a folder cannot be read."""

    def read(name: str) -> bytes:
        if name not in texts:
            raise IsADirectoryError(name)
        return texts[name].encode()

    def glob(pattern: str) -> list[str]:
        return [name for name in [*texts, "/p/sub"] if Path(name).match(pattern)]

    return {"read_file": read, "list_files": glob}


@pytest.mark.parametrize(
    ("options", "captured"),
    [
        ({"patterns_dir": ["/p"]}, "2"),
        ({"patterns_dir": ["/p/"], "patterns_files_glob": "*.one"}, "1"),
        ({"patterns_dir": ["/p/a.one"]}, "1"),
        ({"patterns_dir": ["/none"]}, "x1"),
        ({"patterns_dir": ["/p"], "pattern_definitions": {"WORD": "x\n"}}, "x"),
    ],
)
def test_definitions_of_files_and_options_take_precedence(
    options: dict[str, Any], captured: str
) -> None:
    world = files({"/p/a.one": "# ours\nWORD 1\n", "/p/b.two": "WORD 2\n"})
    event = {"message": "x1 2"}
    [after] = run("grok", {"match": {"message": "%{WORD:a}"}, **options}, event, **world)
    assert after["a"] == captured


@pytest.mark.parametrize(
    ("ecs", "field"), [("disabled", "clientip"), ("v1", "source"), (None, "source")]
)
def test_the_pattern_set(ecs: str | None, field: str) -> None:
    line = '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 -'
    chosen = {"ecs_compatibility": ecs} if ecs else {}
    assert field in grok("%{COMMONAPACHELOG}", line, **chosen)


def test_all_that_is_wrong_is_reported_with_its_place() -> None:
    found = faults(
        "grok",
        {
            "match": {"a": ["%{WORD:x}", "= %{WROD:x} %{NOPE}"], "b": "x(%{INT:n}"},
            "pattern_definitions": {"OURS": "y"},
        },
    )
    assert [(fault.kind, fault.path, fault.start) for fault in found] == [
        ("unknown-pattern", ("a", 1), 2),
        ("unknown-pattern", ("a", 1), 12),
        ("regex", ("b",), found[2].start),
    ]
    assert found[0].fix == "did you mean `WORD`?"
    assert found[0].logstash == "pattern %{WROD:x} not defined"


def test_a_fault_in_a_definition_of_ones_own_is_shown_there() -> None:
    [fault] = faults(
        "grok", {"match": {"m": "%{OURS:x}"}, "pattern_definitions": {"OURS": "a%{NOPE}"}}
    )
    assert (fault.option, fault.path, fault.start, fault.end) == (
        "pattern_definitions",
        ("OURS",),
        1,
        8,
    )
    assert fault.why == "it is in the definition of `OURS`: `a%{NOPE}`"


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"match": {"m": 5}}, "`m` of match is no text"),
        ({"match": {"m": ["a", ["b"]]}}, "`m.1` of match is no text"),
        ({"pattern_definitions": {"A": 1}}, "`A` of pattern_definitions is no text"),
        ({"ecs_compatibility": "v9"}, "`v9` is no ecs_compatibility of grok"),
    ],
)
def test_options_that_logstash_does_not_start_with(options: dict[str, Any], what: str) -> None:
    assert [fault.what for fault in faults("grok", options)] == [what]
