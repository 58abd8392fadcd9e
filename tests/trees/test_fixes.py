"""In whole repositories, the fix of a finding, followed literally, ends the finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.cli.projects import toolkit
from tests.fixes import fixed
from tests.trees.test_trees import TREES, tree
from toolkit.checks import checks_for
from toolkit.cli._contract import read_scope
from toolkit.connectors.files import FileSystem
from toolkit.findings import Finding
from toolkit.verification import verify

__all__ = ["tree"]


def found(folder: Path) -> Iterator[tuple[str, Finding]]:
    """Each finding, and what is unproven, with its check."""
    scope = read_scope(folder / "toolkit.yml")
    report = verify(scope, checks_for(scope.contract), [FileSystem(folder)], today=date.today())
    for each in report.judgements:
        for finding in (*each.findings, *each.unproven):
            yield each.step.check.id, finding


def write(folder: Path, blocks: Mapping[str, str]) -> None:
    for name, text in blocks.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def texts(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


@pytest.mark.parametrize(("tree", "name"), [(each, each) for each in TREES], indirect=["tree"])
def test_the_finding_is_gone(tree: Path, name: str) -> None:
    if not (tree / "toolkit.yml").exists() and toolkit("init").exit_code:
        return
    before = texts(tree)
    for check, finding in dict.fromkeys(found(Path())):
        after = fixed(before, finding, check)
        if after is None:
            continue
        write(tree, after)
        left = {(other, each.what) for other, each in found(Path())}
        assert (check, finding.what) not in left, finding.fix
        for added in after.keys() - before.keys():
            (tree / added).unlink()
        write(tree, before)
