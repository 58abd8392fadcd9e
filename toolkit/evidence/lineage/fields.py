"""Fields: the lines and filters they come from, and their mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.pipelines import Compiled
from toolkit.findings import Finding, Location, Subject
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.fields import Name
from toolkit.logstash.flow.graph import ARRIVED, Flow, FlowStep, Read, flow_of
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.lineage import FIELDS, LineageBuilder, LineageNode

_OF_THE_LINE = ("message", "event")
"""Fields with the line itself; all others that arrive come from the shipper."""

_SHIPPED = frozenset(
    {*_OF_THE_LINE, "@timestamp", "@version", "agent", "ecs", "event", "fields", "host", "input"}
    | {"log", "tags", "cloud", "container", "docker", "kubernetes", "process", "stream", "type"}
)
"""Fields that a shipper or an input may have set before the first filter."""


@dataclass
class FieldLineage:
    """The fields of the events of one log, by the names under which they are indexed."""

    builder: LineageBuilder
    expected: LogExpectation
    template: Template | None
    flow: Flow | None = None
    sources: Sources = field(default_factory=lambda: Sources(()))
    steps: dict[FlowStep, LineageNode] = field(default_factory=dict)
    arriving: frozenset[str] = frozenset()
    """Fields that filters read before any filter sets them."""

    def field(self, name: str) -> LineageNode:
        """Return the node of a dotted field, with its sources."""
        kind = "event field" if self._stays_behind(name) else "field"
        found = self.builder.known(kind, name, self.expected.name)
        if found is not None:
            return found
        promised = self.expected.fields.get(name)
        origins = [
            self.arrived(name) if step is ARRIVED else self.steps[step]
            for step in self._origins(name)
        ]
        node = self.builder.node(
            kind,
            name,
            promised.declared if promised else self._place(name, origins),
            detail=", ".join(filter(None, (promised.type, promised.role))) if promised else "",
            within=self.expected.name,
            subjects=(Subject("field", name), Subject("types", name), Subject("values", name)),
        )
        for origin in origins:
            self.builder.edge(origin, node)
        return node

    def arrived(self, name: str) -> LineageNode:
        """Return the node of a field that arrives with the event."""
        lines, shipper = self.steps[ARRIVED], self.expected.shipper
        if self.flow is None or name.partition(".")[0] in _OF_THE_LINE:
            return lines
        where = Location(shipper) if shipper else self.expected.declared
        detail = "" if shipper else "the contract names none"
        return self.builder.node("shipper", shipper or "", where, detail=detail)

    def _stays_behind(self, name: str) -> bool:
        """Return True if the index never sees the field, only the pipeline."""
        path = tuple(name.split("."))
        gone = self.flow is not None and path in self.flow.removed and path not in self.flow.fields
        return gone or path[0] == "@metadata"

    def _origins(self, name: str) -> tuple[FlowStep, ...]:
        shipped = self.flow is None or name.partition(".")[0] in _SHIPPED
        found = self.flow.origins(tuple(name.split("."))) if self.flow else ()
        return found or ((ARRIVED,) if shipped or name in self.arriving else ())

    def _place(self, name: str, origins: list[LineageNode]) -> Location:
        if origins and origins[0].means:
            return origins[0].where
        mapped = self.template is not None and self.template.definition(name)
        return self.template.locate(name) if self.template and mapped else self.expected.declared

    def reading(self, read: Read) -> list[LineageNode]:
        """Return the nodes that a step reads: the field at that point, else its final state."""
        name = ".".join(read.field)
        if read.made_by == self._origins(name):
            return [self.field(name)]
        return [self.steps[step] for step in read.made_by]

    def mapped(self, name: str) -> LineageNode:
        """Return the mapping of a field or of its parent; the field itself if it has none."""
        template = self.template
        definition = template.definition(name) if template else None
        if template is None or definition is None:
            return self.field(name)
        node = self.builder.node(
            "mapping",
            name,
            template.locate(name),
            detail=str(definition.get("type", "object")),
            within=self.expected.name,
            subjects=(Subject("mapping", name),),
            means=True,
        )
        self.builder.edge(self.field(_base(template, name, definition)), node)
        for source in self.copied.get(name, ()):
            self.builder.edge(self.field(source), node)
        return node

    @cached_property
    def copied(self) -> Mapping[str, list[str]]:
        """Return the fields whose values the index copies into others, by these."""
        found: dict[str, list[str]] = {}
        for name in self.template.fields() if self.template else ():
            definition = self.template.definition(name) if self.template else None
            targets = (definition or {}).get("copy_to") or ()
            for target in [targets] if isinstance(targets, str) else targets:
                found.setdefault(str(target), []).append(name)
        return found

    def meant(self, pattern: str) -> list[LineageNode]:
        """Return the mapped fields that match a name, or a pattern of names."""
        if "*" not in pattern:
            return [self.mapped(pattern)]
        known = [node.name for node in self.builder.of("field")]
        return [self.mapped(name) for name in dict.fromkeys(known) if fnmatchcase(name, pattern)]


def _base(template: Template, name: str, definition: Mapping[str, object]) -> str:
    """Return the field whose values are indexed under ``name``."""
    if definition.get("type") == "alias":
        return str(definition.get("path"))
    above, _, last = name.rpartition(".")
    parent = template.definition(above) if above else None
    return above if parent and last in (parent.get("fields") or {}) else name


def add_fields(
    builder: LineageBuilder,
    expected: LogExpectation,
    service: ServiceExpectation | None,
    compiled: Compiled | None,
    template: Template | None,
) -> FieldLineage:
    """Add lines, filters, fields and mappings.

    Args:
        builder: The lineage to extend.
        expected: The lines and their pipeline.
        service: The service that logs them; None if it is not known.
        compiled: The pipeline; None if it is not readable.
        template: The index template; None if it is not readable.

    Returns:
        The fields of these events.
    """
    index = FieldLineage(builder, expected, template)
    lines = _lines(builder, expected, service)
    index.steps[ARRIVED] = lines
    if compiled is not None and compiled.configuration is not None:
        context = compiled.pipeline.context if compiled.pipeline else None
        index.flow = _spelled(flow_of(compiled.configuration, context, expected.stand_ins))
        index.sources = compiled.configuration.sources
        _steps(index, index.flow)
    for fault in compiled.faults if compiled else ():
        builder.gap(FIELDS, fault)
    for name in expected.fields:
        index.field(name)
    for path in (*index.flow.fields, *index.flow.removed) if index.flow else ():
        index.field(".".join(path))
    for name in template.fields() if template else ():
        index.mapped(name)
    return index


def _lines(
    builder: LineageBuilder, expected: LogExpectation, service: ServiceExpectation | None
) -> LineageNode:
    unparsed = () if expected.pipeline else (Subject("lines", expected.name),)
    subjects = (Subject("events", expected.name), Subject("pipeline"), *unparsed)
    lines = builder.node("lines", expected.name, expected.declared, subjects=subjects)
    way_in = lines
    if expected.shipper:
        way_in = builder.node("shipper", expected.shipper, Location(expected.shipper))
        builder.edge(way_in, lines)
    for glob in expected.samples:
        builder.edge(builder.node("samples", glob, expected.declared), way_in)
    if service and service.log:
        builder.edge(builder.node("log of the service", service.log, service.declared), way_in)
    return lines


def _spelled(flow: Flow) -> Flow:
    """Return the flow with dotted field names: to an index, ``[a][b]`` and ``a.b`` are one."""
    return replace(flow, fields=_dotted(flow.fields), removed=_dotted(flow.removed))


def _dotted(fields: Mapping[Name, tuple[FlowStep, ...]]) -> dict[Name, tuple[FlowStep, ...]]:
    found: dict[Name, tuple[FlowStep, ...]] = {}
    for name, steps in fields.items():
        dotted = tuple(".".join(name).split("."))
        found[dotted] = tuple(dict.fromkeys((*found.get(dotted, ()), *steps)))
    return found


def _steps(index: FieldLineage, flow: Flow) -> None:
    builder = index.builder
    reads = [read for step in flow.steps for read in step.reads]
    index.arriving = frozenset(".".join(r.field) for r in reads if r.made_by == (ARRIVED,))
    for step in flow.steps:
        where = index.sources.locate(step.span)
        name = "" if step.text == step.action else step.text
        within = f"{index.expected.name} {step.span} {len(index.steps)}"
        # Only these fields are missing in a line that is not parsed.
        subjects = (Subject("lines", index.expected.name),) if step.parses else ()
        node = builder.node(
            _kind(step.action), name, where, within=within, subjects=subjects, means=True
        )
        index.steps[step] = node
        if not step.known:
            builder.gap(FIELDS, _unknown(step, where))
    for step in flow.steps:
        node = index.steps[step]
        for read in step.reads:
            for source in index.reading(read):
                builder.edge(source, node)
        above = {each for read in step.reads for made in read.made_by for each in made.under}
        for condition in step.under:
            if condition not in above:
                builder.edge(index.steps[condition], node)


def _kind(action: str) -> str:
    if action in ("grok", "dissect"):
        return "capture"
    return "condition" if action in ("if", "else if") else action


def _unknown(step: FlowStep, where: Location) -> Finding:
    return Finding(
        what=f"the fields that `{step.action}` reads and writes are not known",
        where=where,
        why="its options do not name all of them",
        fix="state what it sets under `stand_ins:` of the contract.",
    )
