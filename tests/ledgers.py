"""What became of a ledger's lines, told by a case instead of found in an index."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.delivery.ledger import DeliveryState, IndexedEntry, Ledger, RejectedEntry
from toolkit.model.queries import Answer, Leaf, QueryFailure

INDEX = "app-2026.01.10"


@dataclass(frozen=True)
class CaseLedger:
    """The block ``ledger``: what is not as it should be, by the numbers of the entries.

    ``missing``, ``doubled``, ``unread`` list entries; ``refused`` gives their reason,
    ``ignored`` their fields, ``elsewhere`` their index; ``lag``, ``left`` and ``why_left`` stand
    for themselves. All other entries are indexed.
    """

    blocks: Mapping[str, str]
    system: str = "ledger"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        return {query: self._answer(query) for query in queries if isinstance(query, Ledger)}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Ledger) -> Answer[DeliveryState]:
        told = json.loads(self.blocks["ledger"])
        refused = {int(number): reason for number, reason in told.get("refused", {}).items()}
        elsewhere = {int(number): index for number, index in told.get("elsewhere", {}).items()}
        absent = {*told.get("missing", ()), *told.get("unread", ()), *refused, *elsewhere}
        ignored = told.get("ignored", {})
        held = [
            IndexedEntry(number, INDEX, f"id-{number}", tuple(ignored.get(str(number), ())))
            for number in range(len(query.entries))
            if number not in absent
        ]
        held += [
            IndexedEntry(number, INDEX, f"again-{number}") for number in told.get("doubled", ())
        ]
        booked = DeliveryState(
            held=tuple(held),
            refused=tuple(RejectedEntry(number, reason) for number, reason in refused.items()),
            unread=tuple(IndexedEntry(n, INDEX, f"unread-{n}") for n in told.get("unread", ())),
            elsewhere=tuple(IndexedEntry(n, index, f"id-{n}") for n, index in elsewhere.items()),
            seconds=0.2,
            lag=told.get("lag"),
            left=told.get("left", 0),
            why_left=told.get("why_left", ""),
        )
        return Answer(booked, f"{query.index} at localhost:9200", len(query.entries), "lines sent")
