"""The types of a contract: the annotations of the model's dataclasses, and two short forms.

An item may replace a list of one, and the one required key of an expectation the mapping
(``latency_ms: float`` for ``latency_ms: {type: float}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from toolkit.forms import Form, fields_of, origin_of, without_none
from toolkit.languages.positioned import Path
from toolkit.model.contract import Contract
from toolkit.model.expectations import Expectation

_SHORT = {"FieldExpectation": "type", "SeriesExpectation": "name"}


def at(path: Path) -> Form:
    """Return the type of the value at ``path``; `Any` for an unknown path."""
    here: Form = Contract
    for part in path:
        here = _below(without_none(here), part)
    return without_none(here)


def _below(form: Form, part: str | int) -> Form:
    if is_promise(form):
        return keys(form).get(str(part), Any)
    if is_list(form) and isinstance(part, str):
        return _below(get_args(form)[0], part)
    if origin_of(form) is tuple or is_mapping(form):
        return get_args(form)[0 if isinstance(part, int) else -1]
    return Any


def keys(form: Form) -> Mapping[str, Form]:
    """Return the type of each key of an expectation, or of the items of a list."""
    if is_list(form):
        return keys(get_args(form)[0])
    if not is_promise(form):
        return {}
    return {name: inner for name, inner in fields_of(form).items() if name != "declared"}


def is_promise(form: Form) -> bool:
    """Return whether a type is an expectation, which has a place."""
    return isinstance(form, type) and issubclass(form, Expectation)


def is_mapping(form: Form) -> bool:
    """Return whether it is a mapping of any keys."""
    return origin_of(form) is Mapping


def is_list(form: Form) -> bool:
    """Return whether it is a list of any length."""
    return origin_of(form) is tuple and get_args(form)[-1] is Ellipsis


def may_be_item(form: Form, value: Any) -> bool:
    """Return whether a value can be the one item of a list: a mapping, or a text or number."""
    (item, *_), mapped = get_args(form), isinstance(value, dict)
    return not isinstance(value, list | None) and (
        mapped or bool(short_key(item)) if is_promise(item) else not mapped
    )


def short_key(form: Form) -> str | None:
    """Return the key whose value may replace the whole expectation."""
    return _SHORT.get(form.__name__) if is_promise(form) else None
