"""The bounds that a schema sets to a value, as the API server holds custom resources to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

KEYWORDS = frozenset(
    {
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    }
)
_INT32 = 2**31
_FORMATS = {
    "byte": (
        re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
        "is not encoded in base64",
    ),
    "date-time": (
        re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
        "is not a time such as `2026-01-02T03:04:05Z`",
    ),
}
"""The formats of texts that the decoder demands: expressions, and what is wrong."""
_SECONDS = 0.2
"""For one expression; where it takes longer, the result is not known."""


def exceeded(value: Any, form: Mapping[str, Any]) -> Iterator[str]:
    """Return the faults of a value of the right type, each as the end of a sentence.

    >>> list(exceeded(9, {"maximum": 5})), list(exceeded("ab", {"minLength": 3}))
    (['is more than 5'], ['has fewer than 3 characters'])
    >>> list(exceeded(2**31, {"format": "int32"})), list(exceeded("a b", {"format": "byte"}))
    (['has more than 32 bits'], ['is not encoded in base64'])
    """
    match value:
        case bool() | None:
            return
        case int() | float():
            yield from _number(value, form)
        case str():
            yield from _text(value, form)
        case list():
            yield from _length(value, form, "Items", "items")
            if form.get("uniqueItems") and any(
                each in value[:at] for at, each in enumerate(value)
            ):
                yield "holds an item twice"
        case dict():
            yield from _length(value, form, "Properties", "entries")


def _text(value: str, form: Mapping[str, Any]) -> Iterator[str]:
    yield from _length(value, form, "Length", "characters")
    if (pattern := form.get("pattern")) and not _fits(value, str(pattern)):
        yield f"does not match `{pattern}`"
    expression, wrong = _FORMATS.get(str(form.get("format")), (None, ""))
    if expression and not expression.fullmatch(value.replace("\n", "")):
        yield wrong


def _number(value: float, form: Mapping[str, Any]) -> Iterator[str]:
    low, high, step = (form.get(key) for key in ("minimum", "maximum", "multipleOf"))
    if form.get("format") == "int32" and not -_INT32 <= value < _INT32:
        yield "has more than 32 bits"
    if low is not None and (value < low or (form.get("exclusiveMinimum") and value == low)):
        yield f"is {'not more' if value == low else 'less'} than {low}"
    if high is not None and (value > high or (form.get("exclusiveMaximum") and value == high)):
        yield f"is {'not less' if value == high else 'more'} than {high}"
    if step and value % step:
        yield f"is no multiple of {step}"


def _length(
    value: str | list[Any] | dict[str, Any], form: Mapping[str, Any], of: str, what: str
) -> Iterator[str]:
    low, high = form.get(f"min{of}"), form.get(f"max{of}")
    if low is not None and len(value) < low:
        yield f"has fewer than {low} {what}"
    if high is not None and len(value) > high:
        yield f"has more than {high} {what}"


def _fits(text: str, pattern: str) -> bool:
    """Return True if a text matches, or if that is not known.

    The server's expressions are RE2's, which differ from Ruby's where a text has several lines.
    """
    from toolkit.languages import ruby_regex

    try:
        expression = ruby_regex.compile(pattern)
        return "\n" in text or expression.search(text, deadline=_SECONDS) is not None
    except (ruby_regex.RegexError, ruby_regex.RegexTimeout):
        return True
