"""The index keeps an event, and drops one of its values."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import shown
from toolkit.evidence.elasticsearch.ignored import Ignored, ignored
from toolkit.findings import Finding, Severity, Subject
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=ignored)
def ignored_fields(expected: LogExpectation, observed: tuple[Ignored, ...]) -> Iterator[Finding]:
    """No value of an event is dropped by the index.

    ## Why it matters
    Under `ignore_malformed` a value of the wrong form is kept in the document and left out of
    the index: the event is found, the value is in no figure, and only `_ignored` shows it.

    ## How to fix it
    Convert the value in the pipeline, or map the field as what it is. A text that is too long
    for its keyword can be cut with `truncate`, or `ignore_above` be raised.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/mapping-ignored-field
    """
    for each in observed:
        field = expected.fields.get(each.field)
        many = f"{each.count} events lose" if each.count > 1 else "an event loses"
        value = f" (`{shown(each.value)}`)" if each.value is not None else ""
        declared = f"{field.declared} declares `{each.field}: {field.type}`" if field else None
        yield Finding(
            what=f"{many} `{each.field}`{value}: no search finds the value",
            where=each.where,
            why=f"the mapping ignores what it cannot take{'; ' + declared if declared else ''}",
            fix=f"convert or shorten `{each.field}` in the pipeline, or change its mapping.",
            severity=Severity.ERROR if field else Severity.WARNING,
            breaks=(Subject("values", each.field),),
            follows=(Subject("field", each.field),),
        )
