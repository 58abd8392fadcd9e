"""Data and dataclasses: what a type annotation takes, and what fits it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Form: TypeAlias = Any
"""A type as it is annotated."""


@cache
def fields_of(owner: Any) -> Mapping[str, Form]:
    """Return the annotation of each field of a dataclass.

    >>> from toolkit.findings import Mark
    >>> list(fields_of(Mark))
    ['label', 'where']
    """
    hints = get_type_hints(owner)
    return {each.name: hints[each.name] for each in fields(owner)}


def is_required(field: Field[Any]) -> bool:
    """Return whether a field of a dataclass has no default."""
    return field.default is MISSING and field.default_factory is MISSING


def options_of(form: Form) -> tuple[Form, ...]:
    """Return the members of a union; any other form alone.

    >>> options_of(int | None), options_of(str)
    ((<class 'int'>, <class 'NoneType'>), (<class 'str'>,))
    """
    return get_args(form) if origin_of(form) in (Union, UnionType) else (form,)


def origin_of(form: Form) -> Any:
    """Return what a form is made of, such as `tuple` of ``tuple[int, ...]``."""
    return get_origin(form)


def without_none(form: Form) -> Form:
    """Return the one form there is besides None, or the form itself.

    >>> without_none(int | None)
    <class 'int'>
    """
    others = [each for each in options_of(form) if each is not NoneType]
    return others[0] if len(others) == 1 else form


def plain(value: Any) -> Any:
    """Return dataclasses, and what they hold, as data for JSON; bytes become base64.

    >>> plain((b"a", None))
    ['YQ==', None]
    """
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    match value:
        case bytes():
            return urlsafe_b64encode(value).decode()
        case Enum():
            return value.value
        case Mapping():
            return {key: plain(each) for key, each in value.items()}
        case tuple() | list():
            return [plain(each) for each in value]
    return value


def restored(form: Form, data: Any) -> Any:
    """Return what `plain` has been given, a value of this form.

    >>> restored(tuple[bytes | None, ...], ["YQ==", None])
    (b'a', None)

    Raises:
        ValueError, TypeError, LookupError: The data is no value of this form.
    """
    if data is None:
        return scalar(form, None)
    form = without_none(form)
    arguments, origin = get_args(form), origin_of(form)
    if isinstance(form, type) and is_dataclass(form):
        return _made(form, _of(dict, data))
    if origin is tuple:
        kinds = repeat(arguments[0], len(data)) if arguments[-1] is ... else arguments
        return tuple(restored(*each) for each in zip(kinds, _of(list, data), strict=True))
    if origin in (Mapping, dict):
        return {key: restored(arguments[1], each) for key, each in _of(dict, data).items()}
    return urlsafe_b64decode(_of(str, data)) if form is bytes else scalar(form, data)


def _made(owner: Any, data: Mapping[str, Any]) -> Any:
    forms = fields_of(owner)
    return owner(**{name: restored(forms[name], each) for name, each in data.items()})


def _of(kind: type[T], data: Any) -> T:
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


def scalar(form: Form, value: Any) -> Any:
    """Return a value as the first of the forms that it fits, its own type before others.

    >>> scalar(float | Literal["auto"], 3), scalar(float | Literal["auto"], "auto")
    (3.0, 'auto')

    Raises:
        ValueError: It fits none of them.
    """
    options = sorted(options_of(form), key=lambda option: type(value) is not option)
    for option in options:
        try:
            return _read(option, value)
        except (ValueError, TypeError, OverflowError):
            continue
    raise ValueError(f"{value!r} is not {form}")


def _read(form: Form, value: Any) -> Any:
    if form is Any:
        return value
    if origin_of(form) is Literal:
        return _choice(get_args(form), value)
    if form in (int, float):
        return _number(form, value)
    if form is date:
        return _day(value)
    if issubclass(form, Enum):
        return form(value)
    if not isinstance(value, str if issubclass(form, str) else form):
        raise TypeError(value)
    return value if isinstance(value, form) else form(value)


def _choice(choices: tuple[Any, ...], value: Any) -> Any:
    # Equal is not enough: `true` is equal to 1.
    if not any(each == value and type(each) is type(value) for each in choices):
        raise ValueError(value)
    return value


def _number(kind: type[int] | type[float], value: Any) -> int | float:
    """A number, or a text that is one; a whole number may have zeros behind its point."""
    if isinstance(value, bool) or (kind is int and isinstance(value, float) and value % 1):
        raise ValueError(value)
    return kind(value)


def _day(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(value)
    return value
