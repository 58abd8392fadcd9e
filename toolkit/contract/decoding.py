"""Decodes a contract from the value of a document; all faults are found, not only the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from itertools import repeat
from types import NoneType
from typing import Any, get_args

from toolkit.contract.faults import impossible, missing, unfit, unknown
from toolkit.contract.form import (
    is_list,
    is_mapping,
    is_promise,
    keys,
    may_be_item,
    short_key,
)
from toolkit.findings import Finding, Location
from toolkit.forms import Form, is_required, options_of, origin_of, scalar, without_none
from toolkit.languages.positioned import Path, Positioned

_FAULTY = object()
"""Replaces an invalid value: the objects around it are not created."""


class Decoder:
    """Decodes the value of one document; afterwards ``faults`` has its invalid values."""

    def __init__(self, document: Positioned) -> None:
        self._document = document
        self.faults: list[Finding] = []

    def decode(self, form: Form, value: Any, path: Path = ()) -> Any:
        """Decode a value; its faults are added to ``faults``.

        Args:
            form: The type annotation.
            value: Plain data of the document.
            path: Its place in the document.

        Returns:
            An instance of the type, or a placeholder for an invalid value.
        """
        if value is None and NoneType in options_of(form):
            return None
        form = without_none(form)
        if is_promise(form):
            return self._promise(form, value, path)
        if origin_of(form) is tuple:
            return self._items(form, value, path)
        if is_mapping(form):
            return self._values(form, value, path)
        try:
            return scalar(form, value)
        except ValueError:
            return self._unfit(form, value, path)

    def _promise(self, form: Form, value: Any, path: Path) -> Any:
        short = short_key(form)
        if short and value is not None and not isinstance(value, dict | list):
            value = {short: value}
        if not isinstance(value, dict):
            return self._unfit(form, value, path)
        required = {field.name for field in fields(form) if is_required(field)}
        found: dict[str, Any] = {"declared": self._declared(path)}
        for name, inner in keys(form).items():
            if name in value:
                found[name] = self.decode(inner, value[name], (*path, name))
            elif name in required:
                found[name] = self._fault(missing((*path, name), self._document))
        for name in value:
            if name not in keys(form):
                self._fault(unknown((*path, name), self._document))
        return self._made(form, found, path)

    def _made(self, form: Form, found: dict[str, Any], path: Path) -> Any:
        if _is_faulty(found.values()):
            return _FAULTY
        try:
            return form(**found)
        except ValueError as error:
            return self._fault(impossible(path, error, self._document))

    def _items(self, form: Form, value: Any, path: Path) -> Any:
        kinds = get_args(form)
        if is_list(form) and may_be_item(form, value):
            one = self.decode(kinds[0], value, path)
            return one if one is _FAULTY else (one,)
        fits = isinstance(value, list) and (is_list(form) or len(value) == len(kinds))
        if not fits:
            return self._unfit(form, value, path)
        forms: Iterable[Form] = repeat(kinds[0]) if is_list(form) else kinds
        numbered = enumerate(zip(forms, value, strict=False))
        found = tuple(self.decode(inner, each, (*path, i)) for i, (inner, each) in numbered)
        return _FAULTY if _is_faulty(found) else found

    def _values(self, form: Form, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._unfit(form, value, path)
        inner = get_args(form)[1]
        found = {key: self.decode(inner, each, (*path, key)) for key, each in value.items()}
        return _FAULTY if _is_faulty(found.values()) else found

    def _declared(self, path: Path) -> Location:
        """Return the place of an expectation: that of its key, if it has one."""
        section = len(path) == 1
        document = self._document
        return document.locate(*path) if section else document.locate_key(*path)

    def _unfit(self, form: Form, value: Any, path: Path) -> object:
        return self._fault(unfit(form, value, path, self._document))

    def _fault(self, finding: Finding) -> object:
        self.faults.append(finding)
        return _FAULTY


def _is_faulty(values: Iterable[Any]) -> bool:
    return any(each is _FAULTY for each in values)
