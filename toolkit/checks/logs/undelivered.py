"""Events that no output receives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from toolkit.checks import check
from toolkit.evidence.logs.outputs import Deliveries, Delivery, deliveries
from toolkit.findings import Finding, Location, Mark, Severity, Subject, Unproven
from toolkit.logstash.config import nodes
from toolkit.logstash.event.fieldref import METADATA, parse
from toolkit.logstash.fields import names_of, related
from toolkit.logstash.flow.effects import effects_of
from toolkit.model.expectations.logs import LogExpectation

_SHIPPED = re.compile(
    "agent|beat|cloud|container|docker|ecs|event|fileset|host|input|kubernetes|log|offset"
    "|process|prospector|service|source|@metadata"
)
"""The fields at the top that a shipper or an input may set by itself."""


@check(expects=LogExpectation, queries=deliveries)
def undelivered(expected: LogExpectation, observed: Deliveries) -> Iterator[Finding | Unproven]:
    """Every event reaches an output.

    ## Why it matters
    An event that meets the condition of no output is gone: Logstash neither logs nor counts it
    apart. Where no event meets one, the index stays empty while everything looks healthy. If
    only some lines reach no output, that is a warning: it may be meant so.

    ## How to fix it
    Correct the condition, or add an `else` with an output. If the shipper sets the field that
    the condition reads, state it in `event:` of the contract.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/event-dependent-configuration.html
    """
    received = {id(each.line) for each in observed.found if each.outputs}
    missed = [each for each in observed.found if id(each.line) not in received]
    condition = _condition(observed)
    if not missed or condition is None:
        return
    finding = _finding(expected, observed, missed, condition)
    doubt = _doubt(expected, observed, missed)
    if received:
        yield from () if doubt else (finding,)
    else:
        yield Unproven(_unknown(finding, doubt)) if doubt else finding


def _finding(
    expected: LogExpectation,
    observed: Deliveries,
    missed: Sequence[Delivery],
    condition: Location,
) -> Finding:
    lines = {id(each.line) for each in missed}
    every = {id(each.line) for each in observed.found}
    first = missed[0].line
    return Finding(
        what=f"{len(lines)} of {len(every)} lines reach no output",
        where=condition,
        why="their events meet the condition of no output, and Logstash drops such events",
        fix="correct the condition, or add an `else` with an output.",
        marks=(Mark("line", first.at(0, len(first.text.partition("\n")[0]))),),
        severity=Severity.WARNING if lines != every else None,
        breaks=(Subject("events", expected.name),) if lines == every else (),
        follows=(Subject("lines", expected.name),),
    )


def _unknown(finding: Finding, doubt: str) -> Finding:
    return Finding(
        what="it is not known whether these lines reach an output",
        where=finding.where,
        why=doubt,
        fix="give the contract what the shipper sets, as `event:`, or what a filter sets that"
        " is not emulated, as `stand_ins:`.",
    )


def _condition(observed: Deliveries) -> Location | None:
    """Return the place of the first condition around outputs; None without one."""
    tree = observed.observed.configuration
    for each in tree.statements("output") if tree else ():
        if isinstance(each, nodes.Branch) and tree and each.entries[0].condition:
            return tree.sources.locate(each.entries[0].condition.span)
    return None


def _doubt(expected: LogExpectation, observed: Deliveries, missed: Sequence[Delivery]) -> str:
    """Return the reason for which these events may reach an output; empty if they do not."""
    if not all(each.decided for each in missed):
        return "a condition reads what a filter that is not emulated may set"
    tree, context = observed.observed.configuration, observed.observed.pipeline.context
    if tree is None:
        return ""
    filters = nodes.plugins(tree.statements("filter"))
    written = [*chain.from_iterable(effects_of(each, context).names for each in filters)]
    for each in chain.from_iterable(map(nodes.walk, tree.statements("output"))):
        if isinstance(each, nodes.Selector) and _root(each.text) != "tags":
            foreign = not expected.shipper or _SHIPPED.fullmatch(_root(each.text))
            made = any(related(name, made) for name in names_of(each.text) for made in written)
            if foreign and not made and any(not one.event.includes(each.text) for one in missed):
                return f"the condition reads `{each.text}`, which no filter sets and a shipper may"
    return ""


def _root(reference: str) -> str:
    path = parse(reference)
    return METADATA if path.metadata else (*path.parents, path.name)[0]
