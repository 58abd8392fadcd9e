"""Go's integers at their limits.

Sums and products wrap at 64 bits, division truncates towards zero, and a float beyond the range
becomes the lowest integer, as on amd64.
"""

from __future__ import annotations

import math

MOST_32 = 2**31 - 1
LOWEST_32 = -(2**31)
MOST_64 = 2**63 - 1


def wrap64(value: int) -> int:
    """Return the 64 bits that Go keeps of an integer.

    >>> wrap64(2**63), wrap64(-1)
    (-9223372036854775808, -1)
    """
    return value if -(2**63) <= value < 2**63 else (value + 2**63) % 2**64 - 2**63


def wrap32(value: int) -> int:
    """Return the 32 bits that Go keeps of an integer."""
    return value if -(2**31) <= value < 2**31 else (value + 2**31) % 2**32 - 2**31


def quotient(value: int, divisor: int) -> int:
    """Return the quotient, truncated towards zero.

    >>> quotient(7, 2), quotient(-7, 2)
    (3, -3)
    """
    whole = value // divisor
    return whole if whole >= 0 or whole * divisor == value else whole + 1


def ceil32(value: float) -> int:
    """Round up to an int32.

    >>> ceil32(2.0000001), ceil32(float("inf"))
    (3, -2147483648)
    """
    if LOWEST_32 - 1 < value <= MOST_32:
        return math.ceil(value)
    return LOWEST_32


def ceil64(value: float) -> int:
    """Round up to an int64."""
    if -(2.0**63) <= value < 2.0**63:
        return math.ceil(value)
    return -(2**63)
