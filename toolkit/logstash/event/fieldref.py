"""Field references: ``a``, ``[a][b]``, ``[a][0]``, ``[@metadata][x]``.

A reference without brackets is one literal name, whatever dots it has. As Logstash since 7.0
reads it ("strict" mode), which refuses what is ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

METADATA = "@metadata"
_NAME = re.compile(r"[^\[\]]+")
_GROUP = re.compile(r"\[(?:n|g+)\]")
_INDEX = re.compile(r"[+-]?\d{1,10}")


class FieldError(Exception):
    """A field reference is illegal, or cannot be written (its parent is not a hash)."""


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed reference: through ``parents`` to ``name``, in the fields or metadata."""

    parents: tuple[str, ...]
    name: str
    metadata: bool = False


@lru_cache(maxsize=16_384)
def parse(reference: str) -> Path:
    """Parse a reference, or raise `FieldError` if it is illegal in Logstash.

    >>> parse("a.b"), parse("[@metadata][x]")
    (Path(parents=(), name='a.b', metadata=False), Path(parents=(), name='x', metadata=True))
    """
    names = _names(reference)
    if not names:
        raise FieldError(f"Invalid FieldReference: `{reference}`")
    if len(names) > 1 and names[0] == METADATA:
        return Path(tuple(names[1:-1]), names[-1], metadata=True)
    return Path(tuple(names[:-1]), names[-1])


def _names(reference: str) -> list[str]:
    """Cut a reference at its brackets, ``group+`` with ``group: "[" (name / group+) "]"``."""
    if "[" not in reference and "]" not in reference:
        return [reference]
    shape, reduced = "", _NAME.sub("n", reference)
    while reduced != shape:
        shape, reduced = reduced, _GROUP.sub("g", reduced)
    return [] if shape.strip("g") else _NAME.findall(reference)


def array_index(name: str, items: Sequence[object]) -> int | None:
    """Parse ``name`` as an index of ``items`` (from the end if negative); None if it is not one.

    The result may be out of range.

    >>> array_index("-1", "abc"), array_index("7", "abc"), array_index("x", "abc")
    (2, 7, None)
    """
    if not _INDEX.fullmatch(name):
        return None
    index = int(name)
    return index + len(items) if index < 0 else index
