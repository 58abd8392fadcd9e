"""Shortcuts for usual values lead where the long way leads."""

from __future__ import annotations

import math
import struct
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.elasticsearch.coercion import store
from toolkit.elasticsearch.date_formats.iso8601 import Iso8601
from toolkit.elasticsearch.java_numbers import nearest_single, round_to
from toolkit.languages.java_time.parsed import Mismatch

DOUBLES = st.floats(allow_nan=False, allow_infinity=False)


@given(DOUBLES | st.floats(min_value=0, max_value=1e6))
def test_a_single_is_that_of_the_exact_number(number: float) -> None:
    found = nearest_single(number)
    assert found is None or found == round_to("f", Fraction(number))


@given(st.floats(min_value=2**-100, max_value=2**100, width=32))
def test_the_middle_between_two_singles_is_left_open(number: float) -> None:
    (after,) = struct.unpack("<f", struct.pack("<I", _bits(number) + 1))
    middle = (number + after) / 2
    assert nearest_single(middle) is None
    for near in (math.nextafter(middle, 0), math.nextafter(middle, math.inf)):
        assert nearest_single(near) == round_to("f", Fraction(near))


def _bits(number: float) -> int:
    bits: int = struct.unpack("<I", struct.pack("<f", number))[0]
    return bits


@given(DOUBLES.map(repr))
def test_a_number_and_its_text_are_stored_alike(text: str) -> None:
    as_number = store(float(text), {"type": "float"})
    assert as_number.stored == store(text, {"type": "float"}).stored


@given(st.datetimes(min_value=datetime(1000, 1, 1)))
def test_a_time_is_read_alike_with_and_without_a_colon_in_its_zone(moment: datetime) -> None:
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.123"
    assert Iso8601().read(f"{text}Z") == Iso8601().read(f"{text}+00:00")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z",
        "2026-01-01T23:60:00.000Z",
        "2026-01-01T23:59:60.000Z",
    ],
)
def test_what_is_no_time_is_none_by_the_short_way(text: str) -> None:
    with pytest.raises(Mismatch):
        Iso8601().read(text)
