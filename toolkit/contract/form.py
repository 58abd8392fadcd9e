"""The form of a contract: what the dataclasses of the model say, and the short forms of it.

A *form* is a JSON Schema as pydantic derives it from the model. Two short forms exist:
a value where a list of values belongs, and the one key a promise needs instead of the
promise (``latency_ms: float`` for ``latency_ms: {type: float}``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, TypeAlias

import pydantic

from toolkit.model.contract import Contract

Form: TypeAlias = Mapping[str, Any]

_SHORT = {"FieldExpectation": "type", "SeriesExpectation": "name"}


@cache
def adapter() -> pydantic.TypeAdapter[Contract]:
    """What validates the data of a contract."""
    return pydantic.TypeAdapter(Contract)


@cache
def whole() -> Form:
    """The form of a whole contract, each promise with the place where it is declared."""
    return adapter().json_schema()


def at(path: tuple[str | int, ...]) -> Form:
    """The form of what stands at ``path``; empty where nothing can stand."""
    here = whole()
    for part in path:
        here = below(here, part)
    return here


def below(form: Form, part: str | int) -> Form:
    """The form of an item, or of the value of a key."""
    form = _resolved(form)
    if isinstance(part, int):
        found = form.get("items", {})
    else:
        found = form.get("properties", {}).get(part) or form.get("additionalProperties")
    return _resolved(found) if isinstance(found, Mapping) else {}


def _resolved(form: Form) -> Form:
    for option in form.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option)
    if "$ref" in form:
        named: Form = whole()["$defs"][form["$ref"].rpartition("/")[2]]
        return named
    return form


def keys(form: Form) -> Iterator[str]:
    """The keys a mapping of this form may have."""
    return (key for key in _resolved(form).get("properties", {}) if key != "declared")


def is_promise(form: Form) -> bool:
    """Whether what has this form knows where it is declared."""
    return "declared" in form.get("properties", {})


def is_list_of_values(form: Form) -> bool:
    """Whether it is a list of texts or numbers, for which one alone can stand."""
    return form.get("type") == "array" and "$ref" not in form.get("items", {"$ref": ""})


def short_key(form: Form) -> str | None:
    """The key whose value can stand for a promise of this form."""
    return _SHORT.get(form.get("title", ""))


@cache
def json_schema() -> Mapping[str, Any]:
    """The JSON Schema of a contract, for editors; with short forms and the meaning of keys."""
    from toolkit.contract.descriptions import descriptions

    schema, meanings = deepcopy(dict(whole())), descriptions()
    definitions: dict[str, Any] = schema["$defs"]
    del definitions["Location"]
    for definition in (schema, *definitions.values()):
        properties = definition.get("properties", {})
        properties.pop("declared", None)
        definition["required"] = [k for k in definition.get("required", ()) if k != "declared"]
        meaning = meanings[definition["title"]]
        for name, form in properties.items():
            described = {"description": meaning[name]} if name in meaning else {}
            properties[name] = {**_with_short_forms(form), **described}
    schema["title"] = "toolkit.yml"
    return schema


def _with_short_forms(form: dict[str, Any]) -> dict[str, Any]:
    if is_list_of_values(form):
        about: dict[str, Any] = {key: form[key] for key in ("title", "default") if key in form}
        listed = {key: form[key] for key in form if key not in about}
        return {**about, "anyOf": [form["items"], listed]}
    for inner in ("items", "additionalProperties"):
        held = form.get(inner)
        if isinstance(held, dict) and short_key(_resolved(held)):
            form = {**form, inner: {"anyOf": [{"type": "string"}, held]}}
    return form
