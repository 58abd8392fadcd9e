"""Data views: their index patterns, and the fields they make themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.findings import Location
from toolkit.kibana.readings import FieldRead, Need
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened

_DOC = re.compile(r"""(?:\bdoc\[|\bfield\(|\$\()\s*['"]([^'"]+)['"]""")
"""The syntax of fields in Painless, and in Lucene's expressions."""


@dataclass(frozen=True, slots=True)
class View:
    """A data view, saved or held by a panel."""

    id: str
    patterns: tuple[str, ...]
    """Index patterns, as listed in its title."""
    made: frozenset[str]
    """Runtime and scripted fields."""
    where: Location
    time: FieldRead | None = None
    """The time field."""

    @property
    def title(self) -> str:
        """The patterns."""
        return ",".join(self.patterns)

    def __str__(self) -> str:
        return f"data view `{self.title}`"

    def shows(self, index: str) -> bool:
        """Return True if an index that matches ``index`` can match its patterns."""
        return any(overlap(pattern, index) for pattern in self.patterns)

    def is_remote(self) -> bool:
        """True if all its patterns are of other clusters, as in ``europe:logs-*``."""
        return bool(self.patterns) and all(":" in pattern for pattern in self.patterns)


def view_of(node: PositionedNode, name: str) -> View:
    """Parse the attributes of a data view, or those of an inline one."""
    title = str(node.get("title") or "")
    return View(
        name,
        tuple(part.strip() for part in title.split(",") if part.strip()),
        frozenset(_made(node)),
        node.locate("title"),
        _time(node, name),
    )


def _made(node: PositionedNode) -> Iterator[str]:
    if node.get("runtimeFieldMap"):
        yield from (str(name) for name, _ in opened(node, "runtimeFieldMap").items())
    if node.get("fields"):
        for each in opened(node, "fields").values():
            if each.get("scripted"):
                yield str(each.get("name"))


def script_readings(node: PositionedNode, name: str) -> Iterator[tuple[str, FieldRead]]:
    """Yield the fields that the scripts of a data view read, by the field they make."""
    if node.get("runtimeFieldMap"):
        for made, each in opened(node, "runtimeFieldMap").items():
            yield from _scripted(str(made), each.at("script", "source"), name)
    if node.get("fields"):
        for each in opened(node, "fields").values():
            if each.get("scripted"):
                yield from _scripted(str(each.get("name")), each.at("script"), name)


def _scripted(made: str, script: PositionedNode, name: str) -> Iterator[tuple[str, FieldRead]]:
    if isinstance(script.value, str):
        for found in dict.fromkeys(_DOC.findall(script.value)):
            yield made, FieldRead(found, Need.EXISTS, name, script.find(found))


def _time(node: PositionedNode, name: str) -> FieldRead | None:
    field = node.get("timeFieldName")
    if not isinstance(field, str) or not field:
        return None
    return FieldRead(field, Need.TIME, name, node.locate("timeFieldName"))


def overlap(one: str, other: str) -> bool:
    """Return True if some name matches both globs; only ``*`` is special.

    >>> overlap("logs-*", "*-nginx-*"), overlap("a*", "b*"), overlap("-a*", "ab")
    (True, False, False)
    """
    if one.startswith("-"):
        return False
    return _overlap(one.lower(), other.lower())


def _overlap(one: str, other: str) -> bool:
    """Return True if both globs can be consumed at once; states are pairs of positions."""
    states, seen = [(0, 0)], set[tuple[int, int]]()
    while states:
        i, j = states.pop()
        if (i, j) == (len(one), len(other)):
            return True
        if (i, j) in seen:
            continue
        seen.add((i, j))
        states += _moves(one, other, i, j)
    return False


def _moves(one: str, other: str, i: int, j: int) -> Iterable[tuple[int, int]]:
    a, b = one[i : i + 1], other[j : j + 1]
    if a == "*":
        yield (i + 1, j)
        if b:
            yield (i, j + 1)
    if b == "*":
        yield (i, j + 1)
        if a:
            yield (i + 1, j)
    if a and a == b and a != "*":
        yield (i + 1, j + 1)
