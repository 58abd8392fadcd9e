"""The index template of a contract, with the component templates beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from glob import escape
from pathlib import PurePosixPath

from toolkit.elasticsearch.templates import Template, compose, parse_template
from toolkit.errors import InputError
from toolkit.evidence.files import File, Files, FileSet, decode
from toolkit.findings import Finding, Location, Subject
from toolkit.languages.positioned import Positioned, placed_in
from toolkit.languages.positioned_json import parse_json
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Dependent, Derived, Query


@dataclass(frozen=True, slots=True)
class TemplateIn(Derived[Template]):
    """Parse an index template."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Template]:
        file, *_ = files.evidence
        try:
            found = parse_template(decode(file, "an index template"), source=file.name)
        except InputError as error:
            refused = (Subject("template", file.name),)
            raise InputError(
                *(replace(each, follows=refused) for each in error.findings)
            ) from error
        return Answer(found, files.origin, sum(1 for _ in found.fields()), "mapped fields")


@dataclass(frozen=True, slots=True)
class TemplateTextIn(Derived[Positioned]):
    """Read the JSON of an index template, whatever it holds."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Positioned]:
        file, *_ = files.evidence
        text = decode(file, "an index template")
        found = parse_json(text, placed_in(file.name, text), what="the index template")
        return Answer(found, files.origin, 1, "templates", promised=False)


@dataclass(frozen=True, slots=True)
class ComponentFiles(Dependent[FileSet]):
    """Look for the component templates of a template in its folder and in those beside it."""

    template: Query[Template]
    path: str
    declared: Location

    def to_leaf(self, template: Answer[Template]) -> Files:
        folder = PurePosixPath(self.path).parent
        near = dict.fromkeys((folder, folder / "*", folder.parent / "*"))
        globs = (
            str(each / f"*{escape(name)}.json")
            for name in template.evidence.composed_of
            for each in near
        )
        return Files(tuple(globs), self.declared, "component templates", optional=True)


@dataclass(frozen=True, slots=True)
class ComposedTemplate(Derived[Template]):
    """Add to an index template what its component templates have."""

    template: Query[Template]
    components: Query[FileSet]

    def derive(self, template: Answer[Template], components: Answer[FileSet]) -> Answer[Template]:
        held = template.evidence
        if not held.composed_of:
            return template
        known = {name: _component(name, components.evidence) for name in held.composed_of}
        found = compose(held, {name: each for name, each in known.items() if each})
        caveats = (_unknown(found),) if found.missing else ()
        fields = sum(1 for _ in found.fields())
        # What is not known is one doubt, not a template without fields.
        fields = max(fields, len(caveats))
        return Answer(found, template.origin, fields, "mapped fields", caveats)


def _component(name: str, files: FileSet) -> Template | None:
    """The component template of a name: of the file called so, or whose name ends so."""
    for file in sorted(files, key=lambda each: PurePosixPath(each.name).stem != name):
        if _is_called(file, name):
            try:
                found = parse_template(decode(file, "a component template"), source=file.name)
            except InputError:
                continue
            if not found.index_patterns:
                return found
    return None


def _is_called(file: File, name: str) -> bool:
    head = PurePosixPath(file.name).stem.removesuffix(name)
    return head + name == PurePosixPath(file.name).stem and not head[-1:].isalnum()


def _unknown(template: Template) -> Finding:
    names = ", ".join(f"`{name}`" for name in template.missing)
    called = "templates {} are" if len(template.missing) > 1 else "template {} is"
    return Finding(
        what=f"the component {called.format(names)} not known",
        where=next(_places(template), Location(template.source)),
        why="the fields that they map are not known here, nor their settings",
        fix=f"put it beside the template, in a file of its name: `{template.missing[0]}.json`.",
    )


def _places(template: Template) -> Iterator[Location]:
    for number, line in enumerate(template.text.splitlines(), 1):
        if (at := line.find('"composed_of"')) >= 0:
            yield Location(template.source, number, at + 1, line, len('"composed_of"'))


def template(expected: LogExpectation) -> Query[Template] | None:
    """Return the query for the template of these lines; None if the contract has none."""
    if expected.template is None:
        return None
    own = TemplateIn(_files(expected.template, expected))
    return ComposedTemplate(own, ComponentFiles(own, expected.template, expected.declared))


def template_text(expected: LogExpectation) -> Query[Positioned] | None:
    """Return the query for the template as it is written; None if the contract has none."""
    named = expected.template
    return TemplateTextIn(_files(named, expected)) if named else None


def _files(template: str, expected: LogExpectation) -> Files:
    return Files((template,), expected.declared, "templates")
