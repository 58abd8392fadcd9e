"""A line that no pattern matches."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, events
from toolkit.evidence.logs.failures import LineFailure, failure_tags, failures
from toolkit.findings import Finding, Location, Mark, Severity, Subject, Unproven
from toolkit.logstash.grok.anomalies import LineAnomaly, anomalies
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=events)
def no_match(expected: LogExpectation, observed: Events) -> Iterator[Finding | Unproven]:
    """Every line is parsed: a filter that fails on it is made up for by another one.

    ## Why it matters
    A line that no pattern matches is stored all the same, as text without fields. It is in
    no latency percentile and in no error ratio, and nothing turns red: the numbers are
    simply those of fewer requests.

    A filter that fails sets a tag: `_grokparsefailure`, or those its `tag_on_failure` names;
    while the event has one, the line counts as not parsed. Without a tag
    (`tag_on_failure => []`, `skip_on_invalid_json`) it counts unless another filter has read
    the same field; where only a part of a parsed line is not read, that is a warning. Tags
    that the pipeline sets by hand are named by `failure_tags:` in the contract.

    ## How to fix it
    Adapt the pattern to the line, or add one for its kind; where another filter reads the
    line then, take the tag off there (`remove_tag`). `toolkit trace` shows a line on its way.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/plugins-filters-grok.html
    """
    for group in _grouped(failures(observed, expected.failure_tags)):
        yield _finding(expected, group)
    marks = failure_tags(observed.pipeline, expected.failure_tags)
    yield from map(Unproven, observed.doubts.parsing(marks))


def _grouped(found: Iterator[LineFailure]) -> list[list[LineFailure]]:
    """Failures of the same filter at the same place of the same expression belong together."""
    groups: dict[tuple[object, ...], list[LineFailure]] = {}
    for failure in found:
        stop = failure.stop
        reason = (stop.expression, stop.start, stop.needs) if stop else ()
        groups.setdefault((failure.tag, failure.where, *reason), []).append(failure)
    return list(groups.values())


def _finding(expected: LogExpectation, group: list[LineFailure]) -> Finding:
    first = group[0]
    line = first.record.line
    many = f"{len(group)} lines are" if len(group) > 1 else "a line is"
    if first.optional:
        many = f"parts of {many}" if len(group) > 1 else f"a part of {many}"
    by = f"`{first.plugin.name}`" if first.plugin else _input(first)
    mark = f" (`{first.tag}`)" if first.tag else ", and not tagged"
    return Finding(
        what=f"{many} not parsed by {by}{mark}{_reason(first)}",
        where=_place(first),
        why=_why(expected, first),
        fix=_fix(first),
        marks=tuple(_marks(first)),
        breaks=() if first.optional else (Subject("lines", expected.name),),
        follows=(Subject("joining", line.source),),
        severity=Severity.WARNING if first.optional else None,
    )


def _input(failure: LineFailure) -> str:
    return "the codec of the input" if failure.record.line.json else "the pipeline"


def _reason(failure: LineFailure) -> str:
    if failure.stop:
        return f": {failure.stop.what}"
    if failure.zone:
        return f": clocks in `{failure.zone}` skip `{failure.text}`"
    if failure.text and _plugin(failure) == "date":
        return f": `{failure.text}` fits none of its formats"
    return ""


def _plugin(failure: LineFailure) -> str:
    if failure.plugin is None:
        return "codec" if failure.record.line.json else "shipper"
    return failure.plugin.name


def _place(failure: LineFailure) -> Location:
    line, stop = failure.record.line, failure.stop
    within = line.text.find(stop.line) if stop is not None and stop.line else -1
    if stop is not None and within >= 0:
        return line.at(min(within + stop.reached, max(0, len(line.text) - 1)))
    at = line.text.find(failure.text) if failure.text else -1
    first = line.text[max(0, at) :].partition("\n")[0]
    return line.at(max(0, at), len(failure.text or first) if at >= 0 else len(first))


def _marks(failure: LineFailure) -> Iterator[Mark]:
    if failure.expression_at:
        yield Mark("pattern", failure.expression_at)
    elif failure.where:
        yield Mark("filter", failure.where)


def _why(expected: LogExpectation, failure: LineFailure) -> str:
    if failure.read_otherwise:
        return "another filter reads the line, but it keeps the tag of the failure"
    if failure.optional:
        return "the line itself is read; this part of it stays as it is"
    odd = _odd(failure)
    if odd is not None:
        return f"the line has {odd.what}; {expected.declared} promises that lines are parsed"
    cost = _COSTS.get(_plugin(failure), "the event goes on without what it would have got")
    return f"{cost}; {expected.declared} promises that lines are parsed"


def _odd(failure: LineFailure) -> LineAnomaly | None:
    """The anomaly of the line at which the expression stopped; text it matched is no cause."""
    stop = failure.stop
    if stop is None:
        return None
    line = failure.record.line.text
    # Logstash escapes the whole of a line that is no UTF-8: only the file shows what it had.
    found = stop.odd if "\0" not in line else anomalies(line)
    return next((odd for odd in found if odd.end > stop.matched), None)


_COSTS = {
    "grok": "the event goes on as text without fields",
    "date": "the event keeps the time at which it arrived",
}


_CURES = {
    "a byte order mark": "write the log without one, or take it away by `mutate` before grok.",
    "an ANSI escape": "switch colours off where the log is written to a file.",
    "NUL bytes, as UTF-16 has them": (
        "write the log in UTF-8, or name its encoding to the shipper: `encoding: utf-16-bom`."
    ),
}
"""The fix for each anomaly that no pattern should have to match."""


def _fix(failure: LineFailure) -> str:
    if failure.read_otherwise:
        return f'add `remove_tag => ["{failure.tag}"]` where the line is read in another way.'
    odd = _odd(failure)
    if odd is not None and odd.what in _CURES:
        return _CURES[odd.what]
    if failure.stop:
        return (
            f"let the pattern take what the line has where {failure.stop.what}, or add a pattern."
        )
    if failure.zone:
        return 'log in UTC, and give the date filter `timezone => "UTC"`: no hour is skipped.'
    if _plugin(failure) == "date":
        return "add the format of this time to `match` of the date filter."
    if failure.tag is None:
        return "add a filter that reads such lines, or `drop` them."
    return f"correct the {_plugin(failure)}, or the line; `toolkit trace` shows it on its way."
