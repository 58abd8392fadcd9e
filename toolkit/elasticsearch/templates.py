"""Index templates: the field types of new indices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.elasticsearch import merging
from toolkit.elasticsearch.mappers import setting
from toolkit.elasticsearch.template_shape import INDEX_SETTINGS, MAPPINGS, TEMPLATE
from toolkit.elasticsearch.values import Rejection
from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.languages.json_shapes import TEXT, misfits
from toolkit.languages.positioned import Path, Positioned, placed_in
from toolkit.languages.positioned_json import parse_json


@dataclass(frozen=True, slots=True)
class Template:
    """An index template, composable or legacy, or the body of an index."""

    source: str
    text: str
    index_patterns: tuple[str, ...]
    mappings: Mapping[str, Any]
    settings: Mapping[str, Any]
    composed_of: tuple[str, ...] = ()
    """The names of its component templates."""
    missing: tuple[str, ...] = ()
    """Those of them that are not known."""
    parts: tuple[Template, ...] = ()
    """Itself and its component templates as they are written, the first one winning."""

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
        """Return the place of the field's name in the text, or in that of a component."""
        for each in self.parts:
            if each.definition(field) is not None:
                return each.locate(field)
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
    """Parse a template; raise `InputError` with the place if it is malformed or misshapen."""
    document = parse_json(text, placed_in(source, text), what="the index template")
    body = document.value
    legacy = isinstance(body, dict) and isinstance(body.get("template"), str)
    shape = {**TEMPLATE, "template": TEXT} if legacy else TEMPLATE
    faults = [_misfit(document, *each) for each in sorted(misfits(body, shape), key=str)]
    faults += (_duplicate(str(path[-1]), where) for path, where in document.duplicates)
    if faults:
        raise InputError(*faults)
    at: Path = ("template",) if "template" in body and not legacy else ()
    inner = document.get(*at)
    typed = _mappings_at((*at, "mappings"), inner.get("mappings", {}))
    mappings = document.get(*typed) if "mappings" in inner else {}
    faults += (_misfit(document, *each) for each in misfits(mappings, MAPPINGS, typed))
    if faults:
        raise InputError(*faults)
    faults += (_misfit(document, *each) for each in _without_mapping(mappings, typed))
    patterns = body["template"] if legacy else body.get("index_patterns", ())
    settings = inner.get("settings", {})
    faults += (
        _misfit(document, (*at, "settings"), f"{wanted} at `{name}`")
        for name, shape in INDEX_SETTINGS.items()
        if (value := setting(settings, name)) is not None
        for _, wanted in misfits(value, shape)
    )
    try:
        merging.expand(mappings)
    except Rejection as rejection:
        faults.append(_contradicts(rejection, document.locate(*typed)))
    if faults:
        raise InputError(*faults)
    return Template(
        source=source,
        text=text,
        index_patterns=(patterns,) if isinstance(patterns, str) else tuple(patterns),
        mappings=mappings,
        settings=settings,
        composed_of=tuple(body.get("composed_of", ())),
        missing=tuple(body.get("composed_of", ())),
    )


def _mappings_at(path: Path, mappings: Mapping[str, Any]) -> Path:
    """The path of the mappings within the name of a type, as before Elasticsearch 8."""
    if "properties" in mappings:
        return path
    types = [
        name for name, held in mappings.items() if isinstance(held, dict) and "properties" in held
    ]
    return (*path, types[-1]) if types else path


def compose(template: Template, components: Mapping[str, Template]) -> Template:
    """Return a template with what its component templates add, in their order; its own wins.

    Args:
        template: The template.
        components: The component templates that are known, by name.
    """
    known = [components[name] for name in template.composed_of if name in components]
    mappings, settings = dict[str, Any](), dict[str, Any]()
    for each in (*known, template):
        mappings = _overlaid(mappings, each.mappings)
        settings = _overlaid(settings, each.settings)
    return replace(
        template,
        mappings=mappings,
        settings=settings,
        missing=tuple(name for name in template.composed_of if name not in components),
        parts=(template, *reversed(known)),
    )


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Objects are merged, all else is replaced; dynamic templates by their names."""
    merged = dict(below)
    for key, value in above.items():
        held = merged.get(key)
        if isinstance(held, Mapping) and isinstance(value, Mapping) and not _is_leaf(held, value):
            merged[key] = _overlaid(held, value)
        elif key == "dynamic_templates" and held:
            named = {name: each for entry in (*held, *value) for name, each in entry.items()}
            merged[key] = [{name: each} for name, each in named.items()]
        else:
            merged[key] = value
    return merged


def _is_leaf(*definitions: Mapping[str, Any]) -> bool:
    """True if one of them is the definition of a field with values."""
    return any(
        isinstance(each.get("type"), str) and "properties" not in each for each in definitions
    )


_REFUSES = "Elasticsearch refuses the template, and every field then gets a guessed type"


def _misfit(document: Positioned, path: Path, wanted: str) -> Finding:
    name = ".".join(map(str, path))
    return Finding(
        what=f"`{name}` of the index template is not {wanted}" if path else _NO_OBJECT,
        where=document.locate(*path),
        why=_REFUSES,
        fix=f"write {wanted} there.",
    )


_NO_OBJECT = "the index template is not a JSON object"


def _without_mapping(mappings: Mapping[str, Any], at: Path) -> Iterator[tuple[Path, str]]:
    """The dynamic templates that leave open the type of a field."""
    for index, named in enumerate(mappings.get("dynamic_templates", ())):
        for name, template in named.items():
            if not template.keys() & {"mapping", "runtime"}:
                path = (*at, "dynamic_templates", index, name)
                yield path, "an object with `mapping` or `runtime`"


def _contradicts(rejection: Rejection, where: Location) -> Finding:
    return Finding(
        what=f"the mapping contradicts itself: {rejection.reason}",
        where=where,
        why=_REFUSES,
        fix="define each field once.",
    )


def _duplicate(key: str, where: Location) -> Finding:
    return Finding(
        what=f"the key `{key}` is in its object already",
        where=where,
        why=_REFUSES,
        fix=f"keep one `{key}`.",
    )
