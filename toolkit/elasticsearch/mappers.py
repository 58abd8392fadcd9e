"""A mapping compiled to a tree of mappers: objects with members, and fields with values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from toolkit.elasticsearch.kinds import FORGIVING, FieldKind, is_true, kind_of

Dynamic = Literal["true", "false", "strict", "runtime"]


@dataclass(frozen=True, slots=True)
class FieldMapper:
    """A field with values."""

    path: str
    type: str
    kind: FieldKind
    null_value: Any = None
    ignore_malformed: bool = False
    doc_values: bool = True
    multi_fields: tuple[FieldMapper, ...] = ()
    copy_to: tuple[str, ...] = ()

    def show(self, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the doc values, as ``docvalue_fields`` does."""
        shown = self.kind.show(values) if values and self.doc_values else None
        return tuple(shown) if shown else None


@dataclass(frozen=True, slots=True)
class ObjectMapper:
    """An object or nested field; the root's path is empty."""

    path: str
    members: dict[str, Member] = field(default_factory=dict)
    dynamic: Dynamic | None = None
    enabled: bool = True
    subobjects: bool = True
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a field; it cannot be written to."""

    path: str


Member = FieldMapper | ObjectMapper | Alias


def compile_mappings(
    mappings: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> ObjectMapper:
    """Compile a mapping without dotted names (see `merging.expand`).

    ``settings`` of the index are the defaults of ``coerce``, ``ignore_malformed`` and
    ``ignore_above``.
    """
    return _branch("", mappings, _defaults(settings or {}))


def compile_member(
    path: str, definition: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> Member:
    """Compile the definition of a single field.

    Args:
        path: Its full name.
        definition: Its mapping.
        settings: The settings of the index, see `compile_mappings`.
    """
    return _member(path, definition, _defaults(settings or {}))


def unwritten(mappings: Mapping[str, Any], root: ObjectMapper) -> frozenset[str]:
    """Return the full names that take no values: runtime fields and multi-fields."""
    return frozenset(mappings.get("runtime") or ()) | frozenset(_multi_fields(root))


def _multi_fields(branch: ObjectMapper) -> Iterator[str]:
    for member in branch.members.values():
        if isinstance(member, ObjectMapper):
            yield from _multi_fields(member)
        elif isinstance(member, FieldMapper):
            yield from (below.path for below in member.multi_fields)


def _defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the index settings that are defaults of fields."""
    names = ("coerce", "ignore_malformed", "ignore_above")
    found = {name: setting(settings, f"index.mapping.{name}") for name in names}
    return {name: value for name, value in found.items() if value is not None}


def setting(settings: Mapping[str, Any], path: str) -> Any:
    """Return an index setting, nested or dotted, with ``index.`` or without; None if not set."""
    for prefix in (path, path.removeprefix("index.")):
        if (value := _dotted(settings, prefix)) is not None:
            return value
    return None


def _dotted(settings: Any, path: str) -> Any:
    if not isinstance(settings, Mapping):
        return None
    if path in settings:
        return settings[path]
    head, dot, rest = path.partition(".")
    return _dotted(settings.get(head), rest) if dot else None


def _branch(path: str, definition: Mapping[str, Any], defaults: Mapping[str, Any]) -> ObjectMapper:
    dynamic = definition.get("dynamic")
    branch = ObjectMapper(
        path=path,
        dynamic=None if dynamic is None else str(dynamic).lower(),  # type: ignore[arg-type]
        enabled=is_true(definition.get("enabled", True)),
        subobjects=is_true(definition.get("subobjects", True)),
        nested=definition.get("type") == "nested",
    )
    for name, below in (definition.get("properties") or {}).items():
        branch.members[name] = _member(f"{path}.{name}" if path else name, below, defaults)
    return branch


def _member(path: str, definition: Mapping[str, Any], defaults: Mapping[str, Any]) -> Member:
    kind = definition.get("type", "object")
    if kind in ("object", "nested", "passthrough"):
        return _branch(path, definition, defaults)
    return Alias(path) if kind == "alias" else _leaf(path, definition, defaults)


def _leaf(path: str, definition: Mapping[str, Any], defaults: Mapping[str, Any]) -> FieldMapper:
    options = {**defaults, **definition}
    copy_to = options.get("copy_to", ())
    multi_fields = sorted((definition.get("fields") or {}).items())
    return FieldMapper(
        path=path,
        type=str(options["type"]),
        kind=kind_of(options),
        null_value=options.get("null_value"),
        ignore_malformed=options["type"] in FORGIVING
        and is_true(options.get("ignore_malformed", False)),
        doc_values=is_true(options.get("doc_values", True)),
        multi_fields=tuple(
            _leaf(f"{path}.{name}", below, defaults) for name, below in multi_fields
        ),
        copy_to=(copy_to,) if isinstance(copy_to, str) else tuple(copy_to),
    )
