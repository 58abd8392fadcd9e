"""Simulated indexing of events by a running server; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.events import Events
from toolkit.model.queries import Answer, Dependent, Leaf, Query, Recordable

MOST = 2000
"""Maximum number of simulated events; a server takes some milliseconds for each."""
CANARY = "toolkit-canary"
"""A numeric field that the substituted template has in addition."""
_FIRST = 2**63 - 1
"""The highest priority of a template."""


@dataclass(frozen=True, slots=True)
class SimulationState(Recordable):
    """The server's result for each document, in order: a list, as JSON."""

    documents: str


@dataclass(frozen=True, slots=True)
class SimulatedDocuments(Leaf[SimulationState], system="elasticsearch"):
    """Simulate the indexing of documents with a template; writes nothing."""

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
    """Simulate the indexing of the events of some lines with the repository's template.

    The substituted template outranks all installed ones, and has one more field. The
    last document has a text in that field: a server that accepts it ignores the template.
    """

    log: str
    index: str
    """The index patterns of the contract."""
    template: Query[Template]
    events: Query[Events]

    def to_leaf(self, mapped: Answer[Template], found: Answer[Events]) -> SimulatedDocuments:
        name = self.index.partition(",")[0].replace("*", "simulated")
        documents = (json.dumps(event, default=str) for event in islice(found.evidence, MOST))
        canary = json.dumps({CANARY: "no number"})
        body = json.dumps(_substitute(mapped.evidence, name))
        return SimulatedDocuments(self.log, name, body, (*documents, canary))


def _substitute(mapped: Template, name: str) -> Mapping[str, Any]:
    """Return the template for one index only; a legacy one in the composable form."""
    body = json.loads(mapped.text)
    given = body if isinstance(body.get("template"), Mapping) else {}
    properties = {**mapped.mappings.get("properties", {}), CANARY: {"type": "byte"}}
    inner = {
        **given.get("template", {}),
        "settings": mapped.settings,
        "mappings": {**mapped.mappings, "properties": properties},
    }
    return {**given, "index_patterns": [name], "priority": _FIRST, "template": inner}
