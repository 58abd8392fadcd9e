"""Ruby's string methods, as JRuby 9.4.13 carried them out: ``ruby.jsonl`` is its word."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance import read_lines
from toolkit.languages import ruby_regex
from toolkit.logstash.event import ruby
from toolkit.logstash.event.values import inspect

METHODS: dict[str, Callable[..., Any]] = {
    "to_i": ruby.to_i,
    "to_f": ruby.to_f,
    "strip": ruby.strip,
    "upcase": ruby.upcase,
    "downcase": ruby.downcase,
    "capitalize": ruby.capitalize,
    "split": ruby.split,
    "split_all": lambda text, separator: ruby.split(text, separator, keep_empty=True),
    "gsub": lambda text, needle, new: ruby.gsub(text, ruby_regex.compile(needle), new),
    "inspect": inspect,
    "join": ruby.join,
}
CALLS = list(map(json.loads, read_lines(Path(__file__).parent / "ruby.jsonl")))


def outcome(call: dict[str, Any]) -> Any:
    try:
        result = METHODS[call["method"]](call["receiver"], *call.get("arguments", []))
    except ruby.RubyError:
        return "an error"
    if isinstance(result, float) and math.isinf(result):
        return "Infinity" if result > 0 else "-Infinity"
    return result


@pytest.mark.parametrize("method", METHODS)
def test_a_method_does_what_it_does_in_jruby(method: str) -> None:
    calls = [call for call in CALLS if call["method"] == method]
    assert calls
    assert [outcome(call) for call in calls] == [call.get("result", "an error") for call in calls]


@pytest.mark.parametrize("method", [ruby.upcase, ruby.downcase, ruby.capitalize])
def test_bytes_that_are_no_utf_8_are_refused(method: Callable[[str], str]) -> None:
    with pytest.raises(ruby.RubyError):
        method("a\udcff")
    assert ruby.strip("a\udcff ") == "a\udcff"


def test_arrays_are_made_of_anything() -> None:
    assert [ruby.array(value) for value in (None, "a", ["a"], {"k": 1})] == [
        [],
        ["a"],
        ["a"],
        [["k", 1]],
    ]


def test_very_long_numbers_are_read_exactly() -> None:
    assert ruby.to_i("-" + "9" * 5000) == -(10**5000 - 1)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_raises_nothing(text: str) -> None:
    assert isinstance(ruby.to_i(text), int)
    assert isinstance(ruby.to_f(text), float)
    assert ruby.gsub(text, ruby_regex.compile("(?<a>.)"), r"\k<a>") == text
    assert "".join(ruby.split(text, "")) == text
