"""What is sent on purpose, and the account of it."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import CaseLedger
from tests.observed import CaseElasticsearch, CaseFiles
from toolkit.connectors import Connector
from toolkit.contract import parse_contract
from toolkit.errors import ContractError
from toolkit.evidence.delivery.entries import LedgerEntry, entries
from toolkit.evidence.delivery.ledger import (
    DeliveryReport,
    DeliveryState,
    IndexedEntry,
    RejectedEntry,
    ledger,
)
from toolkit.evidence.elasticsearch.destinations import destination
from toolkit.evidence.logs.identities import alike, marks, numbered, renewed
from toolkit.evidence.logs.lines import Line
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Leaf, QueryFailure
from toolkit.verification import gather, report_bug

NOW = int(datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC).timestamp()) * 10**9
HEX = "0aa1b2c3d4e5f60718293a4b5c6d7e8f"
UUID = "4f9c7d00-12ab-4cde-8f00-a1b2c3d4e5f6"

FORMS = {
    "hexadecimal": (HEX, r"[0-9a-f]{32}"),
    "upper case": (HEX.upper(), r"[0-9A-F]{32}"),
    "a UUID": (UUID, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "digits": ("10000000000000000042", r"[1-9]{20}"),
    "a ULID": ("01ARZ3NDEKTSV4RRFFQ69G5FAV", r"[0-9A-HJKMNP-TV-Z]{26}"),
    "a prefix": ("req_7Kzqw2n8xLm4p0", r"[0-9a-z]{3}_[0-9a-z]{14}"),
}


@pytest.mark.parametrize(("value", "form"), FORMS.values(), ids=FORMS)
def test_an_id_keeps_its_form(value: str, form: str) -> None:
    made = {alike(value, f"{number}", "requests") for number in range(1000)}
    assert len(made) == 1000
    assert all(id_ and re.fullmatch(form, id_) for id_ in made)
    assert value not in made


@pytest.mark.parametrize("value", ["", "42", "0aa1b2c3", "-" * 40, "123456789012345678"])
def test_what_is_too_short_to_be_unique_is_no_id(value: str) -> None:
    assert alike(value, "seed") is None


@given(value=st.text(max_size=60), seed=st.text(max_size=5))
def test_only_letters_and_digits_of_any_value_change(value: str, seed: str) -> None:
    made = alike(value, seed)
    if made is not None:
        assert re.sub("[0-9A-Za-z]", "", made) == re.sub("[0-9A-Za-z]", "", value)
        assert len(made) == len(value)
        assert alike(value, seed) == made


def test_ids_begin_as_their_ledger_marks_them() -> None:
    for value in (HEX, UUID):
        assert (alike(value, "seed", "requests") or "").startswith(marks("requests"))
        assert not (alike(value, "seed", "others") or "").startswith(marks("requests"))
    assert len({*numbered("a", 9), *numbered("b", 9)}) == 18


MOMENT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)
TIMES = {
    "2026-01-10 00:45:12,345 INFO": "2026-11-05 01:02:03,345 INFO",
    "2026-01-10T00:45:12.345678Z x": "2026-11-05T01:02:03.345678Z x",
    "2026/01/10 00:45:12 [error]": "2026/11/05 01:02:03 [error]",
    '1.2.3.4 - - [10/Jan/2026:00:45:12 +0000] "GET': (
        '1.2.3.4 - - [05/Nov/2026:01:02:03 +0000] "GET'
    ),
    "Jan 10 00:45:12 host app: x": "Nov  5 01:02:03 host app: x",
    "Jan 10 2026 00:45:12 host": "Nov  5 2026 01:02:03 host",
    "at 2026-01-10 00:45:12, not 2026-01-11 00:45:12": (
        "at 2026-11-05 01:02:03, not 2026-01-11 00:45:12"
    ),
    "12:45 no day, 2026-01-10 no time": "12:45 no day, 2026-01-10 no time",
}


@pytest.mark.parametrize(("line", "present"), TIMES.items())
def test_the_first_time_of_a_line_becomes_the_present(line: str, present: str) -> None:
    assert renewed(line, MOMENT) == present
    assert renewed(present, MOMENT) == present


CONF = """\
filter {
  grok {
    match => { "message" => "^%{TIMESTAMP_ISO8601:time} id=%{NOTSPACE:[trace][id]} %{WORD:what}" }
  }
  date { match => ["time", "yyyy-MM-dd HH:mm:ss"] timezone => "UTC" }
  if [what] == "twice" { clone { clones => ["again"] } }
  if [what] == "dropped" { drop { } }
  if [what] == "cut" { mutate { replace => { "[trace][id]" => "none" } } }
}
"""
CONTRACT = """\
logs:
  - samples: app.log
    pipeline: app.conf
    ledger: {ledger}
    fields: {{trace.id: {{type: keyword, role: id}}}}
