"""The values an event holds, and how Logstash prints each kind.

JRuby/Java kind  → here
String           → `str` (bytes that are no UTF-8 are kept by ``surrogateescape``)
Long, BigInteger → `int`
Double           → `float`
BigDecimal       → `decimal.Decimal` (what the json *filter* makes of a fraction)
Boolean, nil     → `bool`, `None`
Timestamp        → `Timestamp`
List, Map        → `list`, `dict`
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

__all__ = ["Timestamp", "Value", "inspect", "to_json_value", "to_text"]

Value: TypeAlias = "None | bool | int | float | Decimal | str | Timestamp | list[Any] | dict[str, Any]"


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant, in nanoseconds since 1970-01-01T00:00:00Z."""

    nanoseconds: int

    def __str__(self) -> str:
        """ISO 8601 in UTC, with three, six or nine digits, as few as lose nothing."""
        raise NotImplementedError

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read what Logstash's own Timestamp reads; `ValueError` otherwise."""
        raise NotImplementedError


def to_text(value: Value) -> str:
    """Print ``value`` as ``%{field}`` does (Java style: ``1.0E16``, compact JSON, ``a,b``)."""
    raise NotImplementedError


def inspect(value: Value) -> str:
    """Print ``value`` as Ruby's ``inspect`` does (``["a", nil]``, ``{"k"=>1}``)."""
    raise NotImplementedError


def to_json_value(value: Value) -> Any:
    """Turn ``value`` into what `json.dumps` prints as Logstash's json codec would."""
    raise NotImplementedError
