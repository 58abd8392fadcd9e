"""The values of an event's fields, and their text in Logstash.

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

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from toolkit.logstash.event.hashing import java_ordered
from toolkit.logstash.event.numbers import integer, java_float, ruby_number

Value: TypeAlias = (
    "bool | int | float | Decimal | str | Timestamp | list[Any] | dict[str, Any] | None"
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000
_GREGORIAN_CYCLE = 146_097 * 86_400
"""Four hundred years, in seconds."""
_ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant, in nanoseconds since 1970-01-01T00:00:00Z."""

    nanoseconds: int

    def __str__(self) -> str:
        """ISO 8601 in UTC, with three, six or nine digits, as few as lose nothing.

        >>> str(Timestamp(1_500_000_000)), str(Timestamp(1_000))
        ('1970-01-01T00:00:01.500Z', '1970-01-01T00:00:00.000001Z')
        """
        seconds, fraction = divmod(self.nanoseconds, _SECOND)
        digits = f"{fraction:09d}"
        for group in ("000", "000"):
            digits = digits.removesuffix(group)
        return f"{_to_the_second(seconds)}.{digits}Z"

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read what Logstash's own Timestamp reads; `ValueError` otherwise.

        >>> str(Timestamp.parse("2026-01-15T10:20:30,5+01:00"))
        '2026-01-15T09:20:30.500Z'
        """
        match = _ISO_8601.fullmatch(text)
        if match is None:
            raise ValueError(f"`{text}` is not an ISO 8601 time")
        *parts, fraction, offset = match.groups("0")
        year, month, day, hour, minute, second = map(int, parts)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset))
        return cls.at(moment, fraction)

    @classmethod
    def at(cls, moment: datetime, decimals: str | None = None) -> Timestamp:
        """Return that moment, with the decimals of its second."""
        seconds = (moment - _EPOCH) // timedelta(seconds=1)
        return cls(seconds * _SECOND + int((decimals or "0")[:9].ljust(9, "0")))


@lru_cache(maxsize=1024)
def _to_the_second(seconds: int) -> str:
    # Python's calendar ends with the year 9999, and repeats every 400 years.
    cycles, seconds = divmod(seconds, _GREGORIAN_CYCLE)
    moment = _EPOCH + timedelta(seconds=seconds)
    year = moment.year + 400 * cycles
    sign = "+" if year > 9999 else "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{moment:%m-%dT%H:%M:%S}"


def _zone(offset: str) -> timezone:
    if offset in ("0", "Z"):
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset[0] == "-" else distance)


def to_text(value: Value) -> str:
    """Print ``value`` as ``%{field}`` does (Java style: ``1.0E16``, compact JSON, ``a,b``).

    A hash is copied to a Java hash map for it, and printed in the order of that.

    >>> to_text([1e16, [True, None], {"k": 1}]), to_text({"k": [1.5, "é"]})
    ('1.0E16,true,,{k=1}', '{"k":[1.5,"é"]}')
    """
    match value:
        case str():
            return value
        case list():
            return ",".join("" if item is None else _joined(item) for item in value)
        case dict():
            return to_json(_as_hash_map(value))
        case _:
            return java_text(value)


def _as_hash_map(value: Any) -> Any:
    if isinstance(value, dict):
        entries = {name: _as_hash_map(item) for name, item in value.items()}
        return java_ordered(entries, capacity=len(entries))
    return [_as_hash_map(item) for item in value] if isinstance(value, list) else value


def _joined(item: Value) -> str:
    return to_text(item) if isinstance(item, list) else java_text(_as_hash_map(item))


def is_unicode(text: str) -> bool:
    """Return False if a text has bytes that are not UTF-8, or halves of surrogate pairs."""
    return text.isascii() or _SURROGATE.search(text) is None


def java_text(value: Value) -> str:
    """Print ``value`` as Java's ``toString``."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return integer(value)
        case float():
            return java_float(value)
        case list():
            return f"[{', '.join(map(java_text, value))}]"
        case dict():
            entries = (f"{name}={java_text(item)}" for name, item in value.items())
            return f"{{{', '.join(entries)}}}"
        case _:
            return str(value)


