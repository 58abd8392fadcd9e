"""The bounds that a schema sets to a value, as the API server holds custom resources to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KEYWORDS = frozenset(
    {
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
_SECONDS = 0.2
"""For one expression; where it takes longer, the result is not known."""


def exceeded(value: Any, form: Mapping[str, Any]) -> Iterator[str]:
    """Return the faults of a value of the right type, each as the end of a sentence.

    >>> list(exceeded(9, {"maximum": 5})), list(exceeded("ab", {"minLength": 3}))
    (['is more than 5'], ['has fewer than 3 characters'])
    """
    match value:
        case bool() | None:
            return
        case int() | float():
            yield from _number(value, form)
        case str():
            yield from _length(value, form, "Length", "characters")
            if (pattern := form.get("pattern")) and not _fits(value, str(pattern)):
                yield f"does not match `{pattern}`"
        case list():
            yield from _length(value, form, "Items", "items")
            if form.get("uniqueItems") and any(
                each in value[:at] for at, each in enumerate(value)
            ):
                yield "holds an item twice"
        case dict():
            yield from _length(value, form, "Properties", "entries")


def _number(value: float, form: Mapping[str, Any]) -> Iterator[str]:
    low, high, step = (form.get(key) for key in ("minimum", "maximum", "multipleOf"))
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
