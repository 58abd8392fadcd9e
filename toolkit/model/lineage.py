"""Data lineage of telemetry: an acyclic graph of sources and readers.

Edges lead from source to reader: line → capture → field → mapping → data view →
panel → dashboard; exposition → metric → recording rule → alert, panel, autoscaler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from toolkit.findings import Finding, Location, Subject
from toolkit.model.grouping import grouped

FIELDS = "fields"
METRICS = "metrics"


@dataclass(frozen=True, slots=True, eq=False)
class LineageNode:
    """A step of the telemetry; compared by identity."""

    kind: str
    """Such as ``field``, ``panel``, ``recording rule``."""
    name: str
    where: Location
    detail: str = ""
    """Further information: a type, a role."""
    subjects: tuple[Subject, ...] = ()
    """The subjects under which findings refer to it, as broken or as a cause."""
    means: bool = False
    """True for an intermediate step, which is not looked up by name."""

    def __str__(self) -> str:
        return f"{self.kind} `{self.name}`" if self.name else self.kind


class Edge(NamedTuple):
    """A node that feeds another, and the place that declares it."""

    source: LineageNode
    target: LineageNode
    where: Location


@dataclass(frozen=True, slots=True)
class Gap:
    """Something unreadable, so that the graph may be incomplete."""

    side: str
    """`FIELDS` or `METRICS`: the incomplete side."""
    finding: Finding


@dataclass(frozen=True)
class Lineage:
    """All nodes and edges, in the order of the contract, and possible gaps."""

    nodes: tuple[LineageNode, ...] = ()
    edges: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @cached_property
    def _reading(self) -> Mapping[LineageNode, list[Edge]]:
        return grouped((edge.source, edge) for edge in self.edges)

    @cached_property
    def _feeding(self) -> Mapping[LineageNode, list[Edge]]:
        return grouped((edge.target, edge) for edge in self.edges)

    @cached_property
    def _by_subject(self) -> Mapping[Subject, list[LineageNode]]:
        return grouped((subject, node) for node in self.nodes for subject in node.subjects)

    def reading(self, node: LineageNode) -> tuple[Edge, ...]:
        """Return the edges to the direct readers of a node."""
        return tuple(self._reading.get(node, ()))

    def feeding(self, node: LineageNode) -> tuple[Edge, ...]:
        """Return the edges from the direct sources of a node."""
        return tuple(self._feeding.get(node, ()))

    def about(self, subjects: Iterable[Subject]) -> tuple[LineageNode, ...]:
        """Return the nodes with any of these subjects."""
        found = (node for subject in subjects for node in self._by_subject.get(subject, ()))
        return tuple(dict.fromkeys(found))

    def named(self, name: str) -> tuple[LineageNode, ...]:
        """Return the nodes with this name, without intermediate steps."""
        return tuple(node for node in self.nodes if node.name == name and not node.means)

    def below(self, nodes: Iterable[LineageNode]) -> tuple[LineageNode, ...]:
        """Return all direct and indirect readers of ``nodes``, the nearest first."""
        return self._reached(nodes, lambda node: [e.target for e in self.reading(node)])

    def above(self, nodes: Iterable[LineageNode]) -> tuple[LineageNode, ...]:
        """Return all direct and indirect sources of ``nodes``, the nearest first."""
        return self._reached(nodes, lambda node: [e.source for e in self.feeding(node)])

    def _reached(
        self,
        nodes: Iterable[LineageNode],
        following: Callable[[LineageNode], Iterable[LineageNode]],
    ) -> tuple[LineageNode, ...]:
        start = dict.fromkeys(nodes)
        seen, edge = dict(start), list(start)
        while edge:
            step = dict.fromkeys(after for node in edge for after in following(node))
            edge = [node for node in step if node not in seen]
            seen.update(dict.fromkeys(edge))
        return tuple(node for node in seen if node not in start)


@dataclass(slots=True)
class LineageBuilder:
    """A lineage under construction: each node and each edge once, in order."""

    _nodes: dict[tuple[str, ...], LineageNode] = field(default_factory=dict)
    _edges: dict[tuple[LineageNode, LineageNode], Edge] = field(default_factory=dict)
    _gaps: dict[Gap, None] = field(default_factory=dict)

    def node(
        self,
        kind: str,
        name: str,
        where: Location,
        *,
        detail: str = "",
        within: str = "",
        subjects: tuple[Subject, ...] = (),
        means: bool = False,
    ) -> LineageNode:
        """Return the node of this kind and name, adding it if it is new.

        Args:
            kind: Such as ``field``; see `LineageNode`.
            name: Unique together with ``kind`` and ``within``.
            where: The place that declares it.
            detail: Further information, such as a type.
            within: The parent that makes the name unique, such as a dashboard.
            subjects: The subjects under which findings refer to it.
            means: True for an intermediate step.
        """
        made = LineageNode(kind, name, where, detail, subjects, means)
        return self._nodes.setdefault((kind, name, within), made)

    def known(self, kind: str, name: str, within: str = "") -> LineageNode | None:
        """Return the node of this kind and name; None if it was not added.

        Args:
            kind: Such as ``field``; see `LineageNode`.
            name: The name of the node.
            within: The parent that makes the name unique.
        """
        return self._nodes.get((kind, name, within))

    def of(self, *kinds: str) -> Iterator[LineageNode]:
        """Return the nodes of these kinds so far."""
        return (node for node in list(self._nodes.values()) if node.kind in kinds)

    def edge(
        self, source: LineageNode, target: LineageNode, where: Location | None = None
    ) -> None:
        """Add the edge that ``source`` feeds ``target``; the first of several is kept.

        Args:
            source: The feeding node.
            target: The reading node.
            where: The place that declares it; default: that of ``target``.
        """
        if (source, target) not in self._edges:
            self._edges[source, target] = Edge(source, target, where or target.where)

    def gap(self, side: str, finding: Finding) -> None:
        """Record something unreadable."""
        self._gaps[Gap(side, finding)] = None

    def done(self) -> Lineage:
        """Return the finished lineage."""
        return Lineage(tuple(self._nodes.values()), tuple(self._edges.values()), tuple(self._gaps))
