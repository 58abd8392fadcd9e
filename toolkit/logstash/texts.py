"""Texts of faults as data: a file beside the code that finds them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from string import Template


class FaultRows:
    """The faults that the file ``faults.toml`` of a package describes, by their names.

    A row has the parts of a message, with ``$name`` where a value stands, and an example.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """The rows; they are read when the first fault is found."""
        file = resources.files(self._package).joinpath("faults.toml")
        return tomllib.loads(file.read_text("utf-8"))

    def filled(self, name: str, values: Mapping[str, object]) -> dict[str, str]:
        """Return the parts of a row with its values filled in."""
        row = {part: text for part, text in self.rows[name].items() if part != "example"}
        return {part: Template(text).substitute(values) for part, text in row.items()}
