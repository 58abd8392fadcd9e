"""Lines that belong together become events of their own, or lines that do not become one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.logs.lines import Line, Lines, lines
from toolkit.findings import Finding, Subject
from toolkit.model.expectations.logs import LogExpectation

_CONTINUES = re.compile(
    r"\s+\S"
    r"|Traceback \(most recent call last\):"
    r"|Caused by: |\.\.\. \d+ (?:more|common frames omitted)"
    r"|(?:[\w$]+\.)+[\w$]*(?:Exception|Error)(?::|$)"
    r"|[A-Z]\w*(?:Error|Exception|Warning): "
    r"|During handling of the above exception"
)


@check(expects=LogExpectation, queries=lines)
def multiline(expected: LogExpectation, observed: Lines) -> Iterator[Finding]:
    """Every traceback is one event, with the line it belongs to, and every record is another.

    ## Why it matters
    Without joining, a traceback of twelve lines becomes twelve events that no pattern
    matches: the error count is wrong by a factor, and the reason of an error cannot be
    searched. Joined too eagerly, requests vanish in the events of their neighbours.

    ## How to fix it
    Set `multiline` in the shipper so that only the beginning of a record starts an event:
    its timestamp, negated, match after. Not in Logstash, where lines of several files mix.

    ## Reference
    https://www.elastic.co/guide/en/beats/filebeat/current/multiline-examples.html
    """
    alone = list(_continuing(observed))
    if alone:
        first = alone[0]
        yield Finding(
            what=f"{len(alone)} lines that continue a record become events of their own",
            where=first.at(0, len(first.text.partition("\n")[0])),
            why=f"{_nobody(expected)} joins them to the line before",
            fix="join them in the shipper: `multiline` by the timestamp, negated, match after.",
            breaks=(Subject("joining", first.source),),
        )
    for line in observed:
        if (offset := _second_record(line)) is not None:
            yield Finding(
                what="two records are joined to one event",
                where=line.at(offset, 1),
                why="each begins like the other, and the multiline pattern takes only one of them",
                fix="let the multiline pattern match the beginning of every record.",
                breaks=(Subject("joining", line.source),),
            )
            break


def _continuing(observed: Lines) -> Iterator[Line]:
    """Lines that continue others; where the first one is indented, indentation means nothing."""
    indented = set[str]()
    seen = set[str]()
    for line in observed:
        if line.source not in seen and line.text[:1].isspace():
            indented.add(line.source)
        seen.add(line.source)
        text = line.text.lstrip() if line.source in indented else line.text
        if _CONTINUES.match(text):
            yield line


def _nobody(expected: LogExpectation) -> str:
    if expected.shipper:
        return f"nothing in `{expected.shipper}`"
    return "neither a `shipper:` nor a multiline codec of the pipeline"


def _second_record(line: Line) -> int | None:
    """Where a later line of an event begins as its first one does, digits taken as equal."""
    first, *others = line.text.split("\n")
    shape = _shape(first)
    if sum(character == "0" for character in shape) < 6:
        return None
    offset = len(first) + 1
    for other in others:
        if _shape(other) == shape:
            return offset
        offset += len(other) + 1
    return None


def _shape(text: str) -> str:
    return re.sub(r"\d", "0", text[:16])
