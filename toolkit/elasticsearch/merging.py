"""Normalization of mappings: dotted names expanded, new fields merged in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.elasticsearch.values import Rejection

CONFLICT = "illegal_argument_exception"
_OBJECTS = ("object", "nested", "passthrough")
_UPDATABLE = {"ignore_above", "ignore_malformed", "coerce", "meta", "copy_to"}
"""Parameters that a later definition of a field may change."""


def expand(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Rewrite ``a.b`` as ``b`` within ``a``, except where subobjects are disabled.

    >>> expand({"properties": {"a.b": {"type": "long"}}})
    {'properties': {'a': {'properties': {'b': {'type': 'long'}}}}}
    """
    expanded = dict(mapping)
    if "properties" in mapping:
        expanded["properties"] = {}
        flat = str(mapping.get("subobjects", True)).lower() == "false"
        for name, definition in (mapping["properties"] or {}).items():
            parts = [name] if flat else name.split(".")
            expanded = merge(expanded, parts, expand(definition))
    return expanded


def merge(
    mapping: Mapping[str, Any], path: Sequence[str], definition: Mapping[str, Any]
) -> dict[str, Any]:
    """Add a field to a mapping.

    Args:
        mapping: The mapping of the index or of an object.
        path: The names of the parent objects below ``mapping``, then that of the field.
        definition: The mapping of the field.

    Returns:
        A new mapping.

    Raises:
        Rejection: The field exists with a conflicting definition.
    """
    properties = dict(mapping.get("properties") or {})
    name, rest = path[0], path[1:]
    held = properties.get(name)
    if rest:
        if held is not None and not _is_object(held):
            raise _changed(name, held, "ObjectMapper")
        properties[name] = merge(held or {}, rest, definition)
    else:
        properties[name] = dict(definition) if held is None else _merged(name, held, definition)
    implied = {"type": "object"}.items()
    kept = {key: value for key, value in mapping.items() if (key, value) not in implied}
    return {**kept, "properties": properties}


def _merged(name: str, held: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    if _is_object(held) and _is_object(new):
        merged = {**held, **{key: value for key, value in new.items() if key != "properties"}}
        for below, definition in (new.get("properties") or {}).items():
            merged = merge(merged, [below], definition)
        return merged
    if _is_object(held):
        raise Rejection(f"can't merge a non object mapping [{name}] with an object", CONFLICT)
    if _is_object(new) or held["type"] != new["type"]:
        raise _changed(name, held, new.get("type", "ObjectMapper"))
    settled = held.keys() if held["type"] == "constant_keyword" else held.keys() | new.keys()
    for key in sorted(settled - _UPDATABLE):
        if held.get(key) != new.get(key):
            raise Rejection(
                f"Mapper for [{name}] conflicts with existing mapper: Cannot update parameter "
                f"[{key}] from [{held.get(key)}] to [{new.get(key)}]",
                CONFLICT,
            )
    return {**held, **new}


def _changed(name: str, held: Mapping[str, Any], kind: str) -> Rejection:
    return Rejection(
        f"mapper [{name}] cannot be changed from type [{held['type']}] to [{kind}]", CONFLICT
    )


def _is_object(definition: Mapping[str, Any]) -> bool:
    return definition.get("type", "object") in _OBJECTS


def check_copies(mapping: Mapping[str, Any]) -> None:
    """Raise `Rejection` if a ``copy_to`` names an object."""
    for target in _copy_targets(mapping):
        if _is_object(_at(mapping, target.split(".")) or {"type": "absent"}):
            raise Rejection(
                f"Cannot copy to field [{target}] since it is mapped as an object", CONFLICT
            )


def _copy_targets(mapping: Mapping[str, Any]) -> Iterator[str]:
    for definition in (mapping.get("properties") or {}).values():
        targets = definition.get("copy_to", ())
        yield from (targets,) if isinstance(targets, str) else targets
        yield from _copy_targets(definition)


def _at(mapping: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the definition at a path, however its dots are grouped."""
    properties = mapping.get("properties") or {}
    for length in range(1, len(path) + 1):
        found = properties.get(".".join(path[:length]))
        if found is not None:
            return found if length == len(path) else _at(found, path[length:])
    return None


def count_fields(mapping: Mapping[str, Any]) -> int:
    """Return the number of fields for ``index.mapping.total_fields.limit``."""
    below = {**(mapping.get("properties") or {}), **(mapping.get("fields") or {})}
    runtime = len(mapping.get("runtime") or {})
    return runtime + sum(1 + count_fields(definition) for definition in below.values())
