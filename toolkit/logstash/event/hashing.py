"""The order of Java's hash maps, in which Logstash iterates over hash options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")
_WORD = 0xFFFFFFFF


def string_hash(text: str) -> int:
    """Java's ``String.hashCode``, as an unsigned 32-bit number.

    >>> string_hash("message"), string_hash("")
    (954925063, 0)
    """
    units = text.encode("utf-16-be", "surrogatepass")
    value = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & _WORD
    return value


def java_ordered(entries: Mapping[str, T], *, capacity: int = 16) -> dict[str, T]:
    """Sort entries, given in the order of insertion, as a ``java.util.HashMap`` holds them.

    The map was made for ``capacity`` entries, and has doubled while they exceeded three
    quarters of its buckets.

    >>> list(java_ordered({"message": 1, "other": 2}))
    ['other', 'message']
    """
    buckets = 1
    while buckets < capacity or len(entries) > buckets * 3 / 4:
        buckets *= 2

    def bucket(name: str) -> int:
        value = string_hash(name)
        return (value ^ value >> 16) & (buckets - 1)

    return {name: entries[name] for name in sorted(entries, key=bucket)}
