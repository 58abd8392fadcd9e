"""One YAML text: its values as plain data, short forms written out, and where each stands."""

from __future__ import annotations

from typing import Any, TypeAlias

from toolkit.contract.faults import MALFORMED, misshapen, twice, unknown
from toolkit.contract.form import Form, below, is_list_of_values, is_promise, short_key, whole
from toolkit.errors import ContractError, InputError
from toolkit.findings import Finding, Location
from toolkit.languages.positioned import Path, Positioned
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import CONTRACT

_Data: TypeAlias = Any


class Reader:
    """Reads one text once.

    Raises `ContractError` if the text is malformed.
    """

    def __init__(self, source: str, text: str) -> None:
        try:
            self.document: Positioned = read_document(
                text, source, CONTRACT, what="the contract", fix=MALFORMED
            )
        except InputError as error:
            raise ContractError(*error.findings) from error
        self.faults: list[Finding] = [
            twice(str(path[-1]), where) for path, where in self.document.duplicates
        ]
        """What is wrong already, and did not keep the rest from being read."""

    def read(self) -> _Data:
        """Return the data, each promise with the place where it is declared.

        Raises `ContractError` if the text is no mapping.
        """
        value = self.document.value
        if value is not None and not isinstance(value, dict):
            raise ContractError(misshapen(self.document.locate(), value))
        return self._data(value or {}, (), whole())

    def _data(self, value: _Data, path: Path, form: Form) -> _Data:
        match value:
            case dict():
                return self._mapping(value, path, form)
            case list():
                return [
                    self._data(each, (*path, i), below(form, i)) for i, each in enumerate(value)
                ]
            case _:
                return self._written_out(value, path, form)

    def _mapping(self, value: dict[str, _Data], path: Path, form: Form) -> dict[str, _Data]:
        data = {
            key: self._data(each, (*path, key), below(form, key)) for key, each in value.items()
        }
        if is_promise(form):
            if "declared" in data:
                self.faults.append(unknown((*path, "declared"), self.document))
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
        return self.document.locate(*path) if section else self.document.locate_key(*path)
