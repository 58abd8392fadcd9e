"""The delivery of lines that were sent by a ledger, each accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.evidence.delivery.entries import LedgerEntry, entries
from toolkit.evidence.elasticsearch.indices import LiveState, live_index
from toolkit.evidence.logs.failures import failure_tags
from toolkit.evidence.logs.identities import id_field, ledger_name, marks
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LedgerExpectation, LogExpectation
from toolkit.model.expectations.targets import ElasticsearchTarget
from toolkit.model.queries import Answer, Dependent, Derived, Leaf, Query, Recordable, Unanswerable


@dataclass(frozen=True, slots=True)
class IndexedEntry(Recordable):
    """A document of an entry."""

    entry: int
    """The number of the entry, from 0."""
    index: str
    id: str
    ignored: tuple[str, ...] = ()
    """The fields whose value the index dropped."""
    tags: tuple[str, ...] = ()
    """The failure tags on it."""


@dataclass(frozen=True, slots=True)
class RejectedEntry(Recordable):
    """An entry that the index rejected, and the server's reason."""

    entry: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryState(Recordable):
    """The documents found until all entries were indexed, or until the deadline."""

    held: tuple[IndexedEntry, ...] = ()
    refused: tuple[RejectedEntry, ...] = ()
    unread: tuple[IndexedEntry, ...] = ()
    """Documents with the text of an entry but without its id, which the pipeline did not parse."""
    elsewhere: tuple[IndexedEntry, ...] = ()
    """Documents in indices that the pattern does not match."""
    seconds: float = 0.0
    """Seconds spent waiting."""
    lag: float | None = None
    """Seconds from the newest event of the indices to the end; None if not measured."""
    left: int = 0
    """Documents that could not be removed afterwards."""
    why_left: str = ""


@dataclass(frozen=True, slots=True)
class Ledger(Leaf[DeliveryState], system="ledger"):
    """Send entries, wait until all are indexed, and remove them again. Writes."""

    name: str
    index: str
    entries: tuple[LedgerEntry, ...]
    within: float
    """Maximum wait, in seconds."""
    path: str | None = None
    """The file that Filebeat reads; None if the events are written to the index directly."""
    field: str | None = None
    """The field with the id, behind Filebeat."""
    marks: tuple[str, ...] = ()
    """Prefixes of ids, by which remains of earlier runs are found."""
    failure_tags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.name} in {self.index}"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The entries sent; each is indexed, rejected, partly ignored or missing."""

    entries: tuple[LedgerEntry, ...]
    booked: DeliveryState

    @property
    def refused(self) -> Mapping[str, tuple[LedgerEntry, ...]]:
        """The entries that the index rejected, by the server's reason."""
        found: dict[str, tuple[LedgerEntry, ...]] = {}
        for each in self.booked.refused:
            found[each.reason] = (*found.get(each.reason, ()), self.entries[each.entry])
        return found

    @property
    def ignored(self) -> Mapping[str, tuple[LedgerEntry, ...]]:
        """The entries of which the index dropped a value, by its field."""
        found: dict[str, dict[int, LedgerEntry]] = {}
        for each in self.booked.held:
            for field in each.ignored:
                found.setdefault(field, {})[each.entry] = self.entries[each.entry]
        return {field: tuple(each.values()) for field, each in found.items()}

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the entries without a result."""
        known = {each.entry for each in self.booked.held}
        known |= {each.entry for each in self.booked.refused}
        return tuple(number for number in range(len(self.entries)) if number not in known)

    @property
    def doubled(self) -> tuple[IndexedEntry, ...]:
        """The superfluous documents."""
        first = {each.entry: each for each in reversed(self.booked.held)}
        return tuple(each for each in self.booked.held if each is not first[each.entry])

    def __str__(self) -> str:
        """The counts, such as ``sent 2 = indexed 2 + rejected 0 + ignored 0 + …``."""
        ignored = len({each.entry for each in self.booked.held if each.ignored})
        indexed = len({each.entry for each in self.booked.held}) - ignored
        parts = {
            "indexed": indexed,
            "rejected": len(self.booked.refused),
            "ignored": ignored,
            "missing": len(self.missing),
        }
        counts = " + ".join(f"{name} {count}" for name, count in parts.items())
        return f"sent {len(self.entries)} = {counts}; duplicates {len(self.doubled)}"


@dataclass(frozen=True, slots=True)
class _LedgerOf(Dependent[DeliveryState]):
    """Send the entries after all other queries of the same indices."""

    entries: Query[tuple[LedgerEntry, ...]]
    asked: tuple[Query[LiveState], ...]
    empty: Ledger
    """The leaf without its entries; not a part."""

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.entries, *self.asked)

    def to_leaf(self, sent: Answer[tuple[LedgerEntry, ...]], *asked: Answer[LiveState]) -> Ledger:
        return replace(self.empty, entries=sent.evidence)


@dataclass(frozen=True, slots=True)
class _DeliveryReportOf(Derived[DeliveryReport]):
    """Combine the entries and the documents found."""

    entries: Query[tuple[LedgerEntry, ...]]
    booked: Query[DeliveryState]

    def derive(
        self, sent: Answer[tuple[LedgerEntry, ...]], booked: Answer[DeliveryState]
    ) -> Answer[DeliveryReport]:
        found = DeliveryReport(sent.evidence, booked.evidence)
        origin = f"{booked.origin}: {found}, after {booked.evidence.seconds:.1f} s"
        return Answer(found, origin, len(sent.evidence), "lines sent")


def _not_allowed(ledger: LedgerExpectation, target: ElasticsearchTarget | None) -> Finding:
    state, fix = _lacking(target)
    return Finding(
        what="the ledger was not sent: writing is not allowed",
        where=ledger.declared,
        why=f"it writes, so it needs `--allow-writes`, and a target with `writable: true`{state}",
        fix=fix,
    )


def _lacking(target: ElasticsearchTarget | None) -> tuple[str, str]:
    """Return the state of the target, and the fix."""
    if target is None:
        add = (
            "add `targets: {elasticsearch: {url: …, writable: true}}`; run with `--allow-writes`."
        )
        return "; the contract has none", add
    if not target.writable:
        add = "add `writable: true` to it if writing is safe; then run with `--allow-writes`."
        return f"; {target.declared} is not writable", add
    run = "run `toolkit verify --live --allow-writes`, without another URL."
    return f", as {target.declared} has", run


def ledger(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[DeliveryReport]]:
    """Return the query for the delivery of these lines; empty in an offline run."""
    promised = expected.ledger
    if promised is None or scope.live.isdisjoint({"elasticsearch", "ledger"}):
        return {}
    if "ledger" not in scope.live:
        targets = scope.contract.targets
        target = targets.elasticsearch if targets else None
        return {"live": Unanswerable(_not_allowed(promised, target))}
    sent = entries(expected, promised, scope)
    tags = tuple(sorted(failure_tags(further=expected.failure_tags)))
    empty = Ledger(
        expected.name,
        expected.index,
        (),
        promised.within,
        promised.path,
        id_field(expected) if promised.path else None,
        marks(ledger_name(expected)),
        tags,
    )
    return {"live": _DeliveryReportOf(sent, _LedgerOf(sent, tuple(_others(scope)), empty))}


def _others(scope: Scope) -> Iterator[Query[LiveState]]:
    """Yield all other queries of indices: they must not see what is written here."""
    asked = (live_index(each, scope) for each in scope.contract.logs)
    return (each for each in dict.fromkeys(asked) if each)