"""
PIPELINE = "{lines: 7}"
FILEBEAT = "{via: filebeat, path: x.log, lines: 7}"


def line(number: int, what: str = "fine", time: str = "2026-01-10 00:45:12") -> str:
    return f"{time} id={HEX[:-2]}{number:02x} {what}\n"


def answered(log: str, ledger: str, conf: str = CONF) -> Answer[Any] | QueryFailure:
    scope = Scope(parse_contract(CONTRACT.format(ledger=ledger), source="toolkit.yml"), now=NOW)
    (expected,) = scope.contract.logs
    assert expected.ledger
    query = entries(expected, expected.ledger, scope)
    files = CaseFiles({"app.log": log, "app.conf": conf})
    return gather([query], [files], lambda system: None, report_bug)[query]


def sent(log: str, ledger: str, conf: str = CONF) -> tuple[LedgerEntry, ...]:
    """What is sent of a log."""
    answer = answered(log, ledger, conf)
    assert isinstance(answer, Answer), answer
    assert answer.sampled == len(answer.evidence)
    found: tuple[LedgerEntry, ...] = answer.evidence
    return found


def test_events_are_sent_as_they_are_in_turn() -> None:
    found = sent(line(1) + line(2, "twice") + "unparsed\n" + line(3, "dropped"), PIPELINE)
    assert [entry.line.number for entry in found] == [1, 2, 2, 3, 1, 2, 2]
    assert len({entry.id for entry in found}) == 7
    assert json.loads(found[0].event)["trace"]["id"] == f"{HEX[:-2]}01"
    assert json.loads(found[0].event)["@timestamp"].startswith("2026-01-10")


def test_ids_of_events_are_the_same_in_each_run() -> None:
    first, again = sent(line(1), PIPELINE), sent(line(2), PIPELINE)
    assert [entry.id for entry in first] == [entry.id for entry in again]


DESTINATIONS = {
    "none": ([], "app-*", "app-2026.11.25"),
    "a day": (["app-%{+yyyy.MM.dd}"], "app-*", "app-2026.11.25"),
    "a month": (["app-%{+yyyy.MM}"], "app-*", "app-2026.11"),
    "an alias": (["app-write"], "app-*", "app-write"),
    "a field": (["app-%{[trace][id]}-x"], "app-*", "app-t1-x"),
    "a field that is not there": (["app-%{[span][id]}"], "app-*", "app-2026.11.25"),
    "the second of two": (["other-%{+yyyy}", "app-%{+yyyy}"], "app-*", "app-2026"),
    "none that is meant": (["other-%{+yyyy}"], "app-*", "app-2026.11.25"),
    "one of several patterns": (["b-%{+yyyy}"], "a-*,b-*", "b-2026"),
    "a name without a star": ([], "logs-app-default", "logs-app-default"),
    "a time that is none": (["app-%{+bb}"], "app-*", "app-2026.11.25"),
}


@pytest.mark.parametrize(("names", "pattern", "index"), DESTINATIONS.values(), ids=DESTINATIONS)
def test_events_go_into_the_index_that_the_output_names_now(
    names: list[str], pattern: str, index: str
) -> None:
    event = {"@timestamp": "2026-01-10T00:45:12.000Z", "trace": {"id": "t1"}}
    assert destination(event, names, pattern, NOW) == index


def test_the_output_of_the_pipeline_names_the_index() -> None:
    output = 'output { stdout { } elasticsearch { index => "logs-%{+yyyy.MM}" } }'
    assert {entry.index for entry in sent(line(1), PIPELINE, CONF + output)} == {"logs-2026.11"}
    assert {entry.index for entry in sent(line(1), FILEBEAT, CONF + output)} == {""}


def test_lines_are_sent_that_come_out_with_their_id() -> None:
    log = "".join(
        [line(1), line(2, "twice"), line(3, "dropped"), line(4, "cut"), "no id\n", line(5)]
    )
    found = sent(log, FILEBEAT)
    assert Counter(entry.line.number for entry in found) == {1: 4, 6: 3}
    assert len({entry.id for entry in found}) == 7
    for entry in found:
        assert f" id={entry.id} fine" in entry.line.text
        event: dict[str, Any] = json.loads(entry.event)
        assert event["trace"]["id"] == entry.id
        assert event["@timestamp"] == "2026-11-25T01:02:03.000Z"


ODD = {
    "the expression knows one day only": (
        CONF.replace("%{TIMESTAMP_ISO8601:time}", "(?<time>2026-01-10 00:45:12)"),
        line(1),
    ),
    "the date is read from another place": (
        CONF.replace("%{TIMESTAMP_ISO8601:time}", "[-0-9]+ [:0-9]+ %{TIMESTAMP_ISO8601:time}"),
        "2026-01-10 00:45:12 " + line(1),
    ),
}


@pytest.mark.parametrize(("conf", "log"), ODD.values(), ids=ODD)
def test_a_line_whose_time_cannot_be_renewed_keeps_it(conf: str, log: str) -> None:
    found = sent(log, FILEBEAT, conf)
    assert [entry.line.text[:19] for entry in found] == ["2026-01-10 00:45:12"] * 7
    assert all(f" id={entry.id} " in entry.line.text for entry in found)


NOTHING = {
    "no line has an id": (
        "no id\n",
        FILEBEAT,
        "no sample line has an id that can be replaced in `trace.id`",
    ),
    "none comes out": (line(1, "dropped"), PIPELINE, "the ledger has no events to send"),
    "no field is named": (
        line(1),
        "{via: filebeat, path: x.log, id: span.id}",
        "no sample line has an id that can be replaced in `span.id`",
    ),
}


@pytest.mark.parametrize(("log", "ledger", "what"), NOTHING.values(), ids=NOTHING)
def test_where_nothing_can_be_sent_it_is_said_why(log: str, ledger: str, what: str) -> None:
    answer = answered(log, ledger)
    assert isinstance(answer, QueryFailure)
    assert [finding.what for finding in answer.findings] == [what]


REFUSED = {
    "{via: filebeat}": "`via: filebeat` needs `path`",
    "{path: app.log}": "`via: filebeat` needs `path`",
    "{lines: 0}": "`lines` is between 1 and 5000",
    "{lines: 5001}": "`lines` is between 1 and 5000",
    "{within: 0}": "`within` is above zero",
}


@pytest.mark.parametrize(("ledger", "why"), REFUSED.items())
def test_a_ledger_that_makes_no_sense_is_refused(ledger: str, why: str) -> None:
    with pytest.raises(ContractError) as raised:
        parse_contract(CONTRACT.format(ledger=ledger), source="toolkit.yml")
    assert why in raised.value.finding.what
    assert raised.value.finding.where.line == 4


def reckoning(count: int, booked: DeliveryState) -> DeliveryReport:
    return DeliveryReport(
        tuple(LedgerEntry(f"{n}", Line("x", n, ""), "{}") for n in range(count)), booked
    )


def test_an_account_counts_each_entry_once_and_each_document_too_many() -> None:
    held = [
        IndexedEntry(0, "a", "1"),
        IndexedEntry(1, "a", "2", ("ms",)),
        IndexedEntry(1, "b", "2", ("ms", "x")),
    ]
    booked = DeliveryState(
        tuple(held), (RejectedEntry(2, "no"), RejectedEntry(3, "no"), RejectedEntry(4, "never"))
    )
    found = reckoning(6, booked)
    assert str(found) == ("sent 6 = indexed 1 + rejected 3 + ignored 1 + missing 1; duplicates 1")
    assert found.missing == (5,)
    assert {reason: len(each) for reason, each in found.refused.items()} == {"no": 2, "never": 1}
    assert {field: len(each) for field, each in found.ignored.items()} == {"ms": 1, "x": 1}
    assert found.doubled == (held[2],)


_NUMBERS = st.integers(0, 9)


@given(
    held=st.lists(st.tuples(_NUMBERS, st.sampled_from([(), ("ms",), ("ms", "x")]))),
    refused=st.sets(_NUMBERS),
)
def test_the_parts_of_an_account_are_the_whole(
    held: list[tuple[int, tuple[str, ...]]], refused: set[int]
) -> None:
    documents = tuple(
        IndexedEntry(number, "a", f"{place}", ignored)
        for place, (number, ignored) in enumerate(held)
        if number not in refused
    )
    found = reckoning(
        10, DeliveryState(documents, tuple(RejectedEntry(number, "no") for number in refused))
    )
    whole, *parts, doubled = (int(number) for number in re.findall(r"\d+", str(found)))
    assert whole == 10 == sum(parts)
    assert doubled == len(documents) - len({each.entry for each in documents})


@dataclass(frozen=True)
class Watched:
    """A connector that waits a while for others before it answers, and notes who answered."""

    connector: Connector
    answered: list[str]
    others: threading.Event
    wait: float = 0.0

    @property
    def system(self) -> str:
        return self.connector.system

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        self.others.wait(self.wait)
        self.others.set()
        self.answered.append(self.system)
        return self.connector.answer(queries)

    def close(self) -> None:
        self.connector.close()


def test_the_ledger_is_asked_when_all_else_has_been_asked_of_the_indices() -> None:
    contract = parse_contract(CONTRACT.format(ledger=PIPELINE), source="toolkit.yml")
    scope = Scope(contract, live=frozenset({"elasticsearch", "ledger"}))
    blocks = {"app.log": line(1), "app.conf": CONF, "elasticsearch": '{"indices": {}}'}
    order, ledger_asked = list[str](), threading.Event()
    connectors: list[Connector] = [
        CaseFiles(blocks),
        Watched(CaseElasticsearch(blocks), order, ledger_asked, wait=0.3),
        Watched(CaseLedger({"ledger": "{}"}), order, ledger_asked),
    ]
    query = ledger(scope.contract.logs[0], scope)["live"]
    answer = gather([query], connectors, lambda system: None, report_bug)[query]
    assert isinstance(answer, Answer)
    assert order == ["elasticsearch", "ledger"]
