"""Quantities of Kubernetes: exact, and as the autoscaler's controller approximates them."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

_FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


class QuantityError(ValueError):
    """The text is not a quantity."""


def amount(text: Any) -> Decimal:
    """Return a quantity in its base unit, bytes or cores; raises `QuantityError`.

    >>> amount("1Ki"), amount("250m"), amount(" 1e3")
    (Decimal('1024'), Decimal('0.250'), Decimal('1E+3'))
    """
    # The decoder takes spaces around it away.
    found = _FORM.fullmatch(str(text).strip()) if isinstance(text, str | int | float) else None
    if found is None or isinstance(text, bool):
        raise QuantityError(f"`{text}` is not a quantity")
    number, exponent, suffix = Decimal(found[1]), found[2], found[3] or ""
    if exponent:
        return number.scaleb(int(exponent[1:]))
    if suffix in _BINARY:
        return number * Decimal(2 ** _BINARY[suffix])
    return number.scaleb(_DECIMAL[suffix])


def is_quantity(text: Any) -> bool:
    """Return True if Kubernetes can parse it.

    >>> is_quantity("512Mi"), is_quantity("512MB"), is_quantity("0,5")
    (True, False, False)
    """
    try:
        amount(text)
    except QuantityError:
        return False
    return True


def milli(quantity: Decimal) -> int:
    """Return thousandths of the base unit, rounded up as Kubernetes does.

    >>> [milli(amount(each)) for each in ("250m", "0.25", 1, "2k", "100u")]
    [250, 250, 1000, 2000000, 1]
    """
    return math.ceil(quantity * 1000)


def mebibytes(quantity: Decimal) -> float:
    """Convert bytes to MiB.

    >>> [mebibytes(amount(each)) for each in ("1Gi", "512Mi", 1048576)]
    [1024.0, 512.0, 1.0]
    """
    return float(quantity / 2**20)


def approximate(quantity: Decimal) -> float:
    """Return a quantity as a float: its digits times a power of ten, as Go's controller does.

    >>> approximate(Decimal("0.050")), approximate(Decimal("0.3")), approximate(Decimal(1))
    (0.05, 0.30000000000000004, 1.0)
    """
    exponent = int(quantity.as_tuple().exponent)
    return int(quantity.scaleb(-exponent)) * 10.0**exponent if exponent else float(quantity)


def shown(milli: int, *, binary: bool = False) -> str:
    """Return thousandths as a canonical quantity; ``binary`` for Ki, Mi, Gi in whole units.

    >>> shown(1500), shown(2_000_000), shown(1_610_612_736_000, binary=True)
    ('1500m', '2k', '1536Mi')
    """
    if milli == 0:
        return "0"
    # Fractions, and numbers below 1 KiB, have a decimal suffix in any case.
    if binary and milli % 1000 == 0 and abs(milli) >= 1024_000:
        return _scaled(milli // 1000, 1024, ("", *_BINARY))
    return _scaled(milli, 1000, tuple(_DECIMAL)[2:])


def _scaled(number: int, step: int, suffixes: tuple[str, ...]) -> str:
    place = 0
    while number % step == 0 and place < len(suffixes) - 1:
        number //= step
        place += 1
    return f"{number}{suffixes[place]}"
