"""The index template is not that of the index the events go to."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Finding, Location
from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import plugins
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import both


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: both(template(expected), pipeline(expected, scope)),
)
def unmatched_template(
    expected: LogExpectation, observed: tuple[Template, Compiled]
) -> Iterator[Finding]:
    """The index that the events go to is one the template is for.

    ## Why it matters
    A template whose `index_patterns` do not cover the index is never applied, without an
    error: the first event decides all types, and what is proved of the template is not true
    of the index.

    ## How to fix it
    Make the `index` of the output, the `index:` of the contract and the `index_patterns` of
    the template begin with the same name.

    ## Reference
    https://www.elastic.co/docs/manage-data/data-store/templates
    """
    mapped, compiled = observed
    for names in (list(_written(compiled)), list(_promised(expected))):
        if names and not any(_covers(mapped, index) for index, _ in names):
            yield _finding(mapped, *names[0])
            return


def _covers(mapped: Template, index: str) -> bool:
    """Return True if a pattern and a name can match the same index: one is a prefix."""
    name = index.partition("*")[0]
    patterns = [pattern.partition("*")[0] for pattern in mapped.index_patterns]
    return not patterns or any(p.startswith(name) or name.startswith(p) for p in patterns)


def _finding(mapped: Template, index: str, named: Location) -> Finding:
    patterns = ", ".join(mapped.index_patterns)
    return Finding(
        what=f"the template is for `{patterns}`, not for `{index}`",
        where=_place(mapped),
        why=f"{named} names that index, and Elasticsearch would not apply the template",
        fix=f"add `{index}` to `index_patterns`, or correct the name of the index.",
    )


def _place(mapped: Template) -> Location:
    key = '"index_patterns"'
    for number, line in enumerate(mapped.text.splitlines(), 1):
        if key in line:
            return Location(mapped.source, number, line.index(key) + 1, line, len(key))
    return Location(mapped.source)


def _written(compiled: Compiled) -> Iterator[tuple[str, Location]]:
    """The indices of the outputs, as far as their names are fixed."""
    tree = compiled.configuration
    for plugin in plugins(tree.statements("output")) if tree else ():
        index = attributes.values(plugin).get("index")
        if plugin.name == "elasticsearch" and isinstance(index, str) and tree:
            fixed, reference, _ = index.partition("%{")
            if "${" not in index:
                where = tree.sources.locate(plugin.name_span)
                yield fixed + "*" * bool(reference), where


def _promised(expected: LogExpectation) -> Iterator[tuple[str, Location]]:
    if expected.index != LogExpectation.__dataclass_fields__["index"].default:
        yield expected.index, expected.declared
