"""Numbers as times."""

from __future__ import annotations

from decimal import Decimal

import pytest

from toolkit.languages.joda_time import tai64n, unix, unix_ms


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("0", 0),
        ("+5", 5000),
        ("-1", -1000),
        ("1.5", 1500),
        ("1.05", 1050),
        ("1.0059", 1005),
        ("-1.5", -500),
        ("1.-5", 950),
        ("٣", 3000),
        ("2147483647.999", 2147483647999),
        (2147483647, 2147483647000),
        (1.9999, 1999),
        (-1.9999, -1999),
        (-1e300, -(1 << 63)),
        (Decimal("1.9999"), 1999),
        (-(1 << 63), 0),
    ],
)
def test_seconds(value: str | float | Decimal, milliseconds: int) -> None:
    assert unix(value) == milliseconds


@pytest.mark.parametrize(
    "value",
    [
        *("", ".5", "5.", "1e9", "1 ", "1_0", "0x10", "1,5", "2147483648", "9" * 30),
        *(2147483648, 2147483648.0, Decimal(2147483648), 1 << 63),
    ],
)
def test_no_seconds(value: str | float | Decimal) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unix(value)


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("1768007045678", 1768007045678),
        (99999999999999, 99999999999999),
        (1.9, 1),
        (float("nan"), 0),
        (1e300, (1 << 63) - 1),
        (Decimal("2147483647000"), 2147483647000),
    ],
)
def test_milliseconds(value: str | float | Decimal, milliseconds: int) -> None:
    assert unix_ms(value) == milliseconds


@pytest.mark.parametrize("value", ["", "1.5", "abc", Decimal("2147483647001"), 1 << 64])
def test_no_milliseconds(value: str | float | Decimal) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unix_ms(value)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("@4000000052f88ea32489532c", 1392021145612),
        ("4000000052F88EA32489532CEXTRA", 1392021145612),
        ("@400000000000000a00000000", 0),
        ("@400000000000000a-0f42400", -16),
    ],
)
def test_tai64n(text: str, milliseconds: int) -> None:
    assert tai64n(text) == milliseconds


def test_tai64n_refuses_digits_and_does_not_survive_too_few() -> None:
    for text in ("@x000000052f88ea32489532c", "@4000000052f88ea3ffffffff", "g" * 16):
        with pytest.raises(ValueError, match=r"\S"):
            tai64n(text)
    for text in ("", "@xyz", "@4000000052f88ea3248953"):
        with pytest.raises(IndexError):
            tai64n(text)
