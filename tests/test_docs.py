"""Documents lead where they say: every relative link, and every decision, in order."""

from __future__ import annotations

import re
import subprocess
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
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [re.match(r"(\d{4})-[a-z0-9-]+\.md$", path.name) for path in decisions]
    assert all(numbers)
    assert len({number[1] for number in numbers if number}) == len(decisions)
    for path in decisions:
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.name
        assert len(text.splitlines()) <= 60, path.name
