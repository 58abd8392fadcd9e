"""Generated values that look like others and are unique: ids, and the time of a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256, shake_256
from math import log2

from toolkit.model.expectations.logs import LogExpectation

_ENOUGH = 60
"""Minimum entropy of an id in bits, to be unique in an index."""

_MARK = 12
"""Letters and digits of an id that identify its ledger: 48 bits of hexadecimal ones."""
_UUID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"

_ALPHABETS = (
    "123456789",
    "0123456789abcdef",
    "0123456789ABCDEF",
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    "0123456789abcdefghijklmnopqrstuvwxyz",
)
"""Without a leading zero, which numbers lose; Crockford's letters for upper case."""


def alike(value: str, seed: str, name: str = "") -> str | None:
    """Return a value of the same form; None if it could not be unique.

    >>> alike("4f9c7d00-12ab-4cde-8f00-a1b2c3d4e5f6", "first")
    '69dbb8d3-3bfb-f1f5-d307-a0635611dca1'
    >>> alike("42", "first") is None
    True

    Args:
        value: The value to imitate.
        seed: Determines the result.
        name: The ledger, whose prefix (see `marks`) a long enough value begins with.
    """
    varied = [character for character in value if _varies(character)]
    alphabet = next((each for each in _ALPHABETS if {*varied} <= {*each, "0"}), _ALPHABETS[-1])
    bits = len(varied) * log2(len(alphabet))
    if bits < _ENOUGH:
        return None
    made = shake_256(seed.encode()).digest(len(varied))
    if bits >= 2 * _ENOUGH:
        made = shake_256(name.encode()).digest(_MARK) + made[_MARK:]
    letters = iter(made)
    return "".join(
        alphabet[next(letters) % len(alphabet)] if _varies(character) else character
        for character in value
    )


def marks(name: str) -> tuple[str, ...]:
    """Return the prefixes of ids made for ``name``: as hexadecimal digits, or as a UUID.

    >>> marks("requests")
    ('6d368e25a2ef', '6d368e25-a2ef')
    """
    digits, uuid = alike("a" * 32, "", name) or "", alike(_UUID, "", name) or ""
    return digits[:_MARK], uuid[: _MARK + 1]


def numbered(name: str, count: int) -> tuple[str, ...]:
    """Return document ids, the same for the same name: 32 hexadecimal digits each."""
    head = sha256(f"ledger of {name}".encode()).hexdigest()[:24]
    return tuple(f"{head}{number:08x}" for number in range(count))


def ledger_name(expected: LogExpectation) -> str:
    """Return the name from which the ids of a ledger are generated."""
    return f"{expected.name} in {expected.index}"


def id_field(expected: LogExpectation) -> str | None:
    """Return the field that identifies lines; None if the contract has none."""
    if expected.ledger and expected.ledger.id:
        return expected.ledger.id
    return next((name for name, field in expected.fields.items() if field.role == "id"), None)


def _varies(character: str) -> bool:
    return character.isascii() and character.isalnum()


def renewed(text: str, moment: datetime) -> str:
    """Return the line with ``moment`` as its first time; fraction and zone stay.

    >>> renewed("10/Jan/2026:00:45:12 +0000 GET", datetime(2026, 11, 25, 1, 2, 3))
    '25/Nov/2026:01:02:03 +0000 GET'
    """
    found = [(match, make) for form, make in _TIMES if (match := form.search(text))]
    if not found:
        return text
    match, make = min(found, key=lambda pair: pair[0].start())
    return text[: match.start()] + make(moment, match) + text[match.end() :]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = "|".join(_MONTHS)

_TIMES: tuple[tuple[re.Pattern[str], Callable[[datetime, re.Match[str]], str]], ...] = (
    (
        re.compile(r"\b\d{4}([-/.])\d\d\1\d\d([T _,]|, )\d\d:\d\d:\d\d"),
        lambda at, old: f"{at:%Y}{old[1]}{at:%m}{old[1]}{at:%d}{old[2]}{at:%H:%M:%S}",
    ),
    (
        re.compile(rf"\b\d\d/(?:{_MONTH})/\d{{4}}([: ])\d\d:\d\d:\d\d"),
        lambda at, old: f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y}{old[1]}{at:%H:%M:%S}",
    ),
    (
        re.compile(rf"\b(?:{_MONTH}) [ \d]\d (\d{{4}} )?\d\d:\d\d:\d\d"),
        lambda at, old: (
            f"{_MONTHS[at.month - 1]} {at.day:>2} {f'{at:%Y} ' if old[1] else ''}{at:%H:%M:%S}"
        ),
    ),
)
"""ISO 8601 and similar, web servers, syslog."""
