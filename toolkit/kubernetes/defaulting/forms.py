"""Forms: the defaults of a type's fields, and the types of the parts that have some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A type of the API, as far as it has defaults."""

    unset: Mapping[str, Any] = field(default_factory=dict)
    """The values of fields that are missing."""
    empty: Mapping[str, Any] = field(default_factory=dict)
    """The values of fields that are missing, 0 or an empty text: Go does not distinguish them."""
    parts: Mapping[str, Form] = field(default_factory=dict)
    """The forms of its parts, or of the items of its lists."""
    rule: Callable[[Body], None] | None = None
    """Sets what depends on other fields, before the parts are filled; it replaces mappings and
    lists instead of changing them."""


def filled(value: Any, form: Form) -> Any:
    """Return a copy of ``value`` with the defaults of ``form``; what is written stays.

    >>> filled([{"port": 80}, {"port": 53, "protocol": "UDP"}], Form(empty={"protocol": "TCP"}))
    [{'port': 80, 'protocol': 'TCP'}, {'port': 53, 'protocol': 'UDP'}]
    """
    if isinstance(value, list):
        return [filled(each, form) for each in value]
    if not isinstance(value, Mapping):
        return value
    body = dict(value)
    body |= {key: of for key, of in form.unset.items() if body.get(key) is None}
    body |= {key: of for key, of in form.empty.items() if body.get(key) in (None, "", 0)}
    if form.rule:
        form.rule(body)
    for key, part in form.parts.items():
        if key in body:
            body[key] = filled(body[key], part)
    return body
