"""Documents lead where they say: every relative link, and every decision, in order."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def documents() -> list[Path]:
    """The Markdown files that people read: those under version control, case files left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() or [path.name for path in ROOT.glob("*.md")]
    found = [ROOT / name for name in sorted(names) if not name.startswith("tests/")]
    return [path for path in found if path.exists()]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", prose)
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_decisions_are_numbered_and_fit_on_a_page() -> None:
    folder = ROOT / "docs" / "decisions"
    decisions = sorted(set(folder.glob("*.md")) - {folder / "README.md"})
    names = [re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", path.name) for path in decisions]
    numbers = [int(name[1]) for name in names if name]
    assert len(set(numbers)) == len(decisions), "each has a number of its own"
    unused = map(int, re.findall(r"\b\d{4}\b", (folder / "README.md").read_text("utf-8")))
    assert sorted([*numbers, *unused]) == list(range(1, max(numbers) + 1))
    for path in decisions:
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.name
        assert len(text.splitlines()) <= 60, path.name


PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_table_of_packages_is_what_import_linter_enforces() -> None:
    table = PAGE.partition("| package |")[2].partition("\n\n")[0]
    rows = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()[2:]]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert rows == [set(layer.split(" | ")) for layer in layers if layer != "__main__"]
    found = {module.name for module in pkgutil.iter_modules([str(ROOT / "toolkit")])}
    assert set.union(*rows) == found - {"__main__"}


def test_each_path_that_is_named_is_there() -> None:
    paths = re.findall(r"`((?:app|docs|examples|k8s|pipelines|tests|toolkit)/[^`]*)`", PAGE)
    assert len(paths) > 10
    patterns = [re.sub(r"<\w+>", "*", path) for path in paths]
    assert [each for each in patterns if not any(ROOT.glob(each.rstrip("/")))] == []


def test_each_group_of_entry_points_is_asked_for() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "toolkit").rglob("*.py"))
    asked = set(re.findall(r'\bprovided\("(\w+)"\)', source))
    assert set(re.findall(r"`toolkit\.(\w+)`", PAGE)) == asked
    example = (ROOT / "examples/plugin/pyproject.toml").read_text("utf-8")
    groups = tomllib.loads(example)["project"]["entry-points"]
    assert {name.removeprefix("toolkit.") for name in groups} == asked
