"""Quantities as the controller reads and shows them."""

from __future__ import annotations

from decimal import Decimal

_DECIMAL = ("m", "", "k", "M", "G", "T", "P", "E")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


def approximate(quantity: Decimal) -> float:
    """A quantity as a float: its digits times a power of ten, as Go's controller takes it.

    >>> approximate(Decimal("0.050")), approximate(Decimal("0.3")), approximate(Decimal(1))
    (0.05, 0.30000000000000004, 1.0)
    """
    exponent = int(quantity.as_tuple().exponent)
    return int(quantity.scaleb(-exponent)) * 10.0**exponent if exponent else float(quantity)


def shown(milli: int, *, binary: bool = False) -> str:
    """Thousandths as a canonical quantity; ``binary`` where whole units take Ki, Mi, Gi.

    >>> shown(1500), shown(2_000_000), shown(1_610_612_736_000, binary=True)
    ('1500m', '2k', '1536Mi')
    """
    if milli == 0:
        return "0"
    # What has a fraction, or is below 1 KiB, is shown with a decimal suffix all the same.
    if binary and milli % 1000 == 0 and abs(milli) >= 1024_000:
        return _scaled(milli // 1000, 1024, _BINARY)
    return _scaled(milli, 1000, _DECIMAL)


def _scaled(number: int, step: int, suffixes: tuple[str, ...]) -> str:
    place = 0
    while number % step == 0 and place < len(suffixes) - 1:
        number //= step
        place += 1
    return f"{number}{suffixes[place]}"
