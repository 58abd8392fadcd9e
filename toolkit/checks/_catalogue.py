"""Checks before they are imported: their ids, what they judge, their documentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.findings import Finding, Severity, Unproven

if TYPE_CHECKING:
    from toolkit.model.checks import Check
    from toolkit.model.expectations import Expectation

_HEADER = re.compile(r"^@check\(([^@]*?)\)\ndef (\w+)\(", re.MULTILINE)
_OPTION = re.compile(r"\b(expects|queries|severity)=(?:Severity\.)?(\w+)\b(?![^,\s])")
_IMPORT = re.compile(r"^from ([\w.]+) import ([^()\n]+|\([^)]+\))$", re.MULTILINE)
_NAME = re.compile(r"(?<!as )\b\w+\b")
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

    def planned(self, kinds: Mapping[str, type[Expectation]]) -> Check[Any, Any] | None:
        """Return the check, if it may judge expectations of these classes.

        Its options are read in its text: importing all checks takes a second. Where its queries
        are those of another module, its own is imported when there is something to judge. Its
        documentation is left out.

        Args:
            kinds: The classes of the expectations of a contract, by name.
        """
        text = self.path.read_text("utf-8")
        headers = {name: options for options, name in _HEADER.findall(text)}
        options = dict(_OPTION.findall(headers.get(self.function, "")))
        expects, name = options.get("expects", ""), options.get("queries", "")
        if expects and expects not in kinds:
            return None
        homes = [module for module, names in _IMPORT.findall(text) if name in _NAME.findall(names)]
        if not expects or not homes:
            return self.load()

        def judge(expected: Expectation, evidence: object) -> Iterable[Finding | Unproven]:
            return self.load().judge(expected, evidence)

        from toolkit.model.checks import Check

        severity = Severity[options.get("severity", Severity.ERROR.name)]
        queries = getattr(import_module(homes[0]), name)
        return Check(self.id, severity, kinds[expects], queries, judge, doc="")

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
