"""Numbers as printed by Java and Ruby."""

from __future__ import annotations

from decimal import Decimal

_RUBY_FLOAT_DIGITS = 20


def integer(number: int) -> str:
    """Print all digits of an integer, however many."""
    try:
        return str(number)
    except ValueError:
        # Python prints no more than 4,300 digits of an integer, and any number of a decimal.
        return str(Decimal(number))


def java_float(number: float) -> str:
    """Print as ``Double.toString``: the shortest digits, an exponent outside 10⁻³..10⁷.

    >>> java_float(1e7), java_float(123456.5), java_float(0.001), java_float(-1e-4)
    ('1.0E7', '123456.5', '0.001', '-1.0E-4')
    """
    if 1e-3 <= abs(number) < 1e7:
        return repr(number)
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    sign, digits, exponent = _digits(number)
    if number == 0 or -3 <= exponent < 7:
        return sign + _plain(digits, exponent)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def ruby_number(number: float | Decimal) -> str:
    """Print as JRuby's ``to_s`` of a Float or a BigDecimal.

    >>> ruby_number(1e16), ruby_number(1e-7), ruby_number(Decimal("1.50"))
    ('10000000000000000.0', '1.0e-07', '0.15e1')
    """
    if isinstance(number, Decimal):
        return _ruby_decimal(number)
    if 1e-4 <= abs(number) < 1e16:
        return repr(number)
    if number - number != 0:
        return java_float(number)
    sign, digits, exponent = _digits(number)
    if -5 < exponent < _RUBY_FLOAT_DIGITS:
        return sign + _plain(digits, exponent)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{exponent:+03d}"


def _ruby_decimal(number: Decimal) -> str:
    sign = "-" if number.is_signed() else ""
    if not number:
        return f"{sign}0.0"
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    return f"{sign}0.{digits}e{number.adjusted() + 1}"


def _digits(number: float) -> tuple[str, str, int]:
    """Sign, shortest digits, and the power of ten of the first digit."""
    shortest = Decimal(repr(number))
    digits = "".join(map(str, shortest.as_tuple().digits)).rstrip("0") or "0"
    return ("-" if shortest.is_signed() else "", digits, shortest.adjusted() if shortest else 0)


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{whole}.{digits[exponent + 1 :] or '0'}"
