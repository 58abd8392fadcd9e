"""The form of a contract: the annotations of the model's dataclasses, and two short forms.

A value may stand for a list of values, and the one key that a promise needs for the promise
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
    """Return the form of what stands at ``path``; `Any` where nothing can stand."""
    here: Form = Contract
    for part in path:
        here = _below(without_none(here), part)
    return without_none(here)


def _below(form: Form, part: str | int) -> Form:
    if is_promise(form):
        return keys(form).get(str(part), Any)
    if origin_of(form) is tuple or is_mapping(form):
        return get_args(form)[0 if isinstance(part, int) else -1]
    return Any


def keys(form: Form) -> Mapping[str, Form]:
    """Return the form of each key of a promise; of anything else, none."""
    if not is_promise(form):
        return {}
    return {name: inner for name, inner in fields_of(form).items() if name != "declared"}


def is_promise(form: Form) -> bool:
    """Return whether what has this form knows where it is declared."""
    return isinstance(form, type) and issubclass(form, Expectation)


def is_mapping(form: Form) -> bool:
    """Return whether it is a mapping of any keys."""
    return origin_of(form) is Mapping


def is_list(form: Form) -> bool:
    """Return whether it is a list of any length."""
    return origin_of(form) is tuple and get_args(form)[-1] is Ellipsis


def is_list_of_values(form: Form) -> bool:
    """Return whether it is a list of texts or numbers, for which one alone can stand."""
    return is_list(form) and not is_promise(get_args(form)[0])


def short_key(form: Form) -> str | None:
    """Return the key whose value can stand for a promise of this form."""
    return _SHORT.get(form.__name__) if is_promise(form) else None
