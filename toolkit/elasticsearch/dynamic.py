"""Dynamic mapping: the definition that a field gets from its first value.

As Elasticsearch 9.2.0 does: dynamic templates first, then whole numbers are ``long``, others
``float``, strings that read as dates ``date``, other strings ``text`` with a ``keyword``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from toolkit.elasticsearch.date_formats.formats import date_format
from toolkit.elasticsearch.dates import DEFAULT_FORMATS
from toolkit.elasticsearch.java_numbers import parse_double
from toolkit.elasticsearch.kinds import NotEmulated
from toolkit.elasticsearch.values import MalformedValue
from toolkit.languages.date_errors import FormatError
from toolkit.languages.java_time.parsed import Mismatch

_DATE_FORMATS = (DEFAULT_FORMATS["date"], "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis")
_TYPES = {
    "object": "object",
    "string": "text",
    "long": "long",
    "double": "float",
    "boolean": "boolean",
    "date": "date",
}
_RUNTIME_TYPES = {"string": "keyword", "double": "double"}


@dataclass(frozen=True, slots=True)
class Discovery:
    """A definition that a field gets, as a field of its own or at search time only."""

    definition: Mapping[str, Any]
    runtime: bool = False


def discover(
    root: Mapping[str, Any], path: str, name: str, value: Any, *, runtime: bool = False
) -> Discovery:
    """Return the definition that an unmapped field gets from its first value.

    Args:
        root: The mapping, with its dynamic templates and detection settings.
        path: The full name of the field.
        name: The name within its object.
        value: The first value; ``{}`` for any object.
        runtime: The object has ``dynamic: runtime``.

    >>> discover({}, "http.status", "status", 200).definition
    {'type': 'long'}
    """
    matched, pattern = _match_type(root, value)
    template = _template(root, path, name, matched)
    if template is None:
        return Discovery(_guess(matched, pattern, runtime=runtime), runtime)
    kept = "runtime" if "runtime" in template else "mapping"
    types = {**_TYPES, **_RUNTIME_TYPES} if kept == "runtime" else _TYPES
    definition = {"type": types[matched], **_filled(template[kept], name, types[matched])}
    if definition["type"] == "date" and pattern:
        definition.setdefault("format", pattern)
    return Discovery(definition, kept == "runtime")


def _guess(matched: str, pattern: str | None, *, runtime: bool) -> dict[str, Any]:
    if runtime:
        guessed: dict[str, Any] = {"type": {**_TYPES, **_RUNTIME_TYPES}[matched]}
    elif matched == "string":
        return {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}
    else:
        guessed = {"type": _TYPES[matched]}
    return guessed | ({"format": pattern} if pattern else {})


def _match_type(root: Mapping[str, Any], value: Any) -> tuple[str, str | None]:
    """Return the ``match_mapping_type``, and for a date its format unless the default."""
    match value:
        case Mapping():
            return "object", None
        case bool():
            return "boolean", None
        case int():
            return "long", None
        case float():
            return "double", None
        case _:
            return _match_text(root, str(value))


def _match_text(root: Mapping[str, Any], text: str) -> tuple[str, str | None]:
    whole = bool(re.fullmatch(r"[+-]?\d+", text)) and -(2**63) <= int(text) < 2**63
    if whole or _is_double(text):
        if str(root.get("numeric_detection", False)).lower() == "true":
            return ("long" if whole else "double"), None
        return "string", None
    if str(root.get("date_detection", True)).lower() == "true":
        for pattern in root.get("dynamic_date_formats", _DATE_FORMATS):
            if _is_date(text, pattern):
                return "date", None if pattern == DEFAULT_FORMATS["date"] else pattern
    return "string", None


def _is_double(text: str) -> bool:
    try:
        parse_double(text)
    except MalformedValue:
        return False
    return True


def _is_date(text: str, pattern: str) -> bool:
    try:
        date_format(pattern).read(text)
    except Mismatch:
        return False
    except FormatError as error:
        NotEmulated("date", f"the dynamic format `{pattern}`: {error}").read(text)
    return True


def _template(
    root: Mapping[str, Any], path: str, name: str, matched: str
) -> Mapping[str, Any] | None:
    for named in root.get("dynamic_templates") or ():
        for template in named.values():
            if _matches(template, path, name, matched):
                return dict(template)
    return None


def _matches(template: Mapping[str, Any], path: str, name: str, matched: str) -> bool:
    regex = template.get("match_pattern") == "regex"
    subjects = {"match": name, "path_match": path}
    wanted = all(
        _any_matches(_listed(template, key), subject, regex=regex)
        for key, subject in subjects.items()
        if key in template
    )
    unwanted = any(
        _any_matches(_listed(template, f"{key[:-5]}unmatch"), subject, regex=regex)
        for key, subject in subjects.items()
    )
    return wanted and not unwanted and matched in _types(template)


def _types(template: Mapping[str, Any]) -> set[str]:
    """Return the types of values that a template matches."""
    types = _listed(template, "match_mapping_type")
    selective = any(key in template for key in ("match", "path_match", "unmatch_mapping_type"))
    wildcard = types == ["*"] or (not types and selective)
    chosen = set(_TYPES) if wildcard else set(types)
    chosen -= {"object"} if "runtime" in template else set()
    return chosen - set(_listed(template, "unmatch_mapping_type"))


def _listed(template: Mapping[str, Any], key: str) -> list[str]:
    value = template.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def _any_matches(patterns: Sequence[str], subject: str, *, regex: bool) -> bool:
    return any(_pattern(pattern, regex).fullmatch(subject) for pattern in patterns)


@cache
def _pattern(text: str, regex: bool) -> re.Pattern[str]:
    """Only ``*`` is a wildcard in a simple pattern."""
    simple = ".*".join(map(re.escape, text.split("*")))
    return re.compile(text if regex else simple, re.DOTALL)


def _filled(value: Any, name: str, dynamic_type: str) -> Any:
    """Fill in the placeholders of a template's mapping."""
    match value:
        case str():
            filled = value.replace("{name}", name).replace("{dynamic_type}", dynamic_type)
            return filled.replace("{dynamicType}", dynamic_type)
        case Mapping():
            return {key: _filled(item, name, dynamic_type) for key, item in value.items()}
        case list():
            return [_filled(item, name, dynamic_type) for item in value]
        case _:
            return value
