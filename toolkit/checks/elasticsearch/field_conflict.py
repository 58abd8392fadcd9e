"""Indices of one pattern give a field different types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.evidence.elasticsearch.indices import IndexMappings, IndexMappingsIn, live_index
from toolkit.findings import Finding, Location, Subject
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Query


def _queries(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[IndexMappings]]:
    asked = live_index(expected, scope)
    return {"live": IndexMappingsIn(asked, asked.index)} if asked else {}


@check(expects=LogExpectation, queries=_queries)
def field_conflict(expected: LogExpectation, observed: IndexMappings) -> Iterator[Finding]:
    """All indices of a pattern give a declared field the same type.

    ## Why it matters
    A search over indices that disagree fails in part: Kibana shows the field as a conflict,
    and leaves it out of sums, filters and sorting, for the whole pattern.

    ## How to fix it
    Correct the template, roll over, and reindex what has the wrong type; or let these indices
    grow old.

    ## Reference
    https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-field-caps
    """
    for name, field in expected.fields.items():
        types = observed.types(name)
        if len(types) < 2:
            continue
        wrong = next((kind for kind in types if kind != field.type), next(iter(types)))
        kinds = ", ".join(f"`{kind}` in {_counted(indices)}" for kind, indices in types.items())
        yield Finding(
            what=f"`{name}` is {kinds}",
            where=Location(f"elasticsearch:{types[wrong][-1]}:{name}"),
            why=f"{field.declared} declares `{name}: {field.type}` for all of {observed.pattern}",
            fix=f"reindex {_counted(types[wrong])} with `{name}` as `{field.type}`.",
            breaks=(Subject("types", name),),
        )


def _counted(indices: object) -> str:
    names = list(indices)  # type: ignore[call-overload]
    return str(names[0]) if len(names) == 1 else f"{len(names)} indices"
