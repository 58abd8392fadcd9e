"""A part of the lineage as a tree: the sources of a node, and its readers."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.findings import Location
from toolkit.model.lineage import Gap, Lineage, LineageNode
from toolkit.reports.digest.effects import counted
from toolkit.reports.terminal.style import Style, visible

VERSION = 1
"""Version of the JSON; within one, keys are only added."""

_PLACES = 30
"""The minimum column of places."""


def render(lineage: Lineage, nodes: Iterable[LineageNode], style: Style | None = None) -> str:
    """Write a tree of sources and one of readers for each node, and the number of dependents.

    Args:
        lineage: The whole lineage.
        nodes: The nodes in question.
        style: Default: 80 columns without colour.
    """
    printer = _Printer(lineage, style or Style())
    return "\n".join("".join(line + "\n" for line in printer.both(node)) for node in nodes)


def render_json(lineage: Lineage, nodes: Iterable[LineageNode], gaps: Iterable[Gap] = ()) -> str:
    """Write JSON: nodes by number, edges between them, unread files.

    Args:
        lineage: The whole lineage.
        nodes: The nodes in question.
        gaps: Files that could not be read.
    """
    start = tuple(nodes)
    above, below = lineage.above(start), lineage.below(start)
    around = tuple(dict.fromkeys((*start, *above, *below)))
    number = {node: index for index, node in enumerate(around)}
    feeding = [edge for node in (*start, *above) for edge in lineage.feeding(node)]
    reading = [edge for node in (*start, *below) for edge in lineage.reading(node)]
    found = {
        "version": VERSION,
        "nodes": [_node(node, index) for node, index in number.items()],
        "edges": [
            {"from": number[edge.source], "to": number[edge.target], **_place(edge.where)}
            for edge in dict.fromkeys((*feeding, *reading))
        ],
        "asked": [number[node] for node in start],
        "upstream": [number[node] for node in above],
        "downstream": [number[node] for node in below],
        "not_read": [{"what": gap.finding.what, **_place(gap.finding.where)} for gap in gaps],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _node(node: LineageNode, index: int) -> dict[str, Any]:
    named = {"id": index, "kind": node.kind, "name": node.name, "detail": node.detail}
    return {**named, **_place(node.where)}


def _place(where: Location) -> dict[str, Any]:
    return {"source": where.source, "line": where.line, "column": where.column}


@dataclass(frozen=True, slots=True)
class _Row:
    """A node of the tree, with the guides before it and before the lines below."""

    guide: str
    below: str
    node: LineageNode
    where: Location
    again: bool


class _Printer:
    """Formats the trees around nodes."""

    def __init__(self, lineage: Lineage, style: Style) -> None:
        self.lineage, self.style = lineage, style

    def both(self, node: LineageNode) -> Iterator[str]:
        above, below = list(_rows(node, self._sources)), list(_rows(node, self._readers))
        column = self._column([*above, *below])
        yield from self._line(_Row("", "", node, node.where, False), column)
        for head, rows in (("comes from", above), ("is read by", below)):
            yield ""
            yield self.style.paint(head, "bold") + ("" if rows else "  nothing known")
            for row in rows:
                yield from self._line(row, column)
        if any(row.again for row in (*above, *below)):
            yield ""
            yield "↑ continued above"
        if below:
            yield ""
            yield from textwrap.wrap(_depending(self.lineage.below([node])), self.style.width)

    def _readers(self, node: LineageNode) -> list[tuple[LineageNode, Location]]:
        return [(edge.target, edge.where) for edge in self.lineage.reading(node)]

    def _sources(self, node: LineageNode) -> list[tuple[LineageNode, Location]]:
        return [(edge.source, edge.source.where) for edge in self.lineage.feeding(node)]

    def _column(self, rows: Iterable[_Row]) -> int:
        """Return the column of the places: behind the widest row, if the longest place fits."""
        widths = [len(_plain(row)) for row in rows]
        places = [len(str(row.where)) for row in rows]
        room = self.style.width - max(places, default=0)
        return max(_PLACES, min(max(widths, default=0) + 2, room))

    def _line(self, row: _Row, column: int) -> Iterator[str]:
        """Yield one line, or two if the place does not fit."""
        plain, place = _plain(row), str(row.where)
        room = self.style.width - (len(plain) - len(row.node.name))
        name = visible(row.node.name)
        name = name if len(name) <= room else f"{name[: room - 1]}…"
        plain = _plain(row, name)
        shown = _plain(row, self.style.paint(name, "bold") if name else "")
        gap = max(2, column - len(plain))
        where = self.style.paint(place, "dim")
        if row.node.name == place:
            yield shown
        elif len(plain) + gap + len(place) <= self.style.width:
            yield f"{shown}{' ' * gap}{where}"
        else:
            yield shown
            yield f"{row.below:<{column}}{where}"


def _depending(found: Iterable[LineageNode]) -> str:
    kinds = [node.kind for node in found if not node.means]
    verb = "depends" if len(kinds) < 2 else "depend"
    return f"{counted(kinds) or 'no panel, rule or alert'} {verb} on it"


def _plain(row: _Row, name: str | None = None) -> str:
    node = row.node
    name = node.name if name is None else name
    words = (node.kind, name, f"({node.detail})" if node.detail else "", "↑" if row.again else "")
    return row.guide + " ".join(filter(None, words))


def _rows(
    node: LineageNode,
    following: Callable[[LineageNode], list[tuple[LineageNode, Location]]],
    guide: str = "",
    seen: dict[LineageNode, None] | None = None,
) -> Iterator[_Row]:
    """Yield the neighbours of a node, and theirs; nodes that occurred before are not followed.

    A dashboard is part of the detail of its panels, and no row of its own.
    """
    seen = {node: None} if seen is None else seen
    found = following(node)
    for number, (after, where) in enumerate(found, 1):
        last = number == len(found)
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        more = any(each.kind != "dashboard" for each, _ in following(after))
        again = more and after in seen
        yield _Row(guide + branch, guide + below, after, where, again)
        if more and not again:
            seen[after] = None
            yield from _rows(after, following, guide + below, seen)
