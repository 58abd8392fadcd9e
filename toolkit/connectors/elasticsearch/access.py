"""Address and credentials of an Elasticsearch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

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
