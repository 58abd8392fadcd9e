"""Index templates: the field types of new indices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InputError
from toolkit.findings import Finding, Location


@dataclass(frozen=True, slots=True)
class Template:
    """An index template, composable or legacy, or the body of an index."""

    source: str
    text: str
    index_patterns: tuple[str, ...]
    mappings: Mapping[str, Any]
    settings: Mapping[str, Any]

    def definition(self, field: str) -> Mapping[str, Any] | None:
        """Return the definition of a dotted field name, multi-fields included; None if absent."""
        here: Mapping[str, Any] = self.mappings
        for part in _parts(field, here):
            below = {**here.get("fields", {}), **here.get("properties", {})}
            if part not in below:
                return None
            here = below[part]
        return here

    def type_of(self, field: str) -> str | None:
        """Return the field's type; ``object`` if it only has fields below it."""
        found = self.definition(field)
        return None if found is None else str(found.get("type", "object"))

    def fields(self) -> Iterator[str]:
        """Yield the dotted names of all fields with values."""
        yield from _leaves(self.mappings, ())

    def locate(self, field: str) -> Location:
        """Return the place of the field's name in the text."""
        at = max(0, self.text.find('"properties"'))
        width = 1
        for part in field.split("."):
            found = self.text.find(json.dumps(part), at)
            if found >= 0:
                at, width = found, len(part) + 2
        before = self.text[:at]
        first = before.rfind("\n") + 1
        excerpt = self.text[first:].partition("\n")[0]
        return Location(self.source, before.count("\n") + 1, at - first + 1, excerpt, width)


def _parts(field: str, mappings: Mapping[str, Any]) -> list[str]:
    """Split a dotted name, unless the mapping itself spells it with dots."""
    return [field] if field in mappings.get("properties", {}) else field.split(".")


def _leaves(mapping: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name, definition in mapping.get("properties", {}).items():
        if "properties" in definition:
            yield from _leaves(definition, (*path, name))
        else:
            yield ".".join((*path, name))


def parse_template(text: str, *, source: str) -> Template:
    """Parse a template; raise `InputError` with the place if the text is not JSON."""
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(_not_json(text, source, error)) from error
    if not isinstance(body, dict):
        raise InputError(_no_object(source))
    inner = body.get("template", body)
    inner = inner if isinstance(inner, dict) else body
    patterns = body.get("index_patterns") or ()
    return Template(
        source=source,
        text=text,
        index_patterns=(patterns,) if isinstance(patterns, str) else tuple(patterns),
        mappings=inner.get("mappings") or {},
        settings=inner.get("settings") or {},
    )


def _not_json(text: str, source: str, error: json.JSONDecodeError) -> Finding:
    excerpt = (text.split("\n") or [""])[error.lineno - 1]
    return Finding(
        what="the index template is not valid JSON",
        where=Location(source, error.lineno, error.colno, excerpt),
        why=f"Elasticsearch refuses it, and every field then gets a guessed type: {error.msg}",
        fix="correct the line.",
    )


def _no_object(source: str) -> Finding:
    return Finding(
        what="the index template is not a JSON object",
        where=Location(source, 1, 1),
        why="a template is an object with `index_patterns` and `template`",
        fix="write the template in the form of the create-index-template API.",
    )
