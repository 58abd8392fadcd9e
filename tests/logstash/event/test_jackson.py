"""JSON as jrjackson read it on JRuby 9.4.13: ``jackson.jsonl`` is its word."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance import decode, read_lines, same
from toolkit.logstash.event.jackson import read

TEXTS = list(map(json.loads, read_lines(Path(__file__).parent / "jackson.jsonl")))


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: ascii(case["text"])[:40])
def test_a_text_is_read_as_jackson_reads_it(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError, match=r"\w"):
            read(case["text"])
    else:
        value = read(case["text"])
        assert same(value, decode(case["value"]))


def test_a_decimal_keeps_its_digits_but_no_sign_of_zero() -> None:
    assert [str(value) for value in (read("1.500"), read("-0.00"), read("1E3"))] == [
        "1.500",
        "0.00",
        "1E+3",
    ]


def test_numbers_have_ten_thousand_digits_at_most() -> None:
    assert read("9" * 5000) == 10**5000 - 1
    assert read("0." + "1" * 9000) == Decimal("0." + "1" * 9000)
    with pytest.raises(ValueError, match="too long"):
        read("9" * 10_001)


def test_nesting_without_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="nested"):
        read("[" * 100_000)


def test_bytes_that_are_no_utf_8_are_an_error() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        read('"\udcff"')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abé\n"), inner),
    max_leaves=8,
)


@given(JSON, st.booleans())
def test_what_was_written_comes_back(value: Any, ascii_only: bool) -> None:
    assert read(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.text('{}[]",:01-.eE \ntrufalsn\\'))
def test_text_raises_nothing_but_value_errors(text: str) -> None:
    with contextlib.suppress(ValueError):
        read(text)
