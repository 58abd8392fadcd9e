"""One YAML text: its values as plain data, short forms written out, and where each stands."""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml

from toolkit.contract.faults import Path, contains_itself, misshapen, not_yaml, twice, unknown
from toolkit.contract.form import Form, below, is_list_of_values, is_promise, short_key, whole
from toolkit.errors import ContractError
from toolkit.findings import Finding, Location
from toolkit.yamltext import Loader

_Data: TypeAlias = Any


class Reader:
    """Reads one text once; afterwards ``places`` and ``faults`` are filled."""

    def __init__(self, source: str, text: str) -> None:
        self.source, self.text = source, text
        self.lines = text.split("\n")
        self.places: dict[Path, Location] = {}
        """Where values stand; under ``(*path, "key")`` where their keys do."""
        self.faults: list[Finding] = []
        """What is wrong already, and did not keep the rest from being read."""

    def read(self) -> _Data:
        """Return the data, each promise with the place where it is declared.

        Raises `ContractError` where the text is no YAML, or no mapping.
        """
        try:
            root = yaml.compose(self.text, Loader)
        except yaml.YAMLError as error:
            raise ContractError(not_yaml(error, self.source, self.lines)) from error
        if root is None:
            return {"declared": Location(self.source, 1, 1)}
        self._loader = Loader("")
        self._open: list[yaml.Node] = []
        data = self._value(root, (), whole())
        if not isinstance(root, yaml.MappingNode):
            raise ContractError(misshapen(self.places[()], data))
        return data

    def _value(self, node: yaml.Node, path: Path, form: Form) -> _Data:
        self.places[path] = self.locate(node)
        if node in self._open:
            raise ContractError(contains_itself(self.places[path]))
        self._open.append(node)
        try:
            return self._data(node, path, form)
        finally:
            self._open.pop()

    def _data(self, node: yaml.Node, path: Path, form: Form) -> _Data:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path, form)
            case yaml.SequenceNode():
                items = enumerate(node.value)
                return [self._value(each, (*path, i), below(form, i)) for i, each in items]
            case _:
                return self._written_out(self._scalar(node), path, form)

    def _mapping(self, node: yaml.MappingNode, path: Path, form: Form) -> dict[str, _Data]:
        data: dict[str, _Data] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in data:
                self.faults.append(twice(key, self.locate(key_node)))
                continue
            here = (*path, key)
            self.places[(*here, "key")] = self.locate(key_node)
            data[key] = self._value(value_node, here, below(form, key))
        if is_promise(form):
            if "declared" in data:
                self.faults.append(unknown("declared", (*path, "declared"), self.places))
            data["declared"] = self._declared(path)
        return data

    def _written_out(self, value: _Data, path: Path, form: Form) -> _Data:
        """A scalar as what it is short for."""
        if value is None:
            return None
        if is_list_of_values(form):
            return [value]
        if key := short_key(form):
            return {key: value, "declared": self._declared(path)}
        return value

    def _declared(self, path: Path) -> Location:
        """A promise with a name stands where its name does, any other where it begins."""
        section = len(path) == 1
        return self.places[path] if section else self.places.get((*path, "key"), self.places[path])

    def _scalar(self, node: yaml.Node) -> _Data:
        """The value; its text, where YAML takes it for a day or a number that there is not."""
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            return str(node.value)

    def locate(self, node: yaml.Node) -> Location:
        """The place of ``node``, underlined as far as its first line goes."""
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        width = end.column - start.column if end.line == start.line else len(line) - start.column
        return Location(self.source, start.line + 1, start.column + 1, line, max(1, width))
