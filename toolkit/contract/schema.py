"""The JSON Schema of a contract, for editors: short forms and the meaning of keys included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from inspect import getdoc
from types import NoneType
from typing import Any, Literal, TypeAlias, get_args

from toolkit.contract.descriptions import descriptions
from toolkit.contract.form import (
    is_list,
    is_mapping,
    is_promise,
    keys,
    short_key,
)
from toolkit.forms import Form, is_required, options_of, origin_of
from toolkit.model.contract import Contract
from toolkit.model.expectations.thresholds import PATTERN, Threshold

_Schema: TypeAlias = dict[str, Any]

_SCALARS: Mapping[Any, _Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Threshold: {"type": "string", "pattern": PATTERN},
    NoneType: {"type": "null"},
    Any: {},
}


@cache
def schema() -> Mapping[str, Any]:
    """Return the schema of a whole contract."""
    definitions: _Schema = {}
    whole = _promise(Contract, definitions)
    return {**whole, "title": "toolkit.yml", "$defs": dict(sorted(definitions.items()))}


def _promise(form: Form, definitions: _Schema) -> _Schema:
    meanings, own = descriptions()[form.__name__], {each.name: each for each in fields(form)}
    return {
        "title": form.__name__,
        "description": getdoc(form),
        "type": "object",
        "properties": {
            name: {
                **_any_of(inner, definitions),
                **_default(own[name].default),
                **({"description": meanings[name]} if name in meanings else {}),
            }
            for name, inner in keys(form).items()
        },
        "required": [name for name in keys(form) if is_required(own[name])],
        "additionalProperties": False,
    }


def _default(value: Any) -> _Schema:
    plain = [*value] if isinstance(value, tuple) else value
    return {} if value is MISSING else {"default": plain}


def _any_of(form: Form, definitions: _Schema) -> _Schema:
    found = [_one(each, definitions) for each in options_of(form)]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _one(form: Form, definitions: _Schema) -> _Schema:
    arguments = get_args(form)
    if origin_of(form) is Literal:
        return {"enum": list(arguments)}
    if is_promise(form):
        return _reference(form, definitions)
    if is_mapping(form):
        return {"type": "object", "additionalProperties": _held(arguments[1], definitions)}
    if is_list(form):
        items = _held(arguments[0], definitions)
        listed = {"type": "array", "items": items}
        return {"anyOf": [items, listed]}
    if origin_of(form) is tuple:
        several, size = [_any_of(each, definitions) for each in arguments], len(arguments)
        return {"type": "array", "prefixItems": several, "minItems": size, "maxItems": size}
    return _SCALARS[form]


def _held(form: Form, definitions: _Schema) -> _Schema:
    """Return the schema of an item, or of a value in a mapping, with its short form."""
    found = _any_of(form, definitions)
    return {"anyOf": [_SCALARS[str], found]} if short_key(form) else found


def _reference(form: Form, definitions: _Schema) -> _Schema:
    name = form.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _promise(form, definitions)
    return {"$ref": f"#/$defs/{name}"}
