"""Validation of an object against a schema, for the keywords of the schemas of Kubernetes.

They are ``$ref``, ``type``, ``properties``, ``required``, ``additionalProperties``, ``items``,
``enum`` and ``oneOf``, and in those of custom resources ``x-kubernetes-preserve-unknown-fields``
and the bounds of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.kubernetes.expressions import violated
from toolkit.kubernetes.limits import exceeded
from toolkit.kubernetes.quantities import is_quantity
from toolkit.languages.positioned import Path

Form: TypeAlias = Mapping[str, Any]

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """A part of an object that is invalid."""

    path: Path
    message: str = ""
    """The fault of the value; empty for an unknown key."""
    unknown: str = ""
    """The unknown key at ``path``."""
    known: tuple[str, ...] = ()
    """The known keys."""
    rule: str = ""
    """A rule of a definition that cannot be evaluated here."""


@dataclass(frozen=True, slots=True)
class Schema:
    """One version's definitions, by the last part of the address in ``$ref``."""

    definitions: Mapping[str, Form]
    required: bool = True
    """False to accept missing keys and nulls, as the decoder of the API server does."""

    def faults(self, value: Any, form: Form, path: Path = ()) -> Iterator[SchemaViolation]:
        """Yield everything in ``value`` that violates ``form``.

        >>> form = {"type": "object", "properties": {"a": {"type": "string"}}}
        >>> [each.message for each in Schema({}).faults({"a": 1}, form)]
        ['`1` is not a text']

        Args:
            value: The object, or a part of it.
            form: Its schema.
            path: The path of the part.
        """
        if value is None and not self.required:
            return
        name = ""
        while "$ref" in form:
            name = form["$ref"].rpartition("/")[2]
            form = self.definitions.get(name, {})
        if name == _QUANTITY and value is not None and not is_quantity(value):
            yield SchemaViolation(
                path, f"{_shown(value)} is not a quantity such as `512Mi` or `250m`"
            )
        elif "oneOf" in form:
            yield from self._one_of(value, form["oneOf"], path)
        elif not _is_a(value, _types(form)):
            yield SchemaViolation(path, f"{_shown(value)} is not {_wanted(form)}")
        elif value is not None and value not in form.get("enum", [value]):
            allowed = ", ".join(f"`{each}`" for each in form["enum"] if each is not None)
            yield SchemaViolation(path, f"{_shown(value)} is not one of {allowed}")
        else:
            yield from self._inside(value, form, path)

    def _one_of(self, value: Any, forms: list[Form], path: Path) -> Iterator[SchemaViolation]:
        """Yield the violations of a choice of types; a null counts as missing in each."""
        if not any(next(self.faults(value, form), None) is None for form in forms):
            wanted = " or ".join(dict.fromkeys(_wanted(form) for form in forms))
            yield SchemaViolation(path, f"{_shown(value)} is not {wanted}")

    def _inside(self, value: Any, form: Form, path: Path) -> Iterator[SchemaViolation]:
        """Yield the violations of a value of the right type, and of its parts."""
        for bound in exceeded(value, form):
            yield SchemaViolation(path, f"{_shown(value)} {bound}")
        for below, message, rule in violated(value, form):
            yield SchemaViolation((*path, *below), message, rule=rule)
        match value:
            case dict():
                yield from self._keys(value, form, path)
            case list() if "items" in form:
                for index, item in enumerate(value):
                    yield from self.faults(item, form["items"], (*path, index))

    def _keys(self, value: dict[str, Any], form: Form, path: Path) -> Iterator[SchemaViolation]:
        properties = form.get("properties", {})
        others = form.get("additionalProperties", True)
        for key in form.get("required", ()) if self.required else ():
            if value.get(key) is None:
                yield SchemaViolation(path, f"`{key}` is missing")
        for key, item in value.items():
            if key in properties:
                yield from self.faults(item, properties[key], (*path, key))
            elif isinstance(others, Mapping):
                yield from self.faults(item, others, (*path, key))
            elif not others:
                yield SchemaViolation(path, unknown=key, known=tuple(properties))


def _types(form: Form) -> list[str]:
    stated = form.get("type", [])
    return [stated] if isinstance(stated, str) else list(stated)


def _is_a(value: Any, types: list[str]) -> bool:
    if not types or (value is None and "null" in types):
        return True
    if isinstance(value, bool):
        return "boolean" in types
    whole = isinstance(value, float) and value.is_integer() and "integer" in types
    return whole or any(isinstance(value, _TYPES[each]) for each in types)


def _wanted(form: Form) -> str:
    return " or ".join(_WORDS[each] for each in _types(form) if each != "null")


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "`true`" if value else "`false`"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"the text `{value[:60]}`"
        case _:
            return f"`{value}`"
