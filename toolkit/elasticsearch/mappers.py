"""A mapping as a tree: objects with members, and leaves that take values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from toolkit.elasticsearch.addresses import Address
from toolkit.elasticsearch.booleans import Boolean
from toolkit.elasticsearch.dates import DEFAULT_FORMATS, Date
from toolkit.elasticsearch.flattened import Flattened
from toolkit.elasticsearch.javatime.pattern import BadPattern
from toolkit.elasticsearch.keywords import ConstantKeyword, Keyword, Text
from toolkit.elasticsearch.numbers import Number
from toolkit.errors import Unsupported
from toolkit.findings import Finding, Location

__all__ = [
    "Alias",
    "Branch",
    "Dynamic",
    "Leaf",
    "Member",
    "compile_mappings",
    "compile_member",
    "setting",
    "unwritten",
]

Dynamic = Literal["true", "false", "strict", "runtime"]
_NUMBERS = (
    "byte",
    "short",
    "integer",
    "long",
    "float",
    "half_float",
    "double",
    "scaled_float",
    "unsigned_long",
)
_FORGIVING = {*_NUMBERS, "boolean", "date", "date_nanos", "ip"}
"""The types that know ``ignore_malformed``."""
_TEXTS = ("text", "match_only_text", "search_as_you_type")


class Kind(Protocol):
    """What a field type makes of one scalar."""

    def read(self, value: Any) -> Any:
        """The value that is stored, None for none; raises `Malformed` or `Rejection`."""

    def show(self, values: Sequence[Any]) -> list[Any] | None:
        """The doc values of all values of a document; None where there are none."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that takes values."""

    path: str
    type: str
    kind: Kind
    null_value: Any = None
    ignore_malformed: bool = False
    doc_values: bool = True
    multi_fields: tuple[Leaf, ...] = ()
    copy_to: tuple[str, ...] = ()

    def show(self, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The doc values, as ``docvalue_fields`` shows them."""
        shown = self.kind.show(values) if values and self.doc_values else None
        return tuple(shown) if shown else None


@dataclass(frozen=True, slots=True)
class Branch:
    """An object or nested field; the root's path is empty."""

    path: str
    members: dict[str, Member] = field(default_factory=dict)
    dynamic: Dynamic | None = None
    enabled: bool = True
    subobjects: bool = True
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a field: cannot be written to."""

    path: str


Member = Leaf | Branch | Alias


@dataclass(frozen=True, slots=True)
class _Unsupported:
    """A type that is not emulated: found out when a value comes."""

    type: str
    reason: str = ""

    def read(self, value: Any) -> Any:
        raise Unsupported(
            Finding(
                what=f"the field type `{self.type}` is not emulated",
                where=Location("mapping"),
                why=self.reason or "what it makes of a value is not known here",
                fix="ask a running Elasticsearch, or leave the field out.",
            )
        )

    def show(self, values: Sequence[Any]) -> None:
        return None


def compile_mappings(
    mappings: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> Branch:
    """The tree of a mapping without dotted names (see `merging.expand`).

    ``settings`` of the index may set ``coerce`` and ``ignore_malformed`` for all fields.
    """
    return _branch("", mappings, _defaults(settings or {}))


def compile_member(
    path: str, definition: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> Member:
    """A single field, given its full name."""
    return _member(path, definition, _defaults(settings or {}))


def unwritten(mappings: Mapping[str, Any], root: Branch) -> frozenset[str]:
    """The full names that are no place for values: runtime fields and multi-fields."""
    return frozenset(mappings.get("runtime") or ()) | frozenset(_multi_fields(root))


def _multi_fields(branch: Branch) -> Iterator[str]:
    for member in branch.members.values():
        if isinstance(member, Branch):
            yield from _multi_fields(member)
        elif isinstance(member, Leaf):
            yield from (below.path for below in member.multi_fields)


def _defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The index settings that are defaults of fields."""
    names = ("coerce", "ignore_malformed", "ignore_above")
    found = {name: setting(settings, f"index.mapping.{name}") for name in names}
    return {name: value for name, value in found.items() if value is not None}


def setting(settings: Mapping[str, Any], path: str) -> Any:
    """An index setting, however it is nested, with ``index.`` or without; None if not set."""
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


def _branch(path: str, definition: Mapping[str, Any], defaults: Mapping[str, Any]) -> Branch:
    dynamic = definition.get("dynamic")
    branch = Branch(
        path=path,
        dynamic=None if dynamic is None else str(dynamic).lower(),  # type: ignore[arg-type]
        enabled=_truth(definition.get("enabled", True)),
        subobjects=_truth(definition.get("subobjects", True)),
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


def _leaf(path: str, definition: Mapping[str, Any], defaults: Mapping[str, Any]) -> Leaf:
    options = {**defaults, **definition}
    copy_to = options.get("copy_to", ())
    multi_fields = (definition.get("fields") or {}).items()
    return Leaf(
        path=path,
        type=str(options["type"]),
        kind=_kind(options),
        null_value=options.get("null_value"),
        ignore_malformed=options["type"] in _FORGIVING
        and _truth(options.get("ignore_malformed", False)),
        doc_values=_truth(options.get("doc_values", True)),
        multi_fields=tuple(
            _leaf(f"{path}.{name}", below, defaults) for name, below in multi_fields
        ),
        copy_to=(copy_to,) if isinstance(copy_to, str) else tuple(copy_to),
    )


def _kind(options: Mapping[str, Any]) -> Kind:
    name = options["type"]
    if name in _NUMBERS:
        factor = float(options.get("scaling_factor", 1))
        return Number(name, _truth(options.get("coerce", True)), factor)
    if name in _TEXTS:
        return Text()
    make = _KINDS.get(name)
    return make(options) if make else _Unsupported(str(name))


def _date(options: Mapping[str, Any]) -> Kind:
    name = str(options["type"])
    date = Date(name, options.get("format") or DEFAULT_FORMATS[name])
    try:
        _ = date.format
    except BadPattern as bad:
        return _Unsupported(name, f"the format `{date.pattern}`: {bad}")
    if str(options.get("locale", "en")).partition("_")[0].lower() not in ("en", "root", ""):
        return _Unsupported(name, f"the locale `{options['locale']}`")
    return date


def _keyword(options: Mapping[str, Any]) -> Kind:
    above = options.get("ignore_above")
    return Keyword(None if above is None else int(above), _kept(options))


def _flattened(options: Mapping[str, Any]) -> Kind:
    above = options.get("ignore_above")
    return Flattened(
        kept=_kept(options),
        deepest=int(options.get("depth_limit", 20)),
        ignore_above=None if above is None else int(above),
        null_value=options.get("null_value"),
    )


def _kept(options: Mapping[str, Any]) -> bool:
    """Whether a field is indexed, stored or has doc values: otherwise nothing is looked at."""
    uses = {"index": True, "doc_values": True, "store": False}
    return any(_truth(options.get(name, default)) for name, default in uses.items())


def _wildcard(options: Mapping[str, Any]) -> Kind:
    above = options.get("ignore_above")
    return Keyword(None if above is None else int(above), longest=None)


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Kind]]] = {
    "boolean": lambda options: Boolean(_kept(options)),
    "flattened": _flattened,
    "ip": lambda options: Address(),
    "date": _date,
    "date_nanos": _date,
    "keyword": _keyword,
    "wildcard": _wildcard,
    "constant_keyword": lambda options: ConstantKeyword(options.get("value")),
}


def _truth(value: Any) -> bool:
    return value is True or value == "true"
