"""Events into Elasticsearch: in bulk, one request after the other, each document once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from toolkit.connectors.elasticsearch.client import (
    LENIENT,
    ElasticsearchAccess,
    ElasticsearchClient,
    path_of,
)
from toolkit.connectors.http.client import BUSY
from toolkit.connectors.http.failures import refused
from toolkit.connectors.http.patience import Patience
from toolkit.connectors.sinks import Account, StoreItem
from toolkit.elasticsearch.reasons import head
from toolkit.errors import Unavailable

_LARGEST = 5 * 2**20
"""Bytes of one request; Elasticsearch refuses more than 100 MiB."""
_FORBIDDEN = frozenset({401, 403})
"""Nothing is wrong with the event, and none behind it will be taken."""


class BulkSink:
    """Creates each event under its own id, so that sending twice writes once.

    The next batch is sent when the one before is answered: a slow server slows the loading
    down, and nothing piles up here.
    """

    def __init__(
        self,
        access: ElasticsearchAccess,
        pattern: str,
        *,
        account: Account | None = None,
        client: ElasticsearchClient | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to send events.

        Args:
            access: The server.
            pattern: The name of the index; the day of the event replaces `*`.
            account: Receives the results.
            client: The HTTP client; None makes one.
            pause: Sleeps for some seconds.

        Raises:
            Unavailable: `requests` is not installed.
        """
        self.account = account or Account()
        self._access, self._pattern, self._pause = access, pattern, pause
        self._client = client or ElasticsearchClient(access, pause=pause)
        self._lost = False

    def install(self, name: str, template: Mapping[str, Any]) -> None:
        """Install an index template."""
        self._client.put(f"/_index_template/{name}", template)

    def add(self, items: Sequence[StoreItem]) -> None:
        """Store a batch; what is stored already stays as it is."""
        try:
            for chunk in _chunks([(item, self._lines(item)) for item in items]):
                self._store_in_parts(chunk)
        except Unavailable:
            self._lost = True
            raise

    def close(self) -> None:
        """Make all that was stored visible to searches; not of a server that is away."""
        if not self._lost and (self.account.stored or self.account.already):
            self._client.post(path_of(self._pattern, "_refresh"), **LENIENT)
        self._client.close()

    def _lines(self, item: StoreItem) -> bytes:
        action = {"create": {"_index": self._index(item), "_id": item.id.hex}}
        document = json.dumps(item.event, default=str)
        return f"{json.dumps(action)}\n{document}\n".encode("utf-8", "surrogatepass")

    def _index(self, item: StoreItem) -> str:
        """The index of the event's day, where the pattern leaves room for one."""
        at = item.row.at or 0
        day = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y.%m.%d")
        return self._pattern.replace("*", day)

    def _store_in_parts(self, chunk: Sequence[tuple[StoreItem, bytes]]) -> None:
        """Store them; in halves where a request is larger than something on the way allows."""
        try:
            self._store(chunk)
        except Unavailable as error:
            if error.finding.kind != "too-large" or len(chunk) == 1:
                raise
            middle = len(chunk) // 2
            self._store_in_parts(chunk[:middle])
            self._store_in_parts(chunk[middle:])

    def _store(self, chunk: Sequence[tuple[StoreItem, bytes]]) -> None:
        patience = Patience(time.monotonic() + self._access.patience, self._pause)
        while chunk:
            results = self._client.bulk(b"".join(lines for _, lines in chunk))
            pairs = list(zip(chunk, results, strict=True))
            chunk = [pair for pair, result in pairs if self._is_later(pair[0], result)]
            if chunk and not patience.lasts():
                raise Unavailable.of(
                    what=f"Elasticsearch is too busy to take {len(chunk)} events",
                    where=self._access.where,
                    why=f"it reported that for {self._access.patience:.0f} s",
                    fix="load again when it is less busy: what is stored stays, and is not "
                    "doubled.",
                )

    def _is_later(self, item: StoreItem, result: Mapping[str, Any]) -> bool:
        """Return True if it must be sent again; otherwise record the result."""
        status = result["status"]
        if status in BUSY:
            return True
        if status in _FORBIDDEN:
            raise Unavailable(refused(self._access, "POST /_bulk", status, "", result))
        self.account.sent += 1
        if status < 300:
            self.account.stored += 1
        elif status == 409:
            self.account.already += 1
        else:
            self.account.reject(item, _reason(result.get("error", {})))
        return False


def _chunks(lines: Sequence[tuple[StoreItem, bytes]]) -> Iterator[list[tuple[StoreItem, bytes]]]:
    chunk: list[tuple[StoreItem, bytes]] = []
    size = 0
    for each in lines:
        if chunk and size + len(each[1]) > _LARGEST:
            yield chunk
            chunk, size = [], 0
        chunk.append(each)
        size += len(each[1])
    if chunk:
        yield chunk


def _reason(error: Mapping[str, Any]) -> str:
    """Return the server's reason, without the value and the id, which differ for each event."""
    cause = error.get("caused_by", {}).get("type", "")
    return f"{head(error)} ({cause})" if cause else head(error)
