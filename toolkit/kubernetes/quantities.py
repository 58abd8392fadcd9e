"""Quantities of Kubernetes: ``250m``, ``1.5``, ``512Mi``, ``1e3``."""

from __future__ import annotations

import math
import re
from decimal import Decimal

__all__ = ["QuantityError", "mebibytes", "milli", "shown_mebibytes"]

_FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


class QuantityError(ValueError):
    """The text is no quantity."""


def _parse(text: str | int | float) -> Decimal:
    found = _FORM.fullmatch(str(text).strip())
    if found is None:
        raise QuantityError(f"`{text}` is no quantity")
    number, exponent, suffix = Decimal(found[1]), found[2], found[3] or ""
    if exponent:
        return number.scaleb(int(exponent[1:]))
    if suffix in _BINARY:
        return number * Decimal(2 ** _BINARY[suffix])
    return number.scaleb(_DECIMAL[suffix])


def milli(text: str | int | float) -> int:
    """Thousandths of the base unit, rounded up as Kubernetes does; raises `QuantityError`.

    >>> milli("250m"), milli("0.25"), milli(1), milli("2k"), milli("100u")
    (250, 250, 1000, 2000000, 1)
    """
    return math.ceil(_parse(text) * 1000)


def mebibytes(text: str | int | float) -> float:
    """A memory quantity in MiB; raises `QuantityError`.

    >>> mebibytes("1Gi"), mebibytes("512Mi"), mebibytes(1048576)
    (1024.0, 512.0, 1.0)
    """
    return float(_parse(text) / 2**20)


def shown_mebibytes(value: float) -> str:
    """As people write it.

    >>> shown_mebibytes(1280.0)
    '1280Mi'
    """
    return f"{value:.0f}Mi"
