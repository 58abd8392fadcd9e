"""Indices that run: what they are asked, and what they are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.identities import id_field, ledger_name, marks, numbered
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Leaf, Query, Recordable


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field the contract speaks of."""

    name: str
    type: str
    role: str | None = None
    unit: str = "ms"


@dataclass(frozen=True, slots=True)
class LedgerRemnants:
    """Documents that a ledger may have left: they are no events of the service."""

    ids: tuple[str, ...] = ()
    field: str = ""
    marks: tuple[str, ...] = ()
    """How the values of ``field`` begin in them."""


@dataclass(frozen=True, slots=True)
class LiveState(Recordable):
    """The two answers of a server: its indices, and one search over them; JSON texts."""

    indices: str
    search: str


@dataclass(frozen=True, slots=True)
class LiveIndex(Leaf[LiveState]):
    """Ask a server for all that is promised of the indices of one pattern."""

    system: ClassVar[str] = "elasticsearch"
    evidence: ClassVar[type[Recordable]] = LiveState

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
    """One index, as the server has it."""

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
        """The types of a field, and the names of the indices that give it each."""
        found: dict[str, list[str]] = {}
        for index in self.indices:
            if kind := index.template.type_of(field):
                found.setdefault(kind, []).append(index.name)
        return found

    def type_of(self, field: str) -> str | None:
        """The type of a field where all indices that have it agree; None otherwise."""
        types = self.types(field)
        return next(iter(types)) if len(types) == 1 else None

    @classmethod
    def read(cls, pattern: str, text: str) -> IndexMappings:
        """Read what ``GET /pattern`` answers."""
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
    """Read which indices there are."""

    asked: Query[LiveState]
    index: str

    def derive(self, state: Answer[LiveState]) -> Answer[IndexMappings]:
        found = IndexMappings.read(self.index, state.evidence.indices)
        return Answer(found, state.origin, len(found.indices), "index mappings")


@dataclass(frozen=True, slots=True)
class LiveTemplate(Derived[Template]):
    """What the newest index is made of, in the form of a template."""

    indices: Query[IndexMappings]

    def derive(self, found: Answer[IndexMappings]) -> Answer[Template]:
        indices = found.evidence.indices
        newest = indices[-1].template if indices else Template("", "", (), {}, {})
        return Answer(newest, found.origin, sum(1 for _ in newest.fields()), "mapped fields")


def asked_fields(expected: LogExpectation) -> tuple[AskedField, ...]:
    """The fields the contract declares of this kind of lines."""
    return tuple(
        AskedField(name, field.type, field.role, field.unit)
        for name, field in expected.fields.items()
    )


def live_index(expected: LogExpectation, scope: Scope) -> LiveIndex | None:
    """The question about the indices of this kind of lines; None in a run that asks no server.

    It is the same for all kinds of lines that go into the same indices.
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
    """What a run that was killed may have left of the ledger of these lines."""
    name, field = ledger_name(expected), id_field(expected)
    if expected.ledger is None:
        return None
    if expected.ledger.via == "pipeline":
        return LedgerRemnants(ids=numbered(name, expected.ledger.lines))
    return LedgerRemnants(field=field, marks=marks(name)) if field else None


def live_template(expected: LogExpectation, scope: Scope) -> Query[Template] | None:
    """The mapping of the newest index; None in a run that asks no server."""
    asked = live_index(expected, scope)
    return LiveTemplate(IndexMappingsIn(asked, asked.index)) if asked else None
