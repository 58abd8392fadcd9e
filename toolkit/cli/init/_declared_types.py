"""The types that a pipeline's own filters give to fields, for pipelines that cannot be run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.logs.quantities import is_latency
from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import Configuration, Plugin, plugins

_CAPTURE = re.compile(r"%\{\w+:([^:}]+):(int|float)\}")
_TYPES = {
    **dict.fromkeys(("int", "integer", "integer_eu"), "long"),
    **dict.fromkeys(("float", "float_eu"), "float"),
    "boolean": "boolean",
    "string": "keyword",
}
"""The field types of Elasticsearch by the names that filters have."""
_CONVERSIONS = {"mutate": "convert", "dissect": "convert_datatype", "csv": "convert"}
"""The options that map fields to types, by filter."""


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """The type of a field, and where a filter gives it."""

    type: str
    origin: str
    """For a comment: file, line and filter."""


def declared_types(configurations: Iterable[Configuration]) -> Mapping[str, DeclaredType]:
    """Return the fields that filters capture or convert with a type, by dotted name."""
    found: dict[str, DeclaredType] = {}
    for tree in configurations:
        for plugin in plugins(tree.statements("filter")):
            where = tree.sources.locate(plugin.name_span)
            for field, kind in _typed(plugin):
                origin = f"{where.source}:{where.line} {plugin.name}"
                found[_dotted(field)] = DeclaredType(kind, origin)
    return {name: found[name] for name in sorted(found) if _is_shown(name)}


def _typed(plugin: Plugin) -> Iterator[tuple[str, str]]:
    values = attributes.values(plugin)
    if plugin.name == "grok":
        for text in _texts(values.get("match")):
            for field, kind in _CAPTURE.findall(text):
                yield field, _TYPES[kind]
    stated = values.get(_CONVERSIONS.get(plugin.name, ""))
    for field, kind in stated.items() if isinstance(stated, Mapping) else ():
        if str(kind) in _TYPES:
            yield str(field), _TYPES[str(kind)]
    if plugin.name == "date":
        yield str(values.get("target", "@timestamp")), "date"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


def _dotted(field: str) -> str:
    """Return ``a.b`` for ``[a][b]``."""
    return field.strip("[]").replace("][", ".")


def _is_shown(name: str) -> bool:
    return not name.startswith("@metadata") and "%{" not in name


def as_yaml(name: str, kind: str) -> str:
    """Return the declaration of a field: its type, and the role that its name means.

    >>> as_yaml("latency_ms", "float"), as_yaml("user", "keyword")
    ('{type: float, role: latency, at_least: 0}', 'keyword')
    """
    if is_latency(name) and kind in ("float", "double", "half_float"):
        unit = "" if name.endswith(("ms", "millis")) else ", unit: s"
        return f"{{type: {kind}, role: latency, at_least: 0{unit}}}"
    return kind
