"""Differences between a manifest and the live object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from toolkit.kubernetes.quantities import amount, is_quantity
from toolkit.languages.positioned import Path

_KEYS = ("name", "mountPath", "containerPort", "port", "key", "type", "topologyKey")
"""The first of these keys that all items of a list have identifies them."""
_QUANTITIES = frozenset({"limits", "requests", "target", "sizeLimit", "storage", "divisor"})


class LiveDifference(NamedTuple):
    """A value of the manifest, and the live value in its place; None: missing."""

    path: Path
    declared: Any
    live: Any


def differences(declared: Any, live: Any, path: Path = ()) -> Iterator[LiveDifference]:
    """Yield every value of ``declared`` that ``live`` does not have.

    Further values of ``live``, such as defaults, are no difference. The API server leaves out
    empty values, and normalizes quantities.

    Args:
        declared: The body of the manifest, or a part of it.
        live: The same of the live object.
        path: The path of both parts.
    """
    if declared is None:
        return
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        for key, value in declared.items():
            yield from differences(value, live.get(key), (*path, key))
    elif isinstance(declared, list) and isinstance(live, list):
        yield from _in_list(declared, live, path)
    elif not _same(declared, live, path):
        yield LiveDifference(path, declared, live)


def _in_list(declared: list[Any], live: list[Any], path: Path) -> Iterator[LiveDifference]:
    key = _key(declared)
    if key is None:
        if len(declared) != len(live):
            yield LiveDifference(path, declared, live)
            return
        for index, pair in enumerate(zip(declared, live, strict=True)):
            yield from differences(*pair, (*path, index))
        return
    known = {each.get(key): each for each in live if isinstance(each, Mapping)}
    for index, each in enumerate(declared):
        if each[key] in known:
            yield from differences(each, known[each[key]], (*path, index))
        else:
            yield LiveDifference((*path, index), each, None)


def _key(items: list[Any]) -> str | None:
    """Return the key that identifies all items; None without one."""
    for key in _KEYS:
        values = [each.get(key) for each in items if isinstance(each, Mapping)]
        if len(values) == len(items) and None not in values and len(set(values)) == len(items):
            return key
    return None


def _same(declared: Any, live: Any, path: Path) -> bool:
    if declared == live or (live is None and not declared):
        return True
    measured = _QUANTITIES.intersection(path) and is_quantity(declared) and is_quantity(live)
    return bool(measured) and amount(declared) == amount(live)


def dotted(path: Path) -> str:
    """Return a path in its usual notation.

    >>> dotted(("spec", "containers", 0, "image"))
    'spec.containers[0].image'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]
