"""The parts of an object under validation, and the errors about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from toolkit.kubernetes.quantities import QuantityError, amount
from toolkit.languages.positioned import Path

_T = TypeVar("_T")


class ErrorType(StrEnum):
    """The kinds of errors that the API server distinguishes."""

    REQUIRED = "required"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"
    FORBIDDEN = "forbidden"
    DUPLICATE = "duplicate"
    NOT_FOUND = "not found"
    TOO_LONG = "too long"
    TOO_MANY = "too many"


class FieldRefusal(NamedTuple):
    """A part of an object for which the API server refuses it."""

    path: Path
    type: ErrorType
    value: Any
    detail: str = ""
    """The rule, as the end of a sentence about the value; may be empty for some types."""
    allowed: tuple[str, ...] = ()
    """The values that are allowed, or those that exist."""
    fix: str = ""
    """One thing to do; empty for what follows from the type."""
    written: Path = ()
    """Its place in the object, if the server's path leads elsewhere."""
    against: Path = ()
    """The part that it does not fit, if there is one."""
    unless: str = ""
    """The option of the server, if there is one, with which it accepts the object."""


class UnknownValue(Exception):
    """A rule reads a value that is not known, or that the decoder refuses."""


class ObjectField(NamedTuple):
    """A part of an object: its value, None if it is missing, and its path."""

    value: Any
    path: Path = ()

    def at(self, *keys: str) -> ObjectField:
        """Return a part; raises `UnknownValue` if it cannot have parts."""
        value = self.value
        for key in keys:
            if value is None:
                break
            if not isinstance(value, dict):
                raise UnknownValue
            value = value.get(key)
        return ObjectField(value, self.path + keys)

    @property
    def given(self) -> bool:
        """True if it is there, and not empty."""
        return self.value not in (None, "", [], {})

    @property
    def set(self) -> bool:
        """True if it is there, even if it is empty."""
        return self.value is not None

    @property
    def text(self) -> str:
        """Its text, empty if it is missing; raises `UnknownValue`."""
        return self._typed(str, "")

    @property
    def number(self) -> int:
        """Its whole number, 0 if it is missing; raises `UnknownValue`."""
        if isinstance(self.value, bool):
            raise UnknownValue
        return self._typed(int, 0)

    @property
    def flag(self) -> bool:
        """Its truth value, False if it is missing; raises `UnknownValue`."""
        return self._typed(bool, False)

    @property
    def quantity(self) -> Decimal:
        """Its quantity, 0 if it is missing; raises `UnknownValue`."""
        if self.value is None:
            return Decimal(0)
        try:
            return amount(self.value)
        except QuantityError:
            raise UnknownValue from None

    def _typed(self, kind: type[_T], missing: _T) -> _T:
        if self.value is None:
            return missing
        if not isinstance(self.value, kind):
            raise UnknownValue
        return self.value

    @property
    def items(self) -> list[ObjectField]:
        """The items of a list; raises `UnknownValue`."""
        return [
            ObjectField(each, (*self.path, index))
            for index, each in enumerate(self._typed(list, []))
        ]

    @property
    def entries(self) -> list[tuple[str, ObjectField]]:
        """The keys and values of a mapping; raises `UnknownValue`."""
        found: dict[Any, Any] = self._typed(dict, {})
        if not all(isinstance(key, str) for key in found):
            raise UnknownValue
        return [(key, ObjectField(each, (*self.path, key))) for key, each in found.items()]

    @property
    def texts(self) -> dict[str, str]:
        """A mapping of texts, such as labels; raises `UnknownValue`."""
        return {key: each.text for key, each in self.entries}

    def required(self, detail: str = "") -> FieldRefusal:
        """It is missing."""
        return FieldRefusal(self.path, ErrorType.REQUIRED, self.value, detail)

    def invalid(self, detail: str, *, value: Any = None, fix: str = "") -> FieldRefusal:
        """Its value, or the one given, violates a rule.

        Args:
            detail: The rule, such as ``must be at least 0``.
            value: The value, if it is not that of the field, such as a key.
            fix: One thing to do, if it is known.
        """
        shown = self.value if value is None else value
        return FieldRefusal(self.path, ErrorType.INVALID, shown, detail, fix=fix)

    def unsupported(self, allowed: Collection[str]) -> FieldRefusal:
        """Its value is not one of those that are allowed."""
        return FieldRefusal(self.path, ErrorType.UNSUPPORTED, self.value, allowed=tuple(allowed))

    def forbidden(self, detail: str) -> FieldRefusal:
        """It must not be there."""
        return FieldRefusal(self.path, ErrorType.FORBIDDEN, self.value, detail)

    def duplicate(self) -> FieldRefusal:
        """Another item has its value."""
        return FieldRefusal(self.path, ErrorType.DUPLICATE, self.value)

    def not_found(self, what: str, there: Collection[str]) -> FieldRefusal:
        """It names something that does not exist.

        Args:
            what: The thing, such as ``a volume of the pod``.
            there: The names that exist.
        """
        return FieldRefusal(self.path, ErrorType.NOT_FOUND, self.value, what, tuple(there))

    def too_long(self, most: int) -> FieldRefusal:
        """Its text is longer than ``most`` bytes."""
        return FieldRefusal(self.path, ErrorType.TOO_LONG, None, f"is longer than {most} bytes")

    def too_many(self, most: int) -> FieldRefusal:
        """It has more than ``most`` items."""
        return FieldRefusal(self.path, ErrorType.TOO_MANY, None, f"has more than {most} items")


Errors = Iterator[FieldRefusal]
