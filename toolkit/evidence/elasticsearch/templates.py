"""The index template of a contract."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.elasticsearch.templates import Template, parse_template
from toolkit.evidence.files import Files, FileSet, decode
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class TemplateIn(Derived[Template]):
    """Parse an index template."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Template]:
        file, *_ = files.evidence
        found = parse_template(decode(file, "an index template"), source=file.name)
        return Answer(found, files.origin, sum(1 for _ in found.fields()), "mapped fields")


def template(expected: LogExpectation) -> Query[Template] | None:
    """Return the query for the template of these lines; None if the contract has none."""
    if expected.template is None:
        return None
    return TemplateIn(Files((expected.template,), expected.declared, "templates"))
