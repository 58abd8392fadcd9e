"""What telemetry comes from, and what reads it: a graph that has no cycles to get lost in.

Edges lead from what feeds to what reads: line → capture → field → mapping → data view →
panel → dashboard; exposition → metric → recording rule → alert, panel, autoscaler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.findings import Finding, Location

FIELDS = "fields"
METRICS = "metrics"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Something that telemetry is made of or passes through; each is one object."""

    kind: str
    """As people call it: ``field``, ``panel``, ``recording rule``."""
    name: str
    where: Location
    detail: str = ""
    """A few words on it: a type, a role."""
    subjects: tuple[str, ...] = ()
    """How findings speak of it, when it is broken or would explain them."""
    means: bool = False
    """Whether it is but a step on the way, which nobody asks for by name."""

    def __str__(self) -> str:
        return f"{self.kind} `{self.name}`" if self.name else self.kind


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """That one node feeds another, and where the other one says so."""

    source: Node
    target: Node
    where: Location


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read, so that more may depend on it than is shown."""

    side: str
    """`FIELDS` or `METRICS`: what is more of than is shown."""
    finding: Finding


@dataclass(frozen=True)
class Lineage:
    """All nodes and edges, in the order of the contract, and what may be missing."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @cached_property
    def _reading(self) -> Mapping[Node, list[Edge]]:
        return _grouped(self.edges, lambda edge: edge.source)

    @cached_property
    def _feeding(self) -> Mapping[Node, list[Edge]]:
        return _grouped(self.edges, lambda edge: edge.target)

    @cached_property
    def _by_subject(self) -> Mapping[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            for subject in node.subjects:
                found.setdefault(subject, []).append(node)
        return found

    def reading(self, node: Node) -> tuple[Edge, ...]:
        """The edges to what reads a node."""
        return tuple(self._reading.get(node, ()))

    def feeding(self, node: Node) -> tuple[Edge, ...]:
        """The edges from what feeds a node."""
        return tuple(self._feeding.get(node, ()))

    def about(self, subjects: Iterable[str]) -> tuple[Node, ...]:
        """The nodes that findings mean by these subjects."""
        found = (node for subject in subjects for node in self._by_subject.get(subject, ()))
        return tuple(dict.fromkeys(found))

    def named(self, name: str) -> tuple[Node, ...]:
        """The nodes of this name that people ask for."""
        return tuple(node for node in self.nodes if node.name == name and not node.means)

    def below(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """All that reads ``nodes``, by way of others too, the nearest first; not themselves."""
        return self._reached(nodes, lambda node: [e.target for e in self.reading(node)])

    def above(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """All that feeds ``nodes``, by way of others too, the nearest first; not themselves."""
        return self._reached(nodes, lambda node: [e.source for e in self.feeding(node)])

    def _reached(
        self, nodes: Iterable[Node], following: Callable[[Node], Iterable[Node]]
    ) -> tuple[Node, ...]:
        start = dict.fromkeys(nodes)
        seen, edge = dict(start), list(start)
        while edge:
            step = dict.fromkeys(after for node in edge for after in following(node))
            edge = [node for node in step if node not in seen]
            seen.update(dict.fromkeys(edge))
        return tuple(node for node in seen if node not in start)


def _grouped(edges: Iterable[Edge], key: Callable[[Edge], Node]) -> Mapping[Node, list[Edge]]:
    found: dict[Node, list[Edge]] = {}
    for edge in edges:
        found.setdefault(key(edge), []).append(edge)
    return found


@dataclass(slots=True)
class LineageBuilder:
    """A lineage while it is put together: each node and each edge once, in order."""

    _nodes: dict[tuple[str, ...], Node] = field(default_factory=dict)
    _edges: dict[tuple[Node, Node], Edge] = field(default_factory=dict)
    _gaps: dict[Gap, None] = field(default_factory=dict)

    def node(
        self,
        kind: str,
        name: str,
        where: Location,
        *,
        detail: str = "",
        within: str = "",
        subjects: tuple[str, ...] = (),
        means: bool = False,
    ) -> Node:
        """The node of this kind and name ``within`` something; made where there is none yet."""
        made = Node(kind, name, where, detail, subjects, means)
        return self._nodes.setdefault((kind, name, within), made)

    def known(self, kind: str, name: str, within: str = "") -> Node | None:
        """The node of this kind and name, if it has been made."""
        return self._nodes.get((kind, name, within))

    def of(self, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds so far."""
        return (node for node in list(self._nodes.values()) if node.kind in kinds)

    def edge(self, source: Node, target: Node, where: Location | None = None) -> None:
        """That ``source`` feeds ``target``; of several places the first is kept."""
        self._edges.setdefault((source, target), Edge(source, target, where or target.where))

    def gap(self, side: str, finding: Finding) -> None:
        """Note what could not be read."""
        self._gaps[Gap(side, finding)] = None

    def done(self) -> Lineage:
        """The whole of it."""
        return Lineage(tuple(self._nodes.values()), tuple(self._edges.values()), tuple(self._gaps))
