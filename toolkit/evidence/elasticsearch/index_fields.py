"""The fields of the indices of lines: mapped by a template, or dynamically."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.elasticsearch.documents import DynamicIndex
from toolkit.elasticsearch.templates import Template
from toolkit.errors import Unsupported
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.logs.doubts import Doubts
from toolkit.evidence.logs.events import Events, events
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

_METADATA = ("_id", "_index", "_score", "_source", "_ignored", "_type", "_routing", "_doc_count")
_NUMBERS = frozenset(
    {"long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float"}
    | {"unsigned_long", "aggregate_metric_double", "histogram"}
)
_DATES = frozenset({"date", "date_nanos"})
_TEXTS = frozenset({"text", "match_only_text", "annotated_text", "semantic_text"})
_KEYWORDS = frozenset({"keyword", "constant_keyword", "wildcard", "counted_keyword", "flattened"})
_FAMILIES = {"number": _NUMBERS, "date": _DATES, "text": _TEXTS, "keyword": _KEYWORDS}
"""Groups of types that one aggregation accepts across indices."""


@dataclass(frozen=True, slots=True)
class IndexFields:
    """The fields of an index for one kind of lines."""

    log: str
    indices: str
    """The index patterns of the contract."""
    mapping: Template
    """The mapping after the lines were indexed."""
    mapped: frozenset[str]
    """The fields that a template maps."""
    produced: frozenset[str] | None
    """The fields with a value in some line; None without lines."""
    composed: bool = False
    """True if the template is composed of others, which are not known."""
    growing: bool = False
    """True if lines that are not known may add fields."""
    doubts: Doubts = field(default_factory=Doubts)
    """The fields that lines may have besides those."""

    def doubts_of_type(self, field: str) -> tuple[Finding, ...]:
        """Return why the type of a field is not known: no template maps it, and any may come."""
        if {field, field.rpartition(".")[0]} & self.mapped:
            return ()
        return self.doubts_of(field)

    def doubts_of(self, field: str) -> tuple[Finding, ...]:
        """Return why it is not known whether a field, or one of a pattern, has values."""
        return self.doubts.all if "*" in field else self.doubts.about(field)

    def globs(self) -> tuple[str, ...]:
        """Return the patterns of its indices: those of the contract, and of the template."""
        own = (each.strip() for each in self.indices.split(","))
        return tuple(dict.fromkeys((*own, *self.mapping.index_patterns)))

    def called(self) -> str:
        """Return its name for messages, in backticks."""
        return f"`{self.log}`"

    def definition(self, field: str) -> Mapping[str, Any] | None:
        """Return the definition of a searchable field; aliases are followed."""
        found = self._own(field) or self._flattened(field)
        if found and found.get("type") == "alias":
            return self.definition(str(found.get("path")))
        return None if found is None or "properties" in found else found

    def _own(self, field: str) -> Mapping[str, Any] | None:
        runtime = self.mapping.mappings.get("runtime") or {}
        return runtime.get(field) or self.mapping.definition(field)

    def _flattened(self, field: str) -> Mapping[str, Any] | None:
        """Return the keyword that a key of a flattened object is."""
        parts = field.split(".")
        for end in range(len(parts) - 1, 0, -1):
            above = self._own(".".join(parts[:end]))
            if above and above.get("type") in ("flattened", "passthrough"):
                return {"type": "flattened"}
        return None

    def gives(self, field: str) -> bool:
        """Return True if some line gives the field a value, itself or its source fields."""
        if self.produced is None or field in self.produced or field in _METADATA:
            return True
        found = self.mapping.definition(field)
        if found and found.get("type") == "alias":
            return self.gives(str(found.get("path")))
        if field in (self.mapping.mappings.get("runtime") or {}):
            return True
        above, dot, _ = field.rpartition(".")
        held = self.mapping.definition(above) if dot else None
        return bool(held and held.get("fields") and self.gives(above))

    def knows(self, field: str) -> bool:
        """Return True if the field is searchable; for a pattern, if any match is."""
        if "*" in field:
            return any(_fits(field, name) for name in (*self.names(), *_METADATA))
        return field in _METADATA or self.definition(field) is not None

    def may_have(self, field: str) -> tuple[str, str] | None:
        """Return why a field that is not mapped may be there all the same, and how to settle it.

        None if the index has no such field.
        """
        if self.composed:
            return (
                f"{self.mapping.source} is composed of other templates, which are not at hand",
                "put each component template beside it, in a file of its name: `NAME.json`.",
            )
        if self.growing and self._is_dynamic(field):
            return (
                f"{self.mapping.source} maps new fields as lines bring them, and no line is known",
                "add a file with some real lines: `samples: samples/*.log`.",
            )
        return None

    def _is_dynamic(self, field: str) -> bool:
        """Return True if the field would be mapped dynamically."""
        node, dynamic = self.mapping.mappings, self.mapping.mappings.get("dynamic", True)
        for part in field.split(".")[:-1]:
            node = (node.get("properties") or {}).get(part) or {}
            dynamic = node.get("dynamic", dynamic)
        return str(dynamic).lower() in ("true", "runtime")

    def names(self) -> tuple[str, ...]:
        """Return all searchable fields, without multi-fields."""
        return tuple(
            dict.fromkeys((*self.mapping.fields(), *(self.mapping.mappings.get("runtime") or ())))
        )

    def is_number(self, field: str) -> bool:
        """Return True if it is numeric."""
        return self._type(field) in _NUMBERS

    def is_date(self, field: str) -> bool:
        """Return True if it can be a time axis."""
        return self._type(field) in _DATES

    def is_aggregatable(self, field: str) -> bool:
        """Return True if it can be grouped, counted by value and sorted by."""
        found = self.definition(field) or {}
        kind = str(found.get("type"))
        if kind in _TEXTS:
            return str(found.get("fielddata", False)).lower() == "true"
        return str(found.get("doc_values", True)).lower() == "true"

    def family(self, field: str) -> str:
        """Return the group of its type, else its type."""
        kind = self._type(field)
        return next((name for name, kinds in _FAMILIES.items() if kind in kinds), kind)

    def _type(self, field: str) -> str:
        return str((self.definition(field) or {}).get("type"))

    def type_of(self, field: str) -> str:
        """Return its type for messages."""
        return self._type(field)


def _fits(pattern: str, name: str) -> bool:
    head, *rest = pattern.split("*")
    if not name.startswith(head):
        return False
    at = len(head)
    for part in rest[:-1]:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) >= at


@dataclass(frozen=True, slots=True)
class IndexFieldsOf(Derived[IndexFields]):
    """Index the events of some lines into an index made by a template."""

    log: str
    indices: str
    template: Query[Template] | None
    events: Query[Events] | None

    def derive(self, *answers: Answer[Any]) -> Answer[IndexFields]:
        rest = list(answers)
        made: Template | None = rest.pop(0).evidence if self.template else None
        found: Answer[Events] | None = rest.pop(0) if self.events else None
        held = made or Template("the lines", "", (), {}, {})
        index = DynamicIndex(held.mappings, held.settings)
        produced, caveats = None, tuple[Finding, ...]()
        if found is not None:
            produced = frozenset(found.evidence.fields())
            caveats = tuple(_filled(index, found.evidence))
        grown = Template(
            held.source, held.text, held.index_patterns, index.mappings, held.settings
        )
        evidence = IndexFields(
            self.log,
            self.indices,
            grown,
            frozenset(held.fields()),
            produced,
            composed=bool(held.missing),
            growing=found is None,
            doubts=found.evidence.doubts if found else Doubts(),
        )
        origin = ", ".join(answer.origin for answer in answers)
        sampled = sum(1 for _ in grown.fields())
        return Answer(evidence, origin, sampled, "index fields", caveats)


def _filled(index: DynamicIndex, found: Events) -> Iterator[Finding]:
    """Index all events; yield the reason if a field type is not emulated."""
    for event in found:
        try:
            index.index(event)
        except Unsupported as error:
            yield error.finding
            return


def index_fields(expected: LogExpectation, scope: Scope) -> Query[IndexFields] | None:
    """Return the query for the index fields of these lines; None without template and lines.

    Sample lines are preferred over those of the service started here.
    """
    made, found = template(expected), events(expected, scope)
    through = found.get("samples") or found.get("service")
    if made is None and through is None:
        return None
    return IndexFieldsOf(expected.name, expected.index, made, through)
