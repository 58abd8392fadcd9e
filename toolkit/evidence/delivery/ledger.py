"""What became of lines that were sent on purpose, each of them accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

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
    """A document that holds an entry."""

    entry: int
    """The number of the entry, counted from 0."""
    index: str
    id: str
    ignored: tuple[str, ...] = ()
    """The fields whose value the index dropped."""
    tags: tuple[str, ...] = ()
    """Those that mark it as not parsed."""


@dataclass(frozen=True, slots=True)
class RejectedEntry(Recordable):
    """An entry that the index refused, and the server's reason."""

    entry: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryState(Recordable):
    """What was found of the entries until all were there, or until the deadline."""

    held: tuple[IndexedEntry, ...] = ()
    refused: tuple[RejectedEntry, ...] = ()
    unread: tuple[IndexedEntry, ...] = ()
    """Documents with the text of an entry, whose id the pipeline did not find."""
    elsewhere: tuple[IndexedEntry, ...] = ()
    """Documents in indices that the pattern does not name."""
    seconds: float = 0.0
    """How long it was looked for them."""
    lag: float | None = None
    """Seconds from the newest event of the indices to the end; None where it was not asked."""
    left: int = 0
    """Documents that could not be removed again."""
    why_left: str = ""


@dataclass(frozen=True, slots=True)
class Ledger(Leaf[DeliveryState]):
    """Send entries, wait until all are indexed, and remove them again. Writes."""

    system: ClassVar[str] = "ledger"
    evidence: ClassVar[type[Recordable]] = DeliveryState

    name: str
    index: str
    entries: tuple[LedgerEntry, ...]
    within: float
    """Seconds."""
    path: str | None = None
    """The file that Filebeat reads; None where events are put into the index from here."""
    field: str | None = None
    """The field that tells them apart behind Filebeat."""
    marks: tuple[str, ...] = ()
    """How its values begin in what an earlier run has left."""
    failure_tags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.name} in {self.index}"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Entries that were sent; each is indexed, refused, partly ignored or missing."""

    entries: tuple[LedgerEntry, ...]
    booked: DeliveryState

    @property
    def refused(self) -> Mapping[str, tuple[LedgerEntry, ...]]:
        """The entries that the index refused, by the reason it gave."""
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
        """The numbers of the entries that nothing became of."""
        known = {each.entry for each in self.booked.held}
        known |= {each.entry for each in self.booked.refused}
        return tuple(number for number in range(len(self.entries)) if number not in known)

    @property
    def doubled(self) -> tuple[IndexedEntry, ...]:
        """The documents that are too many."""
        first = {each.entry: each for each in reversed(self.booked.held)}
        return tuple(each for each in self.booked.held if each is not first[each.entry])

    def __str__(self) -> str:
        """The account, such as ``sent 2 = indexed 2 + rejected 0 + ignored 0 + …``."""
        ignored = len({each.entry for each in self.booked.held if each.ignored})
        indexed = len({each.entry for each in self.booked.held}) - ignored
        parts = {
            "indexed": indexed,
            "rejected": len(self.booked.refused),
            "ignored": ignored,
            "missing": len(self.missing),
        }
        told = " + ".join(f"{name} {count}" for name, count in parts.items())
        return f"sent {len(self.entries)} = {told}; duplicates {len(self.doubled)}"


@dataclass(frozen=True, slots=True)
class _LedgerOf(Dependent[DeliveryState]):
    """Send the entries once all else has been asked of the indices they go into."""

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
    """Settle the account."""

    entries: Query[tuple[LedgerEntry, ...]]
    booked: Query[DeliveryState]

    def derive(
        self, sent: Answer[tuple[LedgerEntry, ...]], booked: Answer[DeliveryState]
    ) -> Answer[DeliveryReport]:
        found = DeliveryReport(sent.evidence, booked.evidence)
        told = f"{booked.origin}: {found}, after {booked.evidence.seconds:.1f} s"
        return Answer(found, told, len(sent.evidence), "lines sent")


def _not_allowed(ledger: LedgerExpectation, target: ElasticsearchTarget | None) -> Finding:
    says, fix = _lacking(target)
    return Finding(
        what="the ledger was not looked at: nobody has allowed it to write",
        where=ledger.declared,
        why="it writes, so it needs `--allow-writes`, and a target that the contract "
        f"calls writable, {says}",
        fix=fix,
    )


def _lacking(target: ElasticsearchTarget | None) -> tuple[str, str]:
    """What the contract says of writing, and what to do."""
    if target is None:
        add = (
            "add `targets: {elasticsearch: {url: …, writable: true}}`; run with `--allow-writes`."
        )
        return "of which there is none", add
    if not target.writable:
        add = "add `writable: true` there, if it is; then run with `--allow-writes`."
        return f"which {target.declared} is not", add
    run = "run `toolkit verify --live --allow-writes`, and name no other server."
    return f"as {target.declared} is", run


def ledger(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[DeliveryReport]]:
    """The account of lines of this kind; none where no server is asked."""
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
    """All else that is asked of indices: what is written here must not be in it."""
    asked = (live_index(each, scope) for each in scope.contract.logs)
    return (each for each in dict.fromkeys(asked) if each)
