"""Values are printed as Java and Ruby print them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.numbers import java_float, ruby_number
from toolkit.logstash.event.values import Timestamp, copy, inspect, to_json, to_json_value, to_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_768_472_430_123_000_000, "2026-01-15T10:20:30.123Z"),
        (1_768_472_430_123_456_000, "2026-01-15T10:20:30.123456Z"),
        (253_402_300_800_000_000_000, "+10000-01-01T00:00:00.000Z"),
        (-62_135_596_800_000_000_000 - 366 * 86_400_000_000_000, "0000-01-01T00:00:00.000Z"),
        (-62_167_305_600_000_000_000, "-0001-12-31T00:00:00.000Z"),
    ],
)
def test_timestamps_print_as_few_digits_as_lose_nothing(nanoseconds: int, text: str) -> None:
    assert str(Timestamp(nanoseconds)) == text


@given(st.integers(-(10**19), 10**20))
def test_a_printed_timestamp_reads_as_itself(nanoseconds: int) -> None:
    timestamp = Timestamp(nanoseconds)
    assert Timestamp.parse(str(timestamp)) == timestamp


@pytest.mark.parametrize("text", ["", "x", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z", "12"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Timestamp.parse(text)


@pytest.mark.parametrize(
    ("number", "java", "ruby"),
    [
        (0.0, "0.0", "0.0"),
        (-0.0, "-0.0", "-0.0"),
        (9999999.0, "9999999.0", "9999999.0"),
        (1e7, "1.0E7", "10000000.0"),
        (0.001, "0.001", "0.001"),
        (0.0001, "1.0E-4", "0.0001"),
        (0.00001, "1.0E-5", "1.0e-05"),
        (1.25e-7, "1.25E-7", "1.25e-07"),
        (1e16, "1.0E16", "10000000000000000.0"),
        (1e20, "1.0E20", "1.0e+20"),
        (float("-inf"), "-Infinity", "-Infinity"),
        (float("nan"), "NaN", "NaN"),
    ],
)
def test_floats_print_in_two_ways(number: float, java: str, ruby: str) -> None:
    assert (java_float(number), ruby_number(number)) == (java, ruby)


@given(st.floats(allow_nan=False))
def test_a_printed_float_reads_as_itself(number: float) -> None:
    assert float(java_float(number)) == float(ruby_number(number)) == number


def test_decimals_keep_their_digits_in_templates_and_lose_them_in_ruby() -> None:
    assert [to_text(Decimal(text)) for text in ("1.50", "1E+16", "1E-7")] == [
        "1.50",
        "1E+16",
        "1E-7",
    ]
    assert [inspect(Decimal(text)) for text in ("1.50", "-2.75", "0")] == [
        "0.15e1",
        "-0.275e1",
        "0.0",
    ]


def test_a_template_joins_arrays_and_prints_hashes_as_json_but_not_those_in_arrays() -> None:
    assert to_text(["p", [2, None], {"q": [1.0, None]}]) == "p,2,,{q=[1.0, null]}"
    assert to_text({"y": [1, 2.5, None, "s"], "x": {}}) == '{"x":{},"y":[1,2.5,null,"s"]}'


@given(JSON)
def test_printed_json_says_what_the_value_is(value: Any) -> None:
    assert json.loads(to_json(value)) == to_json_value(value)


@given(JSON)
def test_a_copy_is_equal_and_shares_nothing_that_changes(value: Any) -> None:
    twin = copy(value)
    assert twin == value
    assert not isinstance(value, list | dict) or twin is not value


@pytest.mark.parametrize("show", [to_json, to_text, inspect])
def test_integers_of_any_length_are_printed(show: Callable[[Any], str]) -> None:
    number = 10**5000
    assert show(number) == "1" + "0" * 5000
    assert show([-number]).strip("[]") == "-1" + "0" * 5000
