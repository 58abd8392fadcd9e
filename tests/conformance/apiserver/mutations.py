"""Objects as people get them wrong: each value of a valid one, in each wrong way that fits it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.conformance.apiserver import Changes, pointer

Path = tuple[str | int, ...]

_QUANTITY = re.compile(r"[0-9.]+([mkMGT]|[KMG]i)?")
_TEXTS = ("", "a b", "-x", "my_name", "a.b", "a/b/c", "A" * 64, "x" * 254, "1", "*")
_NUMBERS = (-1, 0, 1, 1.5, 65536, 2**31, "5", "x", True)
_QUANTITIES = ("512MB", "-1", "0", "1.5", "0.5m", " 1Gi", "0,5", "1Kib", "1e3", "64Gi", 3, None)
_PERCENTAGES = ("25", "150%", "-1%", "%", -1, 0, 2.5, "1.5%")
_KEYS = ("a b", "-x", "a/b/c", "example.com/", "/x", "k" * 64, "Example.com/x", "gpu")
_OTHERS: Mapping[type, tuple[Any, ...]] = {
    str: (5, True, None, ["text"], {"a": "b"}),
    int: (None, [1], {"a": 1}),
    bool: ("true", "yes", 1, None),
    list: (None, [], {}, "text", [None]),
    dict: (None, {}, [], "text"),
}


def mutations(value: Any, path: Path = ()) -> Iterator[tuple[str, Changes]]:
    """Yield one change each, and a word for its kind."""
    if path not in {(), ("apiVersion",), ("kind",)}:
        yield from _replaced(value, path)
    match value:
        case dict():
            yield from _keys(value, path)
            for key, item in value.items():
                yield "missing", {f"-{pointer((*path, key))}": None}
                yield from mutations(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield "twice", {pointer((*path, len(value))): item}
                yield from mutations(item, (*path, index))


def _replaced(value: Any, path: Path) -> Iterator[tuple[str, Changes]]:
    for each in (*_alike(value), *_OTHERS[type(value)]):
        if each != value or type(each) is not type(value):
            yield f"{type(each).__name__} {each!s:.12}", {pointer(path): each}


def _alike(value: Any) -> tuple[Any, ...]:
    """Wrong values of the same sort."""
    match value:
        case bool():
            return (not value,)
        case int():
            return _NUMBERS
        case str() if value.endswith("%"):
            return _PERCENTAGES
        case str() if _QUANTITY.fullmatch(value):
            return _QUANTITIES
        case str():
            return (value.lower(), value.upper(), value.capitalize(), value[:-1], *_TEXTS)
    return ()


def _keys(value: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Changes]]:
    """Keys that are misspelt; and in a mapping of texts, those that are no names."""
    for key in value:
        for wrong in (key[:-1], key.swapcase()):
            if wrong not in value:
                yield "misspelt", _renamed(value, path, key, wrong)
    if value and all(isinstance(item, str) for item in value.values()):
        for key in _KEYS:
            yield "key", {pointer((*path, key)): next(iter(value.values()))}
    else:
        yield "unknown", {pointer((*path, "surprise")): 1}


def _renamed(value: Mapping[str, Any], path: Path, key: str, wrong: str) -> Changes:
    return {f"-{pointer((*path, key))}": None, pointer((*path, wrong)): value[key]}
