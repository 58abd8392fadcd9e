"""Checks before they are imported: their ids, what they judge, their documentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.model.checks import Check

_EXPECTS = re.compile(r"\bexpects=(\w+)")
_FUNCTION = re.compile(r"^def ([a-z]\w*)\(", re.MULTILINE)


def check_id(module: str, function: str) -> str:
    """Return the id of the check ``function`` in ``module``.

    >>> check_id("toolkit.checks.logs.no_match", "no_match")
    'logs/no-match'
    >>> check_id("toolkit.checks.unrecorded", "dashboards")
    'dashboards/unrecorded'

    Raises:
        TypeError: The module is in no package, which would be the check's group.
    """
    package, _, name = module.rpartition(".")
    if not package:
        raise TypeError(f"`{module}` has to be in a package, its group")
    group = function if package == __package__ else package.rpartition(".")[2]
    return f"{group}/{name.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class CheckFile:
    """A check, by the module of this package that holds it."""

    module: str
    path: Path
    function: str

    @property
    def id(self) -> str:
        """The id of the check."""
        return check_id(self.module, self.function)

    def load(self) -> Check[Any, Any]:
        """Import the module, and return its check."""
        found: Check[Any, Any] = getattr(import_module(self.module), self.function)
        return found

    def judges(self, kinds: Collection[str]) -> bool:
        """Return whether the check may judge expectations of these classes.

        What it ``expects`` is looked for in its text: importing all checks takes a second.
        """
        named = _EXPECTS.findall(self.path.read_text("utf-8"))
        return not named or any(name in kinds for name in named)

    def doc(self) -> str:
        """Return the documentation of the check."""
        for node in ast.parse(self.path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == self.function:
                return cleandoc(ast.get_docstring(node) or "")
        return ""


def check_files(package: str, folder: Path) -> Iterator[CheckFile]:
    """Find the checks of a package.

    A file of a subpackage holds the check of its own name. A file beside the subpackages holds
    one rule for several groups: a check for each, named as the group.
    """
    for path in sorted(folder.glob("*/[!_]*.py")):
        yield CheckFile(f"{package}.{path.parent.name}.{path.stem}", path, path.stem)
    for path in sorted(folder.glob("[!_]*.py")):
        for group in _FUNCTION.findall(path.read_text("utf-8")):
            yield CheckFile(f"{package}.{path.stem}", path, group)
