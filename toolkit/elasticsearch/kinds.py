"""Field types: from the definition of a field to the reader of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from toolkit.elasticsearch import numbers
from toolkit.elasticsearch.addresses import IpKind
from toolkit.elasticsearch.booleans import Boolean
from toolkit.elasticsearch.dates import DEFAULT_FORMATS, DateKind
from toolkit.elasticsearch.flattened import Flattened
from toolkit.elasticsearch.keywords import ConstantKeyword, Keyword, Text
from toolkit.errors import Unsupported
from toolkit.findings import Location
from toolkit.languages.date_errors import FormatError

FORGIVING = {*numbers.WHOLE, *numbers.FLOATING, "scaled_float", "unsigned_long"}
FORGIVING |= {"boolean", "date", "date_nanos", "ip"}
"""The types with a parameter ``ignore_malformed``."""
_TEXTS = ("text", "match_only_text", "search_as_you_type")


class FieldKind(Protocol):
    """Reads scalars, and shows their doc values."""

    def read(self, value: Any) -> Any:
        """Return the stored value or None; raise `MalformedValue` or `Rejection`."""

    def show(self, values: Sequence[Any]) -> list[Any] | None:
        """Return the doc values of all stored values of a document; None without doc values."""


@dataclass(frozen=True, slots=True)
class NotEmulated:
    """A type that is not emulated: reading a value raises `Unsupported`."""

    type: str
    reason: str = ""

    def read(self, value: Any) -> None:
        """Return None for null; raise `Unsupported` for anything else."""
        if value is None:
            return
        raise Unsupported.of(
            what=f"the field type `{self.type}` is not emulated",
            where=Location("mapping"),
            why=self.reason or "whether it accepts a value is unknown",
            fix="test it on a running Elasticsearch, or leave the field out.",
        )

    def show(self, values: Sequence[Any]) -> None:
        """Return None: it stores no values."""


def kind_of(options: Mapping[str, Any]) -> FieldKind:
    """Return the kind of a definition; `NotEmulated` for any other type."""
    make = _KINDS.get(options["type"])
    return make(options) if make else NotEmulated(str(options["type"]))


def _number(options: Mapping[str, Any]) -> FieldKind:
    name, coerce = str(options["type"]), is_true(options.get("coerce", True))
    if name == "scaled_float":
        return numbers.ScaledFloat(name, coerce, float(options.get("scaling_factor", 1)))
    return (numbers.WholeNumber if name in numbers.WHOLE else numbers.FloatingNumber)(name, coerce)


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
    lowercase = options.get("normalizer") == "lowercase"
    return Keyword(_ignore_above(options), _kept(options), lowercase=lowercase)


def _flattened(options: Mapping[str, Any]) -> FieldKind:
    return Flattened(
        kept=_kept(options),
        deepest=int(options.get("depth_limit", 20)),
        ignore_above=_ignore_above(options),
        null_value=options.get("null_value"),
    )


def _ignore_above(options: Mapping[str, Any]) -> int | None:
    above = options.get("ignore_above")
    return None if above is None else int(above)


def _kept(options: Mapping[str, Any]) -> bool:
    """Return True if a field is indexed, stored or has doc values."""
    uses = {"index": True, "doc_values": True, "store": False}
    return any(is_true(options.get(name, default)) for name, default in uses.items())


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], FieldKind]]] = {
    **dict.fromkeys((*numbers.WHOLE, *numbers.FLOATING, "scaled_float"), _number),
    "unsigned_long": lambda options: numbers.UnsignedLong("unsigned_long"),
    **dict.fromkeys(_TEXTS, lambda options: Text()),
    "boolean": lambda options: Boolean(_kept(options)),
    "flattened": _flattened,
    "ip": lambda options: IpKind(),
    "date": _date,
    "date_nanos": _date,
    "keyword": _keyword,
    "wildcard": lambda options: Keyword(_ignore_above(options), longest=None),
    "constant_keyword": lambda options: ConstantKeyword(options.get("value")),
}


def is_true(value: Any) -> bool:
    """Return True if an option is set: JSON's true, or the string."""
    return value is True or value == "true"
