"""The address of an Elasticsearch, and requests to it that both 8.19 and 9 understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from toolkit.connectors import http

JSON = "application/vnd.elasticsearch+json; compatible-with=8"
NDJSON = "application/vnd.elasticsearch+x-ndjson; compatible-with=8"
"""Understood by 8.19 and 9."""

_HINTS = {
    403: "give the user the privileges `view_index_metadata` and `read` of these indices.",
    404: "correct the index of the contract.",
}


@dataclass(frozen=True, slots=True)
class ElasticsearchAccess(http.Access):
    """The address of an Elasticsearch, and the credentials."""

    system: ClassVar[str] = "Elasticsearch"
    port: ClassVar[int] = 9200
    headers: ClassVar[Mapping[str, str]] = {"accept": JSON}

    def hint(self, status: int, request: str) -> str | None:
        return _HINTS.get(status)


LENIENT = {"allow_no_indices": "true", "ignore_unavailable": "true"}
"""Parameters for indices that need not exist."""


def path_of(index: str, action: str = "") -> str:
    """Return the path of an action on the indices that match a pattern.

    >>> path_of("logs-*,other", "_search")
    '/logs-*,other/_search'
    """
    return f"/{quote(index, safe='*,-_.')}" + (f"/{action}" if action else "")


class ElasticsearchClient(http.Client):
    """A connection to an Elasticsearch. All its methods raise `Unavailable`."""

    def get(self, path: str, **parameters: str) -> Any:
        """Return what a path answers."""
        return self.data("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, **parameters: str) -> Any:
        """Return what a path answers to a JSON body, or to none."""
        return self._sent("POST", path, body, parameters)

    def put(self, path: str, body: Any) -> None:
        """Store something at a path."""
        self._sent("PUT", path, body, {})

    def bulk(self, lines: bytes) -> list[dict[str, Any]]:
        """Return the result of each action, without its kind."""
        answer = self.data("POST", "/_bulk", data=lines, headers={"content-type": NDJSON})
        return [next(iter(each.values())) for each in answer["items"]]

    def _sent(self, method: str, path: str, body: Any, parameters: dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": JSON}
        return self.data(method, path, data=data, headers=headers, params=parameters)
