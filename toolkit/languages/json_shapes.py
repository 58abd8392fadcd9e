"""Of which kind the values of a document must be that are read: its shape, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.languages.positioned import Path

_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value that is not looked into."""

    wanted: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Each:
    """An object whose entries, however they are called, have one shape."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Many:
    """A list; one value counts as one too, unless it is ``strict``."""

    shape: Shape
    strict: bool = False


Shape: TypeAlias = Scalar | Each | Many | Mapping[str, "Shape"]
"""A mapping is an object in which some entries have shapes; what it does not name is free."""


def is_number(value: Any) -> bool:
    """Return True for a number, or the text of one, that a double can hold."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) < 1e300
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value))


ANY = Scalar("", lambda value: True)
TEXT = Scalar("a text", lambda value: isinstance(value, str))
WORD = Scalar("a word, `true` or `false`", lambda value: isinstance(value, str | bool))
SIMPLE = Scalar("a single value", lambda value: not isinstance(value, dict | list))
TRUTH = Scalar(
    "`true` or `false`",
    lambda value: isinstance(value, bool) or value in ("true", "false"),
)
WHOLE = Scalar("a whole number", lambda value: is_number(value) and "." not in str(value))


def misfits(
    value: Any, shape: Shape, path: Path = (), *, nulls: bool = False
) -> Iterator[tuple[Path, str]]:
    """Yield the path of each value of another kind, and what is wanted there.

    Args:
        value: What was read.
        shape: What is wanted.
        path: Where the value is.
        nulls: Whether null counts as left out.

    >>> list(misfits({"a": [{"b": 1}, 2]}, {"a": Many({"b": TEXT})}))
    [(('a', 0, 'b'), 'a text'), (('a', 1), 'an object')]
    """
    if nulls and value is None:
        return
    parts = _parts(value, shape)
    if isinstance(parts, str):
        yield path, parts
        return
    for key, each, below in parts:
        yield from misfits(each, below, (*path, *key), nulls=nulls)


def _parts(value: Any, shape: Shape) -> list[tuple[Path, Any, Shape]] | str:
    """The parts of a value with their shapes, or what is wanted instead of it."""
    match shape, value:
        case Scalar(), _:
            return [] if shape.fits(value) else shape.wanted
        case Many(), list():
            return [((at,), each, shape.shape) for at, each in enumerate(value)]
        case Many(), _:
            return "a list" if shape.strict else [((), value, shape.shape)]
        case Each(), dict():
            return [((key,), each, shape.shape) for key, each in value.items()]
        case Mapping(), dict():
            return [((key,), value[key], shape[key]) for key in shape if key in value]
        case _:
            return "an object"
