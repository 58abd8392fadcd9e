"""Read a contract from YAML, keeping the place of every promise for messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import pydantic
import yaml

from toolkit.errors import ContractError
from toolkit.findings import Finding, Location
from toolkit.model.contract import Contract

__all__ = ["json_schema", "parse_contract"]

Path = tuple[str | int, ...]


def parse_contract(text: str, *, source: str) -> Contract:
    """Read a contract from ``text``; ``source`` names it in messages.

    Raises `ContractError` with every fault found, each at its line and column.
    """
    reader = _Reader(source, text)
    data = reader.read()
    try:
        contract: Contract = _adapter().validate_python(data)
    except pydantic.ValidationError as error:
        faults = (_fault(each, reader) for each in error.errors())
        raise ContractError(*dict.fromkeys(faults)) from error
    return contract


@cache
def _adapter() -> pydantic.TypeAdapter[Contract]:
    return pydantic.TypeAdapter(Contract)


class _Reader:
    """One YAML text: its values as plain data, and where each of them stands."""

    def __init__(self, source: str, text: str) -> None:
        self.source, self.lines = source, text.split("\n")
        self.text = text
        self.places: dict[Path, Location] = {}

    def read(self) -> Any:
        """Return the data, each mapping that is a promise knowing where it is declared."""
        try:
            root = yaml.compose(self.text, _Loader)
        except yaml.MarkedYAMLError as error:
            raise ContractError(self._not_yaml(error)) from error
        if root is None:
            return {"declared": Location(self.source, 1, 1)}
        self.loader = _Loader("")
        data = self._value(root, ())
        if not isinstance(data, _Promise):
            raise ContractError(_shape(self.places[()], "the contract", "a mapping", data))
        return _spell_out(data)

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.places[path] = self.locate(node)
        match node:
            case yaml.MappingNode():
                entries = self._entries(node, path)
                keys = {key: self.places[(*path, key, "key")] for key in entries}
                return _Promise(self.places[path], entries, keys)
            case yaml.SequenceNode():
                return [self._value(each, (*path, i)) for i, each in enumerate(node.value)]
            case _:
                return self.loader.construct_object(node)

    def _entries(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in entries:
                raise ContractError(self._twice(key, key_node))
            entries[key] = self._value(value_node, (*path, key))
            self.places[(*path, key, "key")] = self.locate(key_node)
        return entries

    def locate(self, node: yaml.Node) -> Location:
        """The place of ``node``, underlined as far as its first line goes."""
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line]
        width = end.column - start.column if end.line == start.line else len(line) - start.column
        return Location(self.source, start.line + 1, start.column + 1, line, max(1, width))

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> Finding:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        excerpt = self.lines[line] if line < len(self.lines) else ""
        return Finding(
            what="the contract is not valid YAML",
            where=Location(self.source, line + 1, column + 1, excerpt),
            why=f"YAML says: {error.problem or error}",
            fix="correct the line; quote texts that hold `: `, `#`, `%` or `*`.",
        )

    def _twice(self, key: str, node: yaml.Node) -> Finding:
        return Finding(
            what=f"`{key}` stands twice in the same mapping",
            where=self.locate(node),
            why="YAML readers silently keep one of the two",
            fix=f"keep one `{key}`.",
        )


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The fast loader where libyaml is there."""


class _Promise(dict[str, Any]):
    """A mapping that knows where it is declared, and where each of its keys stands."""

    def __init__(
        self, declared: Location, entries: Mapping[str, Any], at: Mapping[str, Location]
    ) -> None:
        super().__init__(entries)
        self.declared, self.at = declared, at


def _spell_out(contract: _Promise) -> dict[str, Any]:
    """Write the short forms out, and say of each promise where it is declared."""
    spelled: dict[str, Any] = {**contract, "declared": contract.declared}
    for section, spell in _SECTIONS.items():
        if section in spelled:
            spelled[section] = spell(spelled[section])
    return spelled


def _declare(value: Any) -> Any:
    return {**value, "declared": value.declared} if isinstance(value, _Promise) else value


