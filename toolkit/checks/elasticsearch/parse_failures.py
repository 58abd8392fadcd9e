"""Indexed events are marked as not parsed."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.evidence.elasticsearch.responses import live_figures
from toolkit.findings import Finding, Location, Subject
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=live_figures)
def parse_failures(expected: LogExpectation, observed: Figures) -> Iterator[Finding]:
    """No indexed event is marked as one that the pipeline could not read.

    ## Why it matters
    Such an event is stored as text without fields. It is in no percentile and in no error
    ratio: the figures are those of the requests whose lines happened to fit.

    ## How to fix it
    Take one of these lines, and let `toolkit trace` show where it stops. Then add it to the
    sample lines.

    ## Reference
    https://www.elastic.co/docs/reference/logstash/plugins/plugins-filters-grok
    """
    if not observed.failures:
        return
    tags = ", ".join(f"`{tag}` {count}" for tag, count in observed.by_tag.items())
    yield Finding(
        what=f"{observed.failures} of {observed.events} indexed events are not parsed: {tags}",
        where=Location(f"elasticsearch:{expected.index}"),
        why=f"{expected.declared} promises that lines are parsed",
        fix="search for the tag, and follow a line of it with `toolkit trace`.",
        breaks=(Subject("lines", expected.name),),
    )
