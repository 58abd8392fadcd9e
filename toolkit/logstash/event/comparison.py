"""Comparison of two values in conditions: never across types, and not without surprises.

As ``EventCondition`` of Logstash 9.2.0 does, which hands values to JRuby's ``compareTo``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from toolkit.logstash.event.values import Timestamp


class _Missing:
    """The value of a missing field, which differs from null."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final[Any] = _Missing()


class PipelineDied(Exception):
    """Real Logstash crashes on this event: the pipeline ends, its batch is lost."""


class ImpossibleComparison(Exception):
    """Logstash cannot order the two values: it drops the event, with a warning in its log.

    ``span`` is the place of the comparison in the configuration, once that is known.
    """

    span = (0, 0)


def equal(left: Any, right: Any) -> bool:
    """Return True if ``==`` holds: same type, same value; missing fields are equal.

    >>> equal(5, 5.0), equal("5", 5), equal([1], [1]), equal(MISSING, None)
    (False, False, True, False)
    """
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k]) for k in left)
    return bool(left == right)


def compare(left: Any, right: Any) -> int:
    """Compare a field's value with another: negative, zero or positive.

    If Ruby's ``<=>`` returns nil, JRuby takes some kinds for equal (null, booleans, decimals,
    timestamps) and fails for others (`ImpossibleComparison`).

    >>> compare(10, 9.5), compare("10", "9"), compare(None, 5)
    (1, -1, 0)
    """
    if left is MISSING or isinstance(left, list | dict):
        raise ImpossibleComparison(f"{_kind(left)} has no order")
    if right is MISSING:
        raise PipelineDied("a field is compared with one that is missing on the right")
    if comparable(left, right) and left == left and right == right:
        return bool(left > right) - bool(left < right)
    if left is None or isinstance(left, bool | Decimal | Timestamp):
        return 0
    raise ImpossibleComparison(f"{_kind(left)} cannot be compared with {_kind(right)}")


def comparable(left: Any, right: Any) -> bool:
    """Return True if both values are numbers, both texts or both timestamps."""
    return (
        (_is_number(left) and _is_number(right))
        or (isinstance(left, str) and isinstance(right, str))
        or (isinstance(left, Timestamp) and isinstance(right, Timestamp))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    names = {
        str: "a string",
        list: "an array",
        dict: "a hash",
        bool: "a boolean",
        int: "an integer",
    }
    names |= {float: "a float", Decimal: "a decimal", Timestamp: "a timestamp"}
    return names.get(type(value), "null" if value is None else "a missing field")
