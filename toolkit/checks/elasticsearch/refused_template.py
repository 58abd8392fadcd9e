"""Elasticsearch refuses the index template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.checks import check
from toolkit.elasticsearch.refusals import TemplateRefusal, is_composable, refusals
from toolkit.elasticsearch.templates import parse_template
from toolkit.errors import InputError
from toolkit.evidence.elasticsearch.templates import template_text
from toolkit.findings import Finding, Subject
from toolkit.languages.positioned import Positioned
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Query, SubjectsOf


def _composables(document: Positioned) -> list[Positioned]:
    return [document] if is_composable(document.value) else []


def _queries(expected: LogExpectation, scope: Scope) -> Query[Positioned] | None:
    text = template_text(expected)
    return SubjectsOf(text, _composables, "composable templates") if text else None


@check(expects=LogExpectation, queries=_queries)
def refused_template(expected: LogExpectation, observed: Positioned) -> Iterator[Finding]:
    """Elasticsearch accepts the composable index template.

    Keys, settings and the parameters of common field types are those of Elasticsearch 9.2. A
    setting is named only if it is spelled like one of these, as plugins add others. What a
    later version no longer accepts is left to `elasticsearch/other-version`.

    ## Why it matters
    `PUT _index_template` refuses the whole template for one wrong name. Indices are then
    created without it, and every field gets the type of its first value.

    ## How to fix it
    Correct the name or the value, or remove it. An analyzer of your own is defined in
    `settings: {analysis: {analyzer: …}}` of the same template.

    ## Reference
    https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-put-index-template
    """
    try:
        parse_template(observed.text, source=observed.source)
        found = [_finding(observed, each) for each in refusals(observed.value)]
    except InputError as error:
        found = [*error.findings]
    yield from (replace(each, breaks=(Subject("template", observed.source),)) for each in found)


def _finding(document: Positioned, refusal: TemplateRefusal) -> Finding:
    locate = document.locate_key if refusal.key else document.locate
    near = refusal.near
    return Finding(
        what=f"Elasticsearch refuses the template: {refusal.fact}",
        where=locate(*refusal.path),
        why="without the template every field gets the type of its first value",
        fix=f"did you mean `{near}`?" if near else refusal.fix,
    )
