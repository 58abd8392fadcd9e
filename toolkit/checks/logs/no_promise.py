"""No field of the events is promised."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Query


def _queries(expected: LogExpectation, scope: Scope) -> Query[Compiled] | None:
    return None if expected.fields else pipeline(expected, scope)


@check(expects=LogExpectation, queries=_queries)
def no_promise(expected: LogExpectation, observed: Compiled) -> Iterator[Unproven]:
    """The contract declares fields of the lines it names.

    ## Why it matters
    Without fields the other checks have nothing to compare with: an event that lacks the
    status, or has it as text, is as good as any other. That is no proof of the pipeline.

    ## How to fix it
    Name the fields that dashboards and alerts read, with their types, under `fields:`; with a
    few sample lines, `toolkit init` in a copy of the project proposes them.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/field-data-types
    """
    yield Unproven.of(
        what=f"no field of `{expected.name}` is declared, so none was compared",
        where=expected.declared,
        why="events without the fields that are read, or with texts for numbers, would pass",
        fix="name those that are read, with their types: `fields: {status: short}`.",
    )
