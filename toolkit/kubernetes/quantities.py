"""Quantities of Kubernetes: ``250m``, ``1.5``, ``512Mi``, ``1e3``."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

_FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


class QuantityError(ValueError):
    """The text is no quantity."""


def amount(text: Any) -> Decimal:
    """A quantity in its base unit, bytes or cores; raises `QuantityError`.

    >>> amount("1Ki"), amount("250m"), amount("1e3")
    (Decimal('1024'), Decimal('0.250'), Decimal('1E+3'))
    """
    found = _FORM.fullmatch(str(text)) if isinstance(text, str | int | float) else None
    if found is None or isinstance(text, bool):
        raise QuantityError(f"`{text}` is no quantity")
    number, exponent, suffix = Decimal(found[1]), found[2], found[3] or ""
    if exponent:
        return number.scaleb(int(exponent[1:]))
    if suffix in _BINARY:
        return number * Decimal(2 ** _BINARY[suffix])
    return number.scaleb(_DECIMAL[suffix])


def is_quantity(text: Any) -> bool:
    """Whether Kubernetes can read it.

    >>> is_quantity("512Mi"), is_quantity("512MB"), is_quantity("0,5")
    (True, False, False)
    """
    try:
        amount(text)
    except QuantityError:
        return False
    return True


def milli(quantity: Decimal) -> int:
    """Thousandths of the base unit, rounded up as Kubernetes does.

    >>> [milli(amount(each)) for each in ("250m", "0.25", 1, "2k", "100u")]
    [250, 250, 1000, 2000000, 1]
    """
    return math.ceil(quantity * 1000)


def mebibytes(quantity: Decimal) -> float:
    """A number of bytes in MiB.

    >>> [mebibytes(amount(each)) for each in ("1Gi", "512Mi", 1048576)]
    [1024.0, 512.0, 1.0]
    """
    return float(quantity / 2**20)
