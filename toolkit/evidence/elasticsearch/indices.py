"""Queries to running indices, and their mappings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.identities import id_field, ledger_name, marks, numbered
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Leaf, Query, Recordable


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field of the contract."""

    name: str
    type: str
    role: str | None = None
    unit: str = "ms"


@dataclass(frozen=True, slots=True)
class LedgerRemnants:
    """Documents that a ledger may have left, which are not events of the service."""

    ids: tuple[str, ...] = ()
    field: str = ""
    marks: tuple[str, ...] = ()
    """Prefixes of the values of ``field`` in them."""


@dataclass(frozen=True, slots=True)
class LiveState(Recordable):
    """The two responses of a server: its indices, and one search over them; JSON texts."""

    indices: str
    search: str


@dataclass(frozen=True, slots=True)
class LiveIndex(Leaf[LiveState], system="elasticsearch"):
    """All data that the checks need of the indices of one pattern."""

    index: str
    fields: tuple[AskedField, ...]
    failure_tags: tuple[str, ...]
    declared: Location
    apart: tuple[LedgerRemnants, ...] = ()

    @property
    def key(self) -> str:
        return self.index


@dataclass(frozen=True, slots=True)
class IndexMapping:
    """The mapping of one index."""

    name: str
    template: Template
    created: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class IndexMappings:
    """The indices of one pattern, the oldest first."""

    pattern: str
    indices: tuple[IndexMapping, ...]

    def types(self, field: str) -> Mapping[str, Sequence[str]]:
        """Return the indices of each type of a field, by type."""
        typed = ((index.template.type_of(field), index.name) for index in self.indices)
        return grouped((kind, name) for kind, name in typed if kind)

    def type_of(self, field: str) -> str | None:
        """Return the type of a field if all indices that have it agree; else None."""
        types = self.types(field)
        return next(iter(types)) if len(types) == 1 else None

    @classmethod
    def read(cls, pattern: str, text: str) -> IndexMappings:
        """Parse the response to ``GET /pattern``.

        Args:
            pattern: The requested pattern.
            text: The response, as JSON.
        """
        found = sorted(_indices(json.loads(text)), key=lambda index: (index.created, index.name))
        return cls(pattern, tuple(found))


def _indices(answer: Mapping[str, Any]) -> Iterator[IndexMapping]:
    for name, held in answer.items():
        settings = held.get("settings") or {}
        template = Template(
            source=f"elasticsearch:{name}",
            text="",
            index_patterns=(name,),
            mappings=held.get("mappings") or {},
            settings=settings,
        )
        yield IndexMapping(name, template, int(settings.get("index", {}).get("creation_date", 0)))


@dataclass(frozen=True, slots=True)
class IndexMappingsIn(Derived[IndexMappings]):
    """Parse the mappings of the indices."""

    asked: Query[LiveState]
    index: str

    def derive(self, state: Answer[LiveState]) -> Answer[IndexMappings]:
        found = IndexMappings.read(self.index, state.evidence.indices)
        return Answer(found, state.origin, len(found.indices), "index mappings")


@dataclass(frozen=True, slots=True)
class LiveTemplate(Derived[Template]):
    """The mapping of the newest index, in the form of a template."""

    indices: Query[IndexMappings]

    def derive(self, found: Answer[IndexMappings]) -> Answer[Template]:
        indices = found.evidence.indices
        newest = indices[-1].template if indices else Template("", "", (), {}, {})
        return Answer(newest, found.origin, sum(1 for _ in newest.fields()), "mapped fields")


def asked_fields(expected: LogExpectation) -> tuple[AskedField, ...]:
    """Return the fields that the contract declares for these lines."""
    return tuple(
        AskedField(name, field.type, field.role, field.unit)
        for name, field in expected.fields.items()
    )


def live_index(expected: LogExpectation, scope: Scope) -> LiveIndex | None:
    """Return the query for the indices of these lines; None in an offline run.

    Logs with the same indices have the same query.
    """
    if "elasticsearch" not in scope.live or not expected.fields:
        return None
    together = [each for each in scope.contract.logs if each.index == expected.index]
    fields = {field.name: field for each in together for field in asked_fields(each)}
    tags = dict.fromkeys(tag for each in together for tag in each.failure_tags)
    apart = tuple(apart for each in together if (apart := _apart(each)))
    return LiveIndex(
        expected.index, tuple(fields.values()), tuple(tags), together[0].declared, apart
    )


def _apart(expected: LogExpectation) -> LedgerRemnants | None:
    """Return the documents that an interrupted ledger of these lines may have left."""
    name, field = ledger_name(expected), id_field(expected)
    if expected.ledger is None:
        return None
    if expected.ledger.via == "pipeline":
        return LedgerRemnants(ids=numbered(name, expected.ledger.lines))
    return LedgerRemnants(field=field, marks=marks(name)) if field else None


def live_template(expected: LogExpectation, scope: Scope) -> Query[Template] | None:
    """Return the query for the mapping of the newest index; None in an offline run."""
    asked = live_index(expected, scope)
    return LiveTemplate(IndexMappingsIn(asked, asked.index)) if asked else None
