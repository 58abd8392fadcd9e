"""A mapping that can be part of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

ValueT = TypeVar("ValueT")


class FrozenMapping(Mapping[str, ValueT]):
    """A hashable mapping of any values; callers must not change the values.

    >>> FrozenMapping({"a": [1]}) == {"a": [1]}, len({FrozenMapping({"a": [1]}): 0})
    (True, 1)
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, ValueT] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, key: str) -> ValueT:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        # Values may be lists: keys alone distinguish mappings well enough.
        return hash(frozenset(self._values))

    def __repr__(self) -> str:
        return f"FrozenMapping({self._values!r})"
