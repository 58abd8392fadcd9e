"""From the definition of a field to what its type makes of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from toolkit.elasticsearch.addresses import IpKind
from toolkit.elasticsearch.booleans import Boolean
from toolkit.elasticsearch.dates import DEFAULT_FORMATS, DateKind
from toolkit.elasticsearch.flattened import Flattened
from toolkit.elasticsearch.keywords import ConstantKeyword, Keyword, Text
from toolkit.elasticsearch.numbers import (
    FLOATING,
    WHOLE,
    FloatingNumber,
    ScaledFloat,
    UnsignedLong,
    WholeNumber,
)
from toolkit.errors import Unsupported
from toolkit.findings import Finding, Location
from toolkit.languages.date_errors import FormatError

FORGIVING = {*WHOLE, *FLOATING, "scaled_float", "unsigned_long"}
FORGIVING |= {"boolean", "date", "date_nanos", "ip"}
"""The types that know ``ignore_malformed``."""
_TEXTS = ("text", "match_only_text", "search_as_you_type")


class FieldKind(Protocol):
    """What a field type makes of one scalar."""

    def read(self, value: Any) -> Any:
        """The value that is stored, None for none; raises `Malformed` or `Rejection`."""

    def show(self, values: Sequence[Any]) -> list[Any] | None:
        """The doc values of all values of a document; None where there are none."""


@dataclass(frozen=True, slots=True)
class NotEmulated:
    """A type that is not emulated: found out when a value comes."""

    type: str
    reason: str = ""

    def read(self, value: Any) -> None:
        """Nothing for null; raises `Unsupported` for all else."""
        if value is None:
            return
        raise Unsupported(
            Finding(
                what=f"the field type `{self.type}` is not emulated",
                where=Location("mapping"),
                why=self.reason or "what it makes of a value is not known here",
                fix="ask a running Elasticsearch, or leave the field out.",
            )
        )

    def show(self, values: Sequence[Any]) -> None:
        """Nothing is known."""


def kind_of(options: Mapping[str, Any]) -> FieldKind:
    """The kind of a definition; one that raises `Unsupported` for a type not emulated."""
    make = _KINDS.get(options["type"])
    return make(options) if make else NotEmulated(str(options["type"]))


def _whole(options: Mapping[str, Any]) -> FieldKind:
    return WholeNumber(options["type"], is_true(options.get("coerce", True)))


def _floating(options: Mapping[str, Any]) -> FieldKind:
    return FloatingNumber(options["type"], is_true(options.get("coerce", True)))


def _scaled(options: Mapping[str, Any]) -> FieldKind:
    coerce = is_true(options.get("coerce", True))
    return ScaledFloat("scaled_float", coerce, float(options.get("scaling_factor", 1)))


def _date(options: Mapping[str, Any]) -> FieldKind:
    name = str(options["type"])
    date = DateKind(name, options.get("format") or DEFAULT_FORMATS[name])
    try:
        _ = date.format
    except FormatError as bad:
        return NotEmulated(name, f"the format `{date.pattern}`: {bad}")
    if str(options.get("locale", "en")).partition("_")[0].lower() not in ("en", "root", ""):
        return NotEmulated(name, f"the locale `{options['locale']}`")
    return date


def _keyword(options: Mapping[str, Any]) -> FieldKind:
    above = options.get("ignore_above")
    return Keyword(
        ignore_above=None if above is None else int(above),
        kept=_kept(options),
        lowercase=options.get("normalizer") == "lowercase",
    )


def _flattened(options: Mapping[str, Any]) -> FieldKind:
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
    return any(is_true(options.get(name, default)) for name, default in uses.items())


def _wildcard(options: Mapping[str, Any]) -> FieldKind:
    above = options.get("ignore_above")
    return Keyword(None if above is None else int(above), longest=None)


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], FieldKind]]] = {
    **dict.fromkeys(WHOLE, _whole),
    **dict.fromkeys(FLOATING, _floating),
    "scaled_float": _scaled,
    "unsigned_long": lambda options: UnsignedLong("unsigned_long"),
    **dict.fromkeys(_TEXTS, lambda options: Text()),
    "boolean": lambda options: Boolean(_kept(options)),
    "flattened": _flattened,
    "ip": lambda options: IpKind(),
    "date": _date,
    "date_nanos": _date,
    "keyword": _keyword,
    "wildcard": _wildcard,
    "constant_keyword": lambda options: ConstantKeyword(options.get("value")),
}


def is_true(value: Any) -> bool:
    """Whether an option is set: JSON's true, or the word."""
    return value is True or value == "true"