def _each(spell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [spell(each) for each in value] if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | float | int) else value


def _section(**keys: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Spell a mapping out: these keys each in its own way, the rest as it is."""

    def spell(value: Any) -> Any:
        if not isinstance(value, _Promise):
            return value
        known = {key: keys[key](each) for key, each in value.items() if key in keys}
        return {**_declare(value), **known}

    return spell


def _fields(value: Any) -> Any:
    if not isinstance(value, _Promise):
        return value
    return {
        name: {
            **(each if isinstance(each, _Promise) else {"type": each}),
            "declared": value.at[name],
        }
        for name, each in value.items()
    }


def _series(value: Any) -> Any:
    return value if isinstance(value, str) else _section(slo=_listed, labels=_listed)(value)


_SECTIONS: Mapping[str, Callable[[Any], Any]] = {
    "service": _section(requests=_each(_declare)),
    "logs": _each(
        _section(fields=_fields, samples=_listed, pipeline=_listed, failure_tags=_listed)
    ),
    "metrics": _section(
        series=_each(_series), rules=_listed, dashboards=_listed, external=_listed
    ),
    "kibana": _section(saved_objects=_listed),
    "kubernetes": _section(
        manifests=_listed, versions=_listed, images=_listed, sources=_listed, node=_declare
    ),
    "suppress": _each(_declare),
}


def _fault(error: Any, reader: _Reader) -> Finding:
    path: Path = tuple(part for part in error["loc"] if part != "declared")
    key = path[-1] if path else ""
    match error["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return _unknown(str(key), path, reader)
        case "missing" | "missing_argument":
            return Finding(
                what=f"`{key}` is missing",
                where=_place(path[:-1], reader),
                why="the promise cannot be judged without it",
                fix=f"add `{key}:` here.",
            )
        case _:
            return Finding(
                what=f"`{key}` is {_shown(error['input'])}, which does not fit",
                where=_place(path, reader),
                why=f"the form of a contract says: {error['msg']}",
                fix="correct the value; `toolkit explain contract` prints the form.",
            )


def _unknown(key: str, path: Path, reader: _Reader) -> Finding:
    known = list(_keys_at(path[:-1]))
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    fix = f"did you mean `{near[0]}`?" if near else f"the keys here are {', '.join(known)}."
    return Finding(
        what=f"`{key}` is no key of a contract here",
        where=_place((*path, "key"), reader),
        why="a key that is not understood is a promise that nobody checks",
        fix=fix,
    )


def _keys_at(path: Path) -> Iterator[str]:
    """The keys a contract may have at ``path``, from the JSON Schema."""
    schema = json_schema()
    here: Any = schema
    for part in path:
        here = _below(_resolve(here, schema), part)
    yield from _resolve(here, schema).get("properties", {})


def _below(schema: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return schema.get("items", {})
    return schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}


def _resolve(schema: Any, root: Any) -> Any:
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolve(option, root)
    if "$ref" in schema:
        return _resolve(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return schema


def _place(path: Path, reader: _Reader) -> Location:
    while path not in reader.places and path:
        path = path[:-1]
    return reader.places[path]


def _shape(where: Location, what: str, wanted: str, value: Any) -> Finding:
    return Finding(
        what=f"{what} is {_shown(value)}, not {wanted}",
        where=where,
        why="its sections are keys: service, logs, metrics, …",
        fix="start from the contract that `toolkit init` writes.",
    )


def _shown(value: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", type(None): "empty"}
    return kinds.get(type(value), "a mapping" if isinstance(value, dict) else f"`{value}`")


@cache
def json_schema() -> Mapping[str, Any]:
    """The JSON Schema of a contract, for editors; short forms included."""
    schema = _adapter().json_schema()
    for definition in (schema, *schema["$defs"].values()):
        definition.get("properties", {}).pop("declared", None)
        if "declared" in definition.get("required", ()):
            definition["required"].remove("declared")
    schema["$defs"].pop("Location", None)
    schema["title"] = "toolkit.yml"
    return schema