def inspect(value: Value) -> str:
    r"""Print ``value`` as ``inspect`` of JRuby 9.4 does.

    >>> inspect(["a#b", None, {"k": 1.0}])
    '["a#b", nil, {"k"=>1.0}]'
    >>> print(inspect('a"#{x}\t\0é\udce9\u2028'))
    "a\"\#{x}\t\u0000é\xE9\u2028"
    """
    match value:
        case None:
            return "nil"
        case str():
            return f'"{_RUBY_SPECIAL.sub(_ruby_escape, value)}"'
        case list():
            return f"[{', '.join(map(inspect, value))}]"
        case dict():
            return f"{{{', '.join(f'{inspect(k)}=>{inspect(v)}' for k, v in value.items())}}}"
        case float() | Decimal():
            return ruby_number(value)
        case _:
            return java_text(value)


_RUBY_ESCAPES = {
    "\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r",
    "\x1b": r"\e", '"': r"\"", "\\": r"\\", "#": r"\#",
}  # fmt: skip
_RUBY_SPECIAL = re.compile(r'["\\]|#(?=[{$@])|[^ -~]')
_NOT_PRINTED = {"Cc", "Cn", "Cs", "Zl", "Zp"}
_NEXT_LINE = "\x85"


def _ruby_escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _RUBY_ESCAPES:
        return _RUBY_ESCAPES[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02X}"
    if char == _NEXT_LINE or unicodedata.category(char) not in _NOT_PRINTED:
        return char
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\u{{{code:X}}}"


def to_json(value: Value) -> str:
    r"""Print ``value`` as one line of JSON, number by number as Logstash's json codec does.

    >>> to_json({"f": 1e16, "d": Decimal("1.50"), "s": "\x1b/é", "t": Timestamp(0)})
    '{"f":1.0E16,"d":1.50,"s":"\\u001B/é","t":"1970-01-01T00:00:00.000Z"}'
    """
    if isinstance(value, str):
        return _json_string(value)
    if isinstance(value, dict):
        return f"{{{','.join([_json_name(k) + to_json(v) for k, v in value.items()])}}}"
    if type(value) is int:
        return integer(value)
    match value:
        case None:
            return "null"
        case list():
            return f"[{','.join(map(to_json, value))}]"
        case Timestamp():
            return f'"{value}"'
        case float() if value - value != 0:
            return f'"{java_float(value)}"'
        case _:
            return java_text(value)


_JSON_SPECIAL = re.compile(r'["\\\x00-\x1f]')
_JSON_ESCAPES = {
    '"': r"\"", "\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r",
}  # fmt: skip


def _json_string(text: str) -> str:
    quoted = encode_basestring(text)
    # Python's digits are small letters, Jackson's capital ones.
    return quoted if "\\u" not in quoted else f'"{_JSON_SPECIAL.sub(_json_escape, text)}"'


@lru_cache(maxsize=4096)
def _json_name(name: str) -> str:
    return f"{_json_string(name)}:"


def _json_escape(match: re.Match[str]) -> str:
    return _JSON_ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def to_json_value(value: Value) -> Any:
    """Turn ``value`` into what `json.dumps` takes, equal to what Logstash's json codec prints.

    Decimals become the nearest double; what is not finite becomes a string, as there.
    """
    if type(value) in _AS_THEY_ARE:
        return value
    match value:
        case dict():
            return {
                name: item if type(item) in _AS_THEY_ARE else to_json_value(item)
                for name, item in value.items()
            }
        case list():
            return [to_json_value(item) for item in value]
        case Timestamp():
            return str(value)
        case Decimal():
            return float(value)
        case float() if value - value != 0:
            return java_float(value)
        case _:
            return value


def copy(value: Any) -> Any:
    """Copy lists and hashes deeply; everything else cannot change."""
    if isinstance(value, dict):
        return {name: copy(item) for name, item in value.items()}
    if isinstance(value, list):
        return [copy(item) for item in value]
    return value
