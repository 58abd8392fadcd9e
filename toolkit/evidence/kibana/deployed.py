"""The repository's saved objects, and the deployed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.kibana.kibana_queries import DeployedObjects, ObjectsOf
from toolkit.evidence.kibana.saved_objects import saved_objects
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import SavedObject
from toolkit.languages.positioned_json import read_json
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Deployed:
    """Each object of the repository, and Kibana's object of the same type and id."""

    asked: str
    """Such as ``Kibana at localhost:5601``."""
    pairs: tuple[tuple[SavedObject, Mapping[str, Any] | None], ...]


@dataclass(frozen=True, slots=True)
class DeployedIn(Derived[Deployed]):
    """Pair them."""

    ours: Query[Graph]
    theirs: Query[DeployedObjects]

    def derive(self, ours: Answer[Graph], theirs: Answer[DeployedObjects]) -> Answer[Deployed]:
        lines = (read_json(line, theirs.origin) for line in theirs.evidence.text.splitlines())
        held = {(str(each.get("type")), str(each.get("id"))): each for each in lines}
        pairs = tuple((each, held.get(key)) for key, each in ours.evidence.by_key.items())
        found = Deployed(theirs.origin, pairs)
        return Answer(found, theirs.origin, len(pairs), "saved objects")


def deployed(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[Deployed]]:
    """Return the query for the contract's saved objects in a Kibana; empty in an offline run."""
    ours = saved_objects(expected)
    if ours is None or "kibana" not in scope.live:
        return {}
    return {"kibana": DeployedIn(ours, ObjectsOf(ours))}
