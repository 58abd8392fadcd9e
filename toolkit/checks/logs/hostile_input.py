"""A client can forge a log line, or a field of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, Record, events, lookup
from toolkit.evidence.service.hostile import FORGED_STATUS
from toolkit.evidence.service.traffic import Exchange, ServiceRun, Traffic
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Pair, Query

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n|\Z)"
)


def _queries(
    expected: LogExpectation, scope: Scope
) -> Mapping[str, Query[tuple[Traffic, Events]]]:
    service, found = scope.contract.service, events(expected, scope)
    if service is None or "service" not in found:
        return {}
    if not any(request.hostile for request in service.requests):
        return {}
    return {"service": Pair(ServiceRun(service), found["service"])}


@check(expects=LogExpectation, queries=_queries)
def hostile_input(
    expected: LogExpectation, observed: tuple[Traffic, Events]
) -> Iterator[Finding | Unproven]:
    """No request can forge a line or a field, whatever it holds.

    ## Why it matters
    A line break in a path writes a line of the attacker's choice, `status=500` in a path
    becomes the status of the request, an escape code hides a line from whoever reads the
    log in a terminal. Alerts then ring, or stay silent, at the attacker's will.

    ## How to fix it
    Encode what comes from outside before it is logged: control characters, blanks, quotes
    and `=` in a path, method or header. Anchor the expression, and end free text at a
    delimiter that no client can send.

    ## Reference
    https://owasp.org/www-community/attacks/Log_Injection
    """
    traffic, parsed = observed
    hostile = [each for each in traffic.exchanges if each.request.hostile]
    yield from _forged_fields(expected, parsed, hostile)
    roles = (name for name, field in expected.fields.items() if field.role == "status")
    yield from map(Unproven, parsed.doubts.about(*roles))
    yield from _control_characters(parsed, hostile)
    yield from _split_lines(parsed, hostile)


def _forged_fields(
    expected: LogExpectation, parsed: Events, hostile: list[Exchange]
) -> Iterator[Finding]:
    status = next((n for n, field in expected.fields.items() if field.role == "status"), None)
    if status is None:
        return
    for record in parsed.records:
        for event in record.events:
            if str(FORGED_STATUS) in map(str, lookup(event, status)):
                yield Finding(
                    what=f"{_sent(record, hostile)} forges the status {FORGED_STATUS}",
                    where=record.line.find(FORGED_STATUS, status),
                    why="no answer has that status: it came in with the request",
                    fix="encode blanks and `=` in what clients send, and anchor the expression.",
                    breaks=(Subject("values", status),),
                )
                return


def _control_characters(parsed: Events, hostile: list[Exchange]) -> Iterator[Finding]:
    own = _of_the_service(parsed, hostile)
    for record in parsed.records:
        every = _CONTROL.finditer(record.line.text)
        found = next((each for each in every if each.group() not in own), None)
        if found:
            yield Finding(
                what=f"the control character {found.group()!a} reaches the log",
                where=record.line.at(found.start()),
                why="a terminal or an editor obeys it: the line can hide itself, or look like two",
                fix="encode control characters before they are logged.",
            )
            return


def _of_the_service(parsed: Events, hostile: list[Exchange]) -> set[str]:
    """The control characters in most lines of others: a service that colours its log."""
    markers = [each.request.marker for each in hostile]
    texts = [record.line.text for record in parsed.records]
    others = [text for text in texts if not any(marker in text for marker in markers)]
    counted = Counter(character for text in others for character in set(_CONTROL.findall(text)))
    return {character for character, lines in counted.items() if lines > len(others) / 2}


def _split_lines(parsed: Events, hostile: list[Exchange]) -> Iterator[Finding]:
    """Lines that begin as the corpus's own forgery does."""
    for record in parsed.records:
        for line in record.line.text.split("\n"):
            if line.startswith("2026-01-10 00:45:12 INFO forged"):
                yield Finding(
                    what="a request writes a line of its own into the log",
                    where=record.line.find("forged"),
                    why="a line break in what a client sent was written as it came",
                    fix="encode CR and LF before anything from outside is logged.",
                )
                return


def _sent(record: Record, hostile: list[Exchange]) -> str:
    for exchange in hostile:
        if exchange.request.marker and exchange.request.marker in record.line.text:
            return f"the request with {exchange.request.name}"
    return "a request"
