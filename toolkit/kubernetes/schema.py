"""What a schema of Kubernetes says of an object: the keywords these schemas use, no others.

They are ``$ref``, ``type``, ``properties``, ``required``, ``additionalProperties``, ``items``,
``enum`` and ``oneOf``, and in those of custom resources ``x-kubernetes-preserve-unknown-fields``
and the bounds of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

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
    """A part of an object that is not accepted."""

    path: Path
    message: str = ""
    """What is wrong with the value; empty where it is a key that is not known."""
    unknown: str = ""
    """The key that is not known at ``path``."""
    known: tuple[str, ...] = ()
    """The keys that are."""


@dataclass(frozen=True, slots=True)
class Schema:
    """One version's definitions, to which ``$ref`` leads by the last part of its address."""

    definitions: Mapping[str, Form]

    def faults(self, value: Any, form: Form, path: Path = ()) -> Iterator[SchemaViolation]:
        """Everything in ``value`` that ``form`` does not accept.

        >>> form = {"type": "object", "properties": {"a": {"type": "string"}}}
        >>> [each.message for each in Schema({}).faults({"a": 1}, form)]
        ['`1` is not a text']
        """
        name = ""
        while "$ref" in form:
            name = form["$ref"].rpartition("/")[2]
            form = self.definitions.get(name, {})
        if name == _QUANTITY and value is not None and not is_quantity(value):
            yield SchemaViolation(
                path, f"{_shown(value)} is no quantity, such as `512Mi` or `250m`"
            )
        elif "oneOf" in form:
            yield from self._one_of(value, form["oneOf"], path)
        elif not _is_a(value, _types(form)):
            yield SchemaViolation(path, f"{_shown(value)} is not {_wanted(form)}")
        elif value is not None and value not in form.get("enum", [value]):
            allowed = ", ".join(f"`{each}`" for each in form["enum"] if each is not None)
            yield SchemaViolation(path, f"{_shown(value)} is none of {allowed}")
        else:
            for bound in exceeded(value, form):
                yield SchemaViolation(path, f"{_shown(value)} {bound}")
            yield from self._inside(value, form, path)

    def _one_of(self, value: Any, forms: list[Form], path: Path) -> Iterator[SchemaViolation]:
        """Kubernetes writes a choice of types so; a null counts as absent in each."""
        if not any(next(self.faults(value, form), None) is None for form in forms):
            wanted = " or ".join(dict.fromkeys(_wanted(form) for form in forms))
            yield SchemaViolation(path, f"{_shown(value)} is not {wanted}")

    def _inside(self, value: Any, form: Form, path: Path) -> Iterator[SchemaViolation]:
        match value:
            case dict():
                yield from self._keys(value, form, path)
            case list() if "items" in form:
                for index, item in enumerate(value):
                    yield from self.faults(item, form["items"], (*path, index))

    def _keys(self, value: dict[str, Any], form: Form, path: Path) -> Iterator[SchemaViolation]:
        properties = form.get("properties", {})
        others = form.get("additionalProperties", True)
        for key in form.get("required", ()):
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
