"""Asks a Kibana that runs: how it is, for saved objects and for data views; reads only."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, ClassVar
from urllib.parse import quote

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.http import Client
from toolkit.connectors.kibana.access import KibanaAccess
from toolkit.connectors.kibana.export import exported
from toolkit.errors import Unavailable
from toolkit.evidence.kibana.kibana_queries import (
    DeployedObjects,
    DeployedViews,
    ObjectsQuery,
    StatusQuery,
    StatusText,
    ViewsQuery,
)
from toolkit.model.queries import Answer, Leaf, QueryFailure

__all__ = ["KibanaAccess", "LiveKibana"]


@dataclass(frozen=True, slots=True)
class LiveKibana:
    """The Kibana that a contract, or the command line, names."""

    access: KibanaAccess
    system: ClassVar[str] = "kibana"
    _until: list[float] = field(default_factory=list, init=False, compare=False)
    """When patience ends, once anything was asked; one Kibana is waited for only once."""
    _closed: Event = field(default_factory=Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        if not self._until:
            self._until.append(time.monotonic() + self.access.patience)
        try:
            with Client(self.access, until=self._until[0], pause=self._closed.wait) as client:
                return answer_each(lambda query: self._answer(query, client), queries)
        except Unavailable as error:
            return dict.fromkeys(queries, QueryFailure(error.findings))

    def close(self) -> None:
        """Send no request again."""
        self._closed.set()

    def _answer(
        self, query: StatusQuery | ObjectsQuery | ViewsQuery, client: Client
    ) -> Answer[Any]:
        match query:
            case StatusQuery():
                return self._status(client)
            case ObjectsQuery(names):
                return self._objects(client, names)
            case ViewsQuery(ids):
                return self._views(client, ids)

    def _origin(self) -> str:
        return f"Kibana at {self.access.shown}"

    def _status(self, client: Client) -> Answer[StatusText]:
        reply = client.send("GET", "/api/status", resigns=(503,), params={"v8format": "true"})
        return Answer(StatusText(reply.text), self._origin(), 1, "status reports")

    def _objects(
        self, client: Client, names: tuple[tuple[str, str], ...]
    ) -> Answer[DeployedObjects]:
        return Answer(exported(client, names), self._origin(), len(names), "saved objects")

    def _views(self, client: Client, ids: tuple[str, ...]) -> Answer[DeployedViews]:
        listed = client.data("GET", "/api/data_views")
        there = {str(each.get("id")) for each in listed.get("data_view") or ()}
        texts = {
            name: _compact(client.data("GET", f"{_VIEW}/{quote(name, safe='')}"))
            for name in ids
            if name in there
        }
        return Answer(DeployedViews(texts), self._origin(), len(texts), "data views")


_VIEW = "/api/data_views/data_view"


def _compact(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"))
