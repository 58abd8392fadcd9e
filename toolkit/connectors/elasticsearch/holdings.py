"""The documents of a ledger in an Elasticsearch that runs: found by their ids, and removed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from toolkit.connectors.elasticsearch.client import LENIENT, ElasticsearchClient, path_of
from toolkit.errors import Unavailable
from toolkit.evidence.delivery.ledger import IndexedEntry, Ledger
from toolkit.evidence.logs.events import lookup

_WHOLE = {**LENIENT, "allow_partial_search_results": "false"}
_MOST = 10_000
"""Maximum number of hits of one search, the default limit of an index."""
_NEWEST = 1000
"""So many events that were not parsed are looked at one by one."""
_GONE = (200, 404)


class Holdings:
    """The documents in the indices that belong to one ledger."""

    def __init__(self, client: ElasticsearchClient, query: Ledger) -> None:
        self._client, self._query = client, query
        self._numbers = {entry.id: number for number, entry in enumerate(query.entries)}

    def find(self) -> list[IndexedEntry]:
        """The documents of the entries, whatever is not yet visible included.

        Raises `Unavailable`.
        """
        self._refresh()
        return self._search(self._query.index)

    def find_earlier(self) -> list[IndexedEntry]:
        """Documents that another run of the same ledger has sent, or has left."""
        field, marks = self._query.field, self._query.marks
        if field is None:
            return self.find()
        self._refresh()
        names = (field, f"{field}.keyword")
        begins = [{"prefix": {name: mark}} for name in names for mark in marks]
        body = {"query": {"bool": {"should": begins}}, "size": _MOST, "_source": [field]}
        hits = self._hits(self._query.index, body)
        return [_held(hit, 0) for hit in hits if _value(hit, field).startswith(marks)]

    def find_elsewhere(self, held: Sequence[IndexedEntry]) -> list[IndexedEntry]:
        """Documents of the entries in any other index; none where it may not be looked for."""
        known = {(each.index, each.id) for each in held}
        try:
            found = self._search("*")
        except Unavailable:
            return []
        return [each for each in found if (each.index, each.id) not in known]

    def find_unread(self) -> list[IndexedEntry]:
        """Events that are marked as not parsed, and whose text holds the id of an entry."""
        asked = _either("tags", self._query.failure_tags)
        body = {"query": asked, "size": _NEWEST, "sort": _NEWEST_FIRST}
        found = []
        for hit in self._hits(self._query.index, body):
            text = json.dumps(hit.get("_source", {}))
            found += [_held(hit, n) for id_, n in self._numbers.items() if id_ in text][:1]
        return found

    def lag(self) -> float | None:
        """Seconds since the newest event of the indices; None where none has a time."""
        body = {"size": 0, "aggs": {"newest": {"max": {"field": "@timestamp"}}}}
        try:
            found = self._client.post(path_of(self._query.index, "_search"), body, **_WHOLE)
        except Unavailable:
            return None
        newest = found.get("aggregations", {}).get("newest", {}).get("value")
        return None if newest is None else time.time() - newest / 1e3

    def remove(self, held: Iterable[IndexedEntry]) -> tuple[int, str]:
        """Delete these documents: how many of them stay, and the server's reason."""
        lines = [
            json.dumps({"delete": {"_index": each.index, "_id": each.id}}) + "\n" for each in held
        ]
        if not lines:
            return 0, ""
        body = "".join(lines).encode()
        left = [each for each in self._client.bulk(body) if each["status"] not in _GONE]
        return len(left), left[0]["error"]["reason"] if left else ""

    def _refresh(self) -> None:
        try:
            self._client.post(path_of(self._query.index, "_refresh"), **LENIENT)
        except Unavailable as error:
            # Who may not refresh sees the same a second later.
            if error.finding.kind != "forbidden":
                raise

    def _search(self, index: str) -> list[IndexedEntry]:
        field, ids = self._query.field, list(self._numbers)
        asked = _either(field, ids) if field else {"ids": {"values": ids}}
        body = {"query": asked, "size": _MOST, "_source": ["tags", *([field] if field else [])]}
        found = [_held(hit, n) for hit in self._hits(index, body) for n in self._entries(hit)]
        return sorted(found, key=lambda each: (each.entry, each.index, each.id))

    def _entries(self, hit: Mapping[str, Any]) -> Iterator[int]:
        """The entry that a document holds; a search may find more than what is equal."""
        field = self._query.field
        values = lookup(hit.get("_source", {}), field) if field else (hit["_id"],)
        return (self._numbers[value] for value in values[:1] if value in self._numbers)

    def _hits(self, index: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = self._client.post(path_of(index, "_search"), body, **_WHOLE)
        hits: list[dict[str, Any]] = found.get("hits", {}).get("hits", [])
        return hits


_NEWEST_FIRST = [{"@timestamp": {"order": "desc", "unmapped_type": "date"}}]


def _either(field: str, values: Sequence[str]) -> Mapping[str, Any]:
    """One of the values, in a field or in the keyword that dynamic mapping puts beside it."""
    terms = [{"terms": {name: list(values)}} for name in (field, f"{field}.keyword")]
    return {"bool": {"should": terms, "minimum_should_match": 1}}


def _value(hit: Mapping[str, Any], field: str) -> str:
    return str(next(iter(lookup(hit.get("_source", {}), field)), ""))


def _held(hit: Mapping[str, Any], entry: int) -> IndexedEntry:
    tags = lookup(hit.get("_source", {}), "tags")
    ignored = tuple(hit.get("_ignored", ()))
    return IndexedEntry(entry, hit["_index"], hit["_id"], ignored, tuple(map(str, tags)))
