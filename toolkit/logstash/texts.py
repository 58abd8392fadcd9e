"""Texts of faults as data: a file beside the code that finds them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from string import Template
from typing import Any


def read_texts(package: str, file: str) -> Mapping[str, Any]:
    """Read a file of texts, in TOML, that lies in a package."""
    import tomllib  # takes longer than many a run that finds no fault

    return tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))


class FaultRows:
    """The faults that the file ``faults.toml`` of a package describes, by their names.

    A row has the parts of a message, with ``$name`` for each value, and an example.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """The rows; they are read when the first fault is found."""
        return read_texts(self._package, "faults.toml")

    def filled(self, name: str, values: Mapping[str, object]) -> dict[str, str]:
        """Return the parts of a row with its values filled in."""
        row = {part: text for part, text in self.rows[name].items() if part != "example"}
        return {part: Template(text).substitute(values) for part, text in row.items()}
