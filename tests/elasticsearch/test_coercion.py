"""What fields make of values, in examples a person can follow."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.elasticsearch.coercion import CoercionOutcome, store
from toolkit.elasticsearch.documents import DynamicIndex
from toolkit.elasticsearch.values import SpelledFloat
from toolkit.errors import Unsupported

LONG = {"type": "long"}


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("short", 12.5, (12,)),
        ("short", " 12 ", (12,)),
        ("short", "NaN", (0,)),
        ("long", "9223372036854775807.9", (9223372036854775807,)),
        ("long", "١٢", (12,)),
        ("long", "5.0000000000000000000", (5,)),
        ("long", "5.00000000000000000000", (0,)),
        ("long", [3, None, "1e1", [2]], (2, 3, 10)),
        ("float", 16777217, (16777216.0,)),
        ("half_float", 12.9, (12.8984375,)),
        ("boolean", ["", "true", False], (False, False, True)),
        ("keyword", ["b", "a", "b", 1], ("1", "a", "b")),
        ("date", "2026-01-10T00:45:12,5+0300", ("2026-01-09T21:45:12.500Z",)),
        ("date_nanos", "2026-01-10T00:45:12.123456789Z", ("2026-01-10T00:45:12.123456789Z",)),
        ("ip", ["::ffff:10.0.0.1", "FE80::A"], ("10.0.0.1", "fe80::a")),
        ("unsigned_long", "18446744073709551615", (18446744073709551615,)),
        ("flattened", {"a": {"b": 1, "c": ["x"]}}, ("1", "x")),
        ("text", "anything", None),
        ("long", "", None),
    ],
)
def test_values_are_stored_as(kind: str, value: Any, stored: tuple[Any, ...] | None) -> None:
    assert store(value, {"type": kind}) == CoercionOutcome("indexed", stored)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("long", " 12", 'For input string: " 12"'),
        ("byte", 128, "out of range"),
        ("boolean", 1, "not of boolean type"),
        ("float", 1e39, "finite"),
        ("date", "2026-02-30", "invalid date"),
        ("date", 1e308, "failed to parse date field [1e+308]"),
        ("date_nanos", "1969-12-31", "before the epoch"),
        ("ip", "10.0.0.256", "not an IP string literal"),
        ("keyword", {"a": 1}, "Expected text"),
        ("keyword", "x" * 32767, "immense term"),
        ("unsigned_long", -1, "out of range"),
        ("constant_keyword", None, "null"),
    ],
)
def test_values_are_rejected(kind: str, value: Any, why: str) -> None:
    outcome = store(value, {"type": kind}, name="http.f")
    assert outcome.result == "rejected"
    assert outcome.error == "document_parsing_exception"
    assert outcome.reason.startswith(f"failed to parse field [f] of type [{kind}]: ")
    assert why in outcome.reason


def test_ignored_fields_carry_the_given_name() -> None:
    definition = {
        "type": "text",
        "fields": {"raw": {"type": "keyword", "ignore_above": 3}},
    }
    assert store("long", definition, name="log.level").ignored == ("log.level.raw",)
    forgiving = {"type": "long", "ignore_malformed": True}
    assert store("12ms", forgiving, name="took").ignored == ("took",)


def test_a_number_keeps_its_spelling_where_text_is_read() -> None:
    assert store(SpelledFloat("1.20E1"), {"type": "keyword"}).stored == ("1.20E1",)
    seconds = {"type": "date", "format": "epoch_second"}
    assert store(SpelledFloat("1768005912.5"), seconds).stored == ("1768005912.5",)
    assert store(SpelledFloat("1.7680059125E9"), seconds).result == "rejected"


def test_a_float_below_a_long_sees_the_truncated_number() -> None:
    definition = {"type": "long", "fields": {"exact": {"type": "float"}}}
    index_of = {"properties": {"took": definition}}
    assert DynamicIndex(index_of).index({"took": 2.5}).stored["took.exact"] == (2.0,)


def test_a_value_that_the_field_above_ignores_is_still_seen_truncated() -> None:
    exact = {"exact": {"type": "float"}}
    definition = {"type": "short", "ignore_malformed": True, "fields": exact}
    outcome = DynamicIndex({"properties": {"took": definition}}).index({"took": 33000.7})
    assert (outcome.ignored, outcome.stored["took.exact"]) == (("took",), (33000.0,))


@pytest.mark.parametrize(
    ("value", "mapped"),
    [
        (12, {"type": "long"}),
        (12.0, {"type": "float"}),
        ("2026-01-10", {"type": "date"}),
        (
            "2026/01/10",
            {"type": "date", "format": "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"},
        ),
        ({"a": True}, {"properties": {"a": {"type": "boolean"}}}),
        ({}, {"type": "object"}),
        (None, None),
        ([], None),
    ],
)
def test_the_first_value_maps_a_field(value: Any, mapped: Any) -> None:
    assert store(value, None).mapped == mapped


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "geo_point"},
        {"type": "date", "format": "EEE MMM dd HH:mm:ss z yyyy"},
        {"type": "date", "locale": "de", "format": "dd MMM yyyy"},
    ],
)
def test_what_is_not_emulated_is_said(definition: dict[str, Any]) -> None:
    with pytest.raises(Unsupported):
        store({"lat": 1, "lon": 2}, definition)
    assert store(None, definition).result == "indexed"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
TYPES = ("long", "byte", "float", "half_float", "boolean", "keyword", "text", "date", "ip")


@given(JSON, st.sampled_from(TYPES), st.booleans())
def test_any_value_has_an_outcome(value: Any, kind: str, forgiving: bool) -> None:
    outcome = store(value, {"type": kind, "ignore_malformed": forgiving})
    assert outcome.result == "indexed" or outcome.reason
    json.dumps(outcome.stored)


@pytest.mark.parametrize("kind", ["half_float", "float", "double"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, "Infinity", "NaN"])
def test_numbers_that_are_not_finite_are_malformed(value: Any, kind: str) -> None:
    refused = store(value, {"type": kind})
    assert refused.result == "rejected"
    assert f"[{kind}] supports only finite values" in refused.reason
    ignored = store(value, {"type": kind, "ignore_malformed": True})
    assert (ignored.result, ignored.stored, ignored.ignored) == ("indexed", None, ("f",))


def test_numbers_that_are_not_finite_arrive_as_the_text_that_logstash_sends() -> None:
    assert store([math.inf, -math.inf, math.nan], {"type": "keyword"}).stored == (
        "-Infinity",
        "Infinity",
        "NaN",
    )


@given(st.integers(-(2**63), 2**63 - 1))
def test_longs_are_kept_exactly_however_they_are_written(number: int) -> None:
    assert store([number], LONG).stored == store(str(number), LONG).stored == (number,)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_floats_of_32_bits_are_kept_exactly(number: float) -> None:
    assert store(number, {"type": "float"}).stored == (number,)


@given(st.floats(width=16, allow_nan=False, allow_infinity=False))
def test_floats_of_16_bits_are_kept_exactly(number: float) -> None:
    assert store(number, {"type": "half_float"}).stored == (number,)
