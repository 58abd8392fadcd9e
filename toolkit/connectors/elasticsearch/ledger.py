"""Sends lines on purpose, waits until an Elasticsearch holds them all, and removes them again.

Nothing here is done unless the run may write: see `docs/decisions/0021`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any, ClassVar
from uuid import UUID

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.appending import append
from toolkit.connectors.elasticsearch.bulk import BulkSink
from toolkit.connectors.elasticsearch.client import ElasticsearchAccess, ElasticsearchClient
from toolkit.connectors.elasticsearch.holdings import Holdings
from toolkit.connectors.sinks import Account, StoreItem
from toolkit.errors import Unavailable
from toolkit.evidence.delivery.entries import LedgerEntry
from toolkit.evidence.delivery.ledger import DeliveryState, IndexedEntry, Ledger, RejectedEntry
from toolkit.evidence.elasticsearch.measures import Row
from toolkit.findings import Finding
from toolkit.model.queries import Answer, Leaf

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_GRACE = 10.0
"""Seconds for what is still on its way behind a shipper when the run is broken off."""
_ROUNDS = 5
"""So often it is looked for documents that come while others are removed."""


@dataclass(frozen=True, slots=True)
class LiveLedger:
    """The server that a contract calls writable, and the folder its paths start from."""

    access: ElasticsearchAccess
    folder: Path
    system: ClassVar[str] = "ledger"
    _ended: Event = field(default_factory=Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return answer_each(self._answer, queries)

    def close(self) -> None:
        """Break off: what is under way removes what it has sent, and ends."""
        self._ended.set()

    def _answer(self, query: Ledger) -> Answer[DeliveryState]:
        with ElasticsearchClient(self.access, pause=self._pause) as client:
            self._wait_for_others(Holdings(client, query), query)
            found = self._send_and_remove(client, query)
        origin = f"{query.index} at {self.access.shown}"
        return Answer(found, origin, len(query.entries), "lines sent")

    def _send_and_remove(self, client: ElasticsearchClient, query: Ledger) -> DeliveryState:
        try:
            booked = self._book(client, query)
        except Exception as error:
            left, why = self._tidy(query, ())
            if isinstance(error, Unavailable):
                raise Unavailable(*error.findings, *_left(self.access, left, why)) from error
            raise
        left, why = self._tidy(query, (*booked.unread, *booked.elsewhere))
        return replace(booked, left=left, why_left=why)

    def _wait_for_others(self, holdings: Holdings, query: Ledger) -> None:
        """Let another run that sends the same end; remove what none has, once it is overdue."""
        found, _ = self._until(holdings.find_earlier, lambda held: not held, query.within)
        holdings.remove(found)

    def _book(self, client: ElasticsearchClient, query: Ledger) -> DeliveryState:
        refused, holdings = self._send(client, query), Holdings(client, query)
        wanted = len(query.entries) - len(refused)
        held, seconds = self._until(
            holdings.find, lambda held: len({each.entry for each in held}) >= wanted, query.within
        )
        booked = DeliveryState(tuple(held), tuple(refused), seconds=seconds)
        if len({each.entry for each in held}) >= wanted:
            return booked
        return replace(
            booked,
            unread=tuple(holdings.find_unread()) if query.field else (),
            elsewhere=tuple(holdings.find_elsewhere(held)),
            lag=holdings.lag(),
        )

    def _send(self, client: ElasticsearchClient, query: Ledger) -> list[RejectedEntry]:
        if query.path is not None:
            append(self.folder / query.path, [entry.line.text for entry in query.entries])
            return []
        account = _Refusals()
        for index in dict.fromkeys(entry.index for entry in query.entries):
            sink = BulkSink(self.access, index, account=account, client=client, pause=self._pause)
            sink.add([_item(entry) for entry in query.entries if entry.index == index])
        return sorted(account.refused, key=lambda each: each.entry)

    def _until(
        self,
        look: Callable[[], list[IndexedEntry]],
        enough: Callable[[list[IndexedEntry]], bool],
        within: float,
    ) -> tuple[list[IndexedEntry], float]:
        """Look twice at least, until it is enough twice in a row, or ``within`` seconds passed."""
        begun, pause, before = time.monotonic(), _FIRST_PAUSE, None
        while True:
            found = look()
            passed = time.monotonic() - begun
            late = passed >= within and before is not None
            if (enough(found) and found in (before, [])) or late:
                return found, passed
            before = found
            self._pause(min(pause, max(within - passed, 0.01)))
            pause = min(_LONGEST_PAUSE, pause * 1.5)

    def _pause(self, seconds: float) -> None:
        if self._ended.wait(seconds):
            raise Unavailable.of(
                what="the ledger was broken off",
                where=self.access.where,
                why="the run was ended from outside",
                fix="run it again.",
            )

    def _tidy(self, query: Ledger, further: Sequence[IndexedEntry]) -> tuple[int, str]:
        """Remove all documents of the entries: how many stay, and why."""
        access = replace(self.access, patience=min(self.access.patience, _GRACE))
        left, why = 0, ""
        try:
            with ElasticsearchClient(access, reached=True) as client:
                holdings = Holdings(client, query)
                if self._ended.is_set() and query.path is not None:
                    _let_arrive(holdings, len(query.entries))
                left, why = holdings.remove(further)
                for _ in range(_ROUNDS):
                    found = holdings.find()
                    if not found:
                        break
                    left, why = holdings.remove(found)
        except Unavailable as error:
            return max(left, 1), error.finding.what
        return left, why


class _Refusals(Account):
    """An account that knows which entries were refused."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[RejectedEntry] = []

    def reject(self, item: StoreItem, reason: str) -> None:
        """Note the number of the entry, too."""
        super().reject(item, reason)
        self.refused.append(RejectedEntry(item.id.int % 2**32, reason))


def _item(entry: LedgerEntry) -> StoreItem:
    return StoreItem(UUID(hex=entry.id), entry.line, json.loads(entry.event), Row())


def _let_arrive(holdings: Holdings, wanted: int) -> None:
    """Wait for what a shipper has already read: only what is there can be removed."""
    deadline = time.monotonic() + _GRACE
    while len(holdings.find()) < wanted and time.monotonic() < deadline:
        time.sleep(_FIRST_PAUSE * 4)


def _left(access: ElasticsearchAccess, left: int, why: str) -> list[Finding]:
    found = Finding(
        what="what the ledger has sent could not be removed",
        where=access.where,
        why=why,
        fix="run it again: it begins with what an earlier run has left.",
    )
    return [found] if left else []
