"""Defects between two files, planted into what ships: the first finding names each at its place.

The mutations are data: `mutations/*.yml`, whose form `mutations/README.md` describes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from tests.acceptance import copied
from toolkit.checks import checks_for
from toolkit.cli._contract import read_scope
from toolkit.cli.verify import exit_code
from toolkit.connectors import Batch, Connector
from toolkit.connectors.files import FileSystem
from toolkit.connectors.service import LocalService
from toolkit.findings import Finding
from toolkit.model.queries import Leaf
from toolkit.model.report import Report
from toolkit.reports.json import render
from toolkit.verification import verify

FOLDER = Path(__file__).parent / "mutations"
CODES = {"fail": 1, "unproven": 3, "pass": 0}


class NotPlanted(Exception):
    """The tree has changed: a mutation does not fit it any more."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A text put in the place of another in one file, or a new file."""

    file: str
    old: str = ""
    new: str = ""
    everywhere: bool = False

    def plant(self, folder: Path) -> set[int]:
        """Edit the file; return the numbers of the lines that are new in it."""
        path = folder / self.file
        if not self.old:
            if path.exists():
                raise NotPlanted(f"{self.file} is there already")
            path.write_text(self.new, "utf-8")
            return set(range(1, self.new.count("\n") + 2))
        head, *rest = path.read_text("utf-8").split(self.old)
        if not (rest if self.everywhere else len(rest) == 1):
            raise NotPlanted(f"{self.file} contains {self.old!r} {len(rest)} times")
        changed, text = set[int](), head
        for part in rest:
            first = text.count("\n") + 1
            changed |= set(range(first, first + self.new.count("\n") + 1))
            text += self.new + part
        path.write_text(text, "utf-8")
        return changed


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A defect, and the verdict it deserves."""

    name: str
    edits: Sequence[Edit]
    verdict: str = "fail"
    check: str = "*"
    at: Sequence[str] = ()
    """The file and a text of the line that the first finding names; else an edited line."""
    only: Sequence[str] = ("*",)
    missed: bool = False

    def plant(self, folder: Path) -> set[tuple[str, int]]:
        """Edit the files, and generate what is made of them; return the places to be named."""
        lines = {(edit.file, line) for edit in self.edits for line in edit.plant(folder)}
        if any(edit.file.startswith("pipelines/") for edit in self.edits):
            subprocess.run([sys.executable, "-m", "k8s.generate"], cwd=folder, check=True)
        if not self.at:
            return lines
        file, text = self.at
        found = enumerate((folder / file).read_text("utf-8").splitlines(), 1)
        places = {(file, number) for number, line in found if text in line}
        if not places:
            raise NotPlanted(f"{file} has no line with {text!r}")
        return places


def mutations() -> Iterator[Any]:
    missed = pytest.mark.xfail(raises=AssertionError, reason="no check names it yet")
    for path in sorted(FOLDER.glob("*.yml")):
        for name, given in yaml.safe_load(path.read_text("utf-8")).items():
            edits = [Edit(**each) for each in given.pop("edits")]
            mutation = Mutation(name=name, edits=edits, **given)
            marks = [missed] if mutation.missed else []
            yield pytest.param(mutation, id=f"{path.stem}: {name}", marks=marks)


class Remembered:
    """The service that ships, which is started once for all mutations."""

    system: ClassVar[str] = "service"

    def __init__(self, service: Connector) -> None:
        self.service = service
        self.answers: Batch = {}

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        known = {query.key: answer for query, answer in self.answers.items()}
        new = [query for query in queries if query.key not in known]
        self.answers = {**self.answers, **(self.service.answer(new) if new else {})}
        known |= {query.key: answer for query, answer in self.answers.items()}
        return {query: known[query.key] for query in queries}

    def close(self) -> None:
        self.service.close()


def raises(what: str, error: Exception) -> Finding:
    raise error


def verified(service: Connector, only: Sequence[str] = ("*",)) -> Report:
    """Compare the contract in this folder with its files, and with the remembered service."""
    scope = read_scope(Path("toolkit.yml"))
    checks = checks_for(scope.contract, lambda name: any(fnmatchcase(name, e) for e in only))
    connectors = [FileSystem(Path(scope.folder)), service]
    return verify(scope, checks, connectors, today=date.today(), on_bug=raises)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Connector:
    return Remembered(LocalService(copied(tmp_path_factory.mktemp("tree"))))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(copied(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("tree")
def test_what_ships_holds(service: Connector) -> None:
    report = verified(service)
    assert exit_code(report, strict=True) == 0, render(report)


@pytest.mark.parametrize("mutation", [*mutations()])
def test_the_first_finding_names_it(mutation: Mutation, service: Connector, tree: Path) -> None:
    places = mutation.plant(tree)
    report = verified(service, mutation.only)
    shown = render(report)
    assert exit_code(report, strict=False) == CODES[mutation.verdict], shown
    first = _found(json.loads(shown))[0]
    named = {(each["source"], each["line"]) for each in (first["where"], *first["marks"])}
    assert named & places, first
    assert fnmatchcase(first["check"], mutation.check), first


def _found(shown: Any) -> list[Any]:
    """The findings, and what could not be looked at."""
    unproven = (
        {**each, "check": judged["check"]}
        for judged in shown["judgements"]
        for each in judged["unproven"]
    )
    return [*shown["findings"], *unproven]
