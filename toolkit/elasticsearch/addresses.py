"""IP fields: IPv4 and IPv6 addresses, read with the quirks of Elasticsearch 9.2.0.

Its reader counts numbers in 32 bits, so that ``4294967297.1.1.1`` is 1.1.1.1, and it loses its
place at a zone id: ``fe80::1%eth0`` makes it run past the end of the request, which rejects the
document even with ``ignore_malformed`` (in the first half of a request the value is merely
malformed).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.values import MalformedValue, Rejection, spell

_HEXTETS = 8


@dataclass(frozen=True, slots=True)
class IpKind:
    """The type ``ip``."""

    def read(self, value: Any) -> bytes | None:
        """Return the 16 stored bytes; raise `MalformedValue`, or `Rejection` for a zone id."""
        if value is None:
            return None
        text = spell(value)
        if (address := _read(text)) is None:
            raise MalformedValue(f"'{text}' is not an IP string literal.")
        return address

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: each address once, in the order of their bytes."""
        return [_format(address) for address in sorted(set(values))]


def _read(text: str) -> bytes | None:
    address, zone, rest = text.partition("%")
    if not address.isascii() or (zone and not rest):
        return None
    head, colon, tail = address.rpartition(":")
    if "." in head:
        return None
    if not colon:
        quad = None if zone else _read_quad(address)
        return None if quad is None else bytes(10) + b"\xff\xff" + quad
    if "." in tail:
        quad = None if zone else _read_quad(tail)
        if quad is None:
            return None
        address = f"{head}:{quad[:2].hex()}:{quad[2:].hex()}"
    if zone and not (address.startswith(":") and not address.startswith("::")):
        raise Rejection(f"the zone id of '{text}': out of bounds")
    return None if zone else _read_hextets(address)


def _read_quad(text: str) -> bytes | None:
    parts = text.split(".")
    numbers = [_count(part, 10) for part in parts]
    plain = all(part.isdigit() and (part == "0" or part[0] != "0") for part in parts)
    if len(parts) != 4 or not plain or any(number > 255 for number in numbers):
        return None
    return bytes(number & 255 for number in numbers)


def _read_hextets(text: str) -> bytes | None:
    if text[:1] == ":" != text[1:2] or text[-1:] == ":" != text[-2:-1] or len(text) < 2:
        return None
    before, compressed, after = text.partition("::")
    if "::" in after or ":" in (after[:1], after[-1:]):
        return None
    left, right = _hextets(before), _hextets(after)
    if left is None or right is None:
        return None
    # A leading "::" counts as a group of its own.
    if compressed and not left:
        left = [0]
    missing = _HEXTETS - len(left) - len(right)
    if missing < (1 if compressed else 0) or (missing and not compressed):
        return None
    return b"".join(n.to_bytes(2, "big") for n in [*left, *[0] * missing, *right])


def _hextets(text: str) -> list[int] | None:
    parts = text.split(":") if text else []
    if not all(part and set(part) <= set("0123456789abcdefABCDEF") for part in parts):
        return None
    numbers = [_count(part, 16) for part in parts]
    return None if any(number > 0xFFFF for number in numbers) else [n & 0xFFFF for n in numbers]


def _count(digits: str, base: int) -> int:
    """Return the number as a Java int, which overflows silently."""
    try:
        return (int(digits, base) + 2**31) % 2**32 - 2**31
    except ValueError:
        return 0


def _format(address: bytes) -> str:
    number = ipaddress.IPv6Address(address)
    if number.ipv4_mapped:
        return str(number.ipv4_mapped)
    return str(number)
