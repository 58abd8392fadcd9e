"""What a running server would make of events, without being written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.events import Events
from toolkit.model.queries import Answer, Dependent, Leaf, Query, Recordable

MOST = 2000
"""Events that are simulated; a server makes an index anew for each, some milliseconds long."""
CANARY = "toolkit-canary"
"""A field of numbers that the substituted template has besides its own."""
_FIRST = 2**63 - 1
"""The priority of a template that no other goes before."""


@dataclass(frozen=True, slots=True)
class SimulationState(Recordable):
    """What a server says of each document, in order: a list, as JSON."""

    documents: str


@dataclass(frozen=True, slots=True)
class SimulatedDocuments(Leaf[SimulationState]):
    """Ask what would become of documents in an index that a template makes; writes nothing."""

    system: ClassVar[str] = "elasticsearch"
    evidence: ClassVar[type[Recordable]] = SimulationState

    log: str
    index: str
    """One name, not a pattern."""
    template: str
    """The body of a composable index template, as JSON."""
    documents: tuple[str, ...]
    """As JSON, the last of them the canary."""

    @property
    def key(self) -> str:
        return f"{self.index}: simulation of {self.log}"


@dataclass(frozen=True, slots=True)
class SimulatedDocumentsOf(Dependent[SimulationState]):
    """Hold the events of some lines against a server by way of the repository's template.

    The template that is sent goes before all that are installed, and has one field more. The
    last document puts a text there: a server that takes it has not taken the template.
    """

    log: str
    index: str
    """The glob of the indices, as the contract writes it."""
    template: Query[Template]
    events: Query[Events]

    def to_leaf(self, mapped: Answer[Template], found: Answer[Events]) -> SimulatedDocuments:
        name = self.index.partition(",")[0].replace("*", "simulated")
        documents = (json.dumps(event, default=str) for event in islice(found.evidence, MOST))
        canary = json.dumps({CANARY: "no number"})
        body = json.dumps(_substitute(mapped.evidence, name))
        return SimulatedDocuments(self.log, name, body, (*documents, canary))


def _substitute(mapped: Template, name: str) -> Mapping[str, Any]:
    """The template, for one index only; a legacy one in the composable form."""
    body = json.loads(mapped.text)
    given = body if isinstance(body.get("template"), Mapping) else {}
    properties = {**mapped.mappings.get("properties", {}), CANARY: {"type": "byte"}}
    inner = {
        **given.get("template", {}),
        "settings": mapped.settings,
        "mappings": {**mapped.mappings, "properties": properties},
    }
    return {**given, "index_patterns": [name], "priority": _FIRST, "template": inner}
