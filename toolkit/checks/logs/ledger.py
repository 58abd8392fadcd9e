"""Lines that are sent on purpose, and do not all arrive, once and whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from toolkit.checks import check
from toolkit.evidence.delivery.entries import LedgerEntry
from toolkit.evidence.delivery.ledger import DeliveryReport, DeliveryState, IndexedEntry
from toolkit.evidence.delivery.ledger import ledger as reckoned
from toolkit.evidence.logs.events import lookup
from toolkit.findings import Finding, Location, Mark, Severity, Subject
from toolkit.model.expectations.logs import LedgerExpectation, LogExpectation


@check(expects=LogExpectation, queries=reckoned)
def ledger(expected: LogExpectation, observed: DeliveryReport) -> Iterator[Finding]:
    """Of lines that are sent on purpose, each is indexed once, with all its values.

    ## Why it matters
    An event that Elasticsearch refuses, a queue that overflows, a rotation at the wrong moment,
    an answer that is lost: between a line and its document there is much that loses or doubles
    it, and none of it turns red. Only who knows what was sent can count.

    `via: pipeline` sends events that are made here straight into the index: does the store take
    them? `via: filebeat` appends lines to a file that Filebeat reads: does all of the way hold?
    Both write, so they need `--allow-writes`, and a target that is `writable: true`. Documents
    are removed again. Lines stay in their file: a shipper remembers how far it has read.

    ## How to fix it
    For what is refused or ignored, change the pipeline or the mapping of the field it names. For
    what is missing, look at what Logstash and the shipper log; for what is doubled, give events
    an id by their content (`fingerprint`, `document_id`).

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/rest-apis/bulk-api
    """
    promised = expected.ledger
    if promised is None:
        return
    if observed.missing:
        yield _missing(observed, promised)
    for reason, entries in observed.refused.items():
        yield _refused(observed, reason, entries, promised)
    for field, entries in observed.ignored.items():
        yield _ignored(observed, field, entries, expected)
    if observed.doubled:
        yield _doubled(observed, promised)
    if observed.booked.left:
        yield _left(observed.booked, expected)
    if promised.path:
        yield _appended(len(observed.entries), promised.path)


def _missing(observed: DeliveryReport, promised: LedgerExpectation) -> Finding:
    booked, numbers = observed.booked, observed.missing
    there = {each.entry: each for each in reversed((*booked.elsewhere, *booked.unread))}
    found = [(number, there[number]) for number in numbers if number in there]
    number = found[0][0] if found else numbers[0]
    marks = [Mark(_label(each, booked), _document(each)) for _, each in found[:2]]
    return Finding(
        what=f"{_lines(len(numbers))} missing: {observed}",
        where=_whole(observed.entries[number]),
        why=f"{promised.declared} promises them within {promised.within:g} s; "
        f"{_instead(observed)}",
        fix=_advice(booked, promised),
        marks=tuple(marks),
    )


def _instead(observed: DeliveryReport) -> str:
    """Return the documents in place of the missing ones."""
    booked = observed.booked
    missing = set(observed.missing)
    unread = len({each.entry for each in booked.unread} & missing)
    elsewhere = len({each.entry for each in booked.elsewhere} & missing)
    found = [f"{unread} came out unparsed"] if unread else []
    found += [f"{elsewhere} went into `{booked.elsewhere[0].index}`"] if elsewhere else []
    gone = len(missing) - unread - elsewhere
    found += [f"{gone} are not found"] if gone > 0 else []
    newest = "no event there has a time"
    if booked.lag is not None:
        newest = f"the newest event there is {booked.lag:.0f} s old"
    return f"{', '.join(found)}; {newest}"


def _advice(booked: DeliveryState, promised: LedgerExpectation) -> str:
    if booked.unread:
        return "compare the pipeline that runs with the one of the contract: it parses the line."
    if booked.elsewhere:
        return "correct the index of the output, or the one of the contract."
    if promised.path:
        return "see whether Filebeat reads that file, and what it and Logstash log."
    return "run it again; if they stay away, something removes documents from the index."


def _refused(
    observed: DeliveryReport,
    reason: str,
    entries: Sequence[LedgerEntry],
    promised: LedgerExpectation,
) -> Finding:
    named = re.search(r"\[([^\]]+)\]", reason)
    field = named[1] if named else ""
    return Finding(
        what=f"{_lines(len(entries))} rejected: {observed}",
        where=_value(entries[0], field),
        why=f"the server answered: {reason}; {promised.declared} expects that it accepts them",
        fix=f"change `{field}` in the pipeline, or its mapping in the template."
        if lookup(json.loads(entries[0].event), field)
        else "change what the server names: the event, the mapping or the rights.",
        follows=(Subject("types", field),),
    )


def _ignored(
    observed: DeliveryReport, field: str, entries: Sequence[LedgerEntry], expected: LogExpectation
) -> Finding:
    declared = expected.fields.get(field)
    promise = f"; {declared.declared} declares `{field}: {declared.type}`" if declared else ""
    lose = "a line loses" if len(entries) == 1 else f"{len(entries)} lines lose"
    return Finding(
        what=f"{lose} `{field}`: {observed}",
        where=_value(entries[0], field),
        why=f"the index keeps the event and ignores the value; no search finds it{promise}",
        fix=f"convert or shorten `{field}` in the pipeline, or change its mapping.",
        severity=Severity.ERROR if declared else Severity.WARNING,
        follows=(Subject("field", field),),
    )


def _doubled(observed: DeliveryReport, promised: LedgerExpectation) -> Finding:
    extra = observed.doubled
    many = f"{len(extra)} documents" if len(extra) > 1 else "a document"
    return Finding(
        what=f"{many} too many: {observed}",
        where=_whole(observed.entries[extra[0].entry]),
        why=f"{promised.declared} promises each line once",
        fix="give events an id by their content, so that sending twice writes one document.",
        marks=tuple(Mark("again", _document(each)) for each in extra[:2]),
    )


def _left(booked: DeliveryState, expected: LogExpectation) -> Finding:
    return Finding(
        what="what the ledger has sent could not be removed",
        where=Location(f"elasticsearch:{expected.index}"),
        why=f"the server answered: {booked.why_left}" if booked.why_left else "it keeps coming",
        fix="allow `delete` on these indices, and run it again: it removes them first.",
        severity=Severity.WARNING,
    )


def _appended(count: int, path: str) -> Finding:
    return Finding(
        what=f"{count} lines stay in `{path}`",
        where=Location(path),
        why="a shipper remembers how far it has read: a file that shrinks is read anew",
        fix="name a file of its own for the ledger, below a path that Filebeat reads.",
        severity=Severity.INFO,
    )


def _lines(count: int) -> str:
    return "a line is" if count == 1 else f"{count} lines are"


def _label(each: IndexedEntry, booked: DeliveryState) -> str:
    return "unparsed" if each in booked.unread else "elsewhere"


def _document(each: IndexedEntry) -> Location:
    return Location(f"elasticsearch:{each.index}:{each.id}")


def _whole(entry: LedgerEntry) -> Location:
    return entry.line.at(0, len(entry.line.text.partition("\n")[0]))


def _value(entry: LedgerEntry, field: str) -> Location:
    """Where the line holds the value of a field; all of the line where it is not plain."""
    return entry.line.find(next(iter(lookup(json.loads(entry.event), field)), ""), field)
