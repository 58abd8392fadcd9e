"""Every recorded filter run comes out here as it did there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import RECORDINGS, known_differences, upstream
from tests.conformance.filters import read_cases

FOLDERS = filter(None, (RECORDINGS, upstream()))
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("filters/*.jsonl"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_filters_agree_but_for_what_is_listed(path: Path) -> None:
    cases = list(read_cases(path))
    known = known_differences().keys() & {case.id for case in cases}
    assert [case.id for case in cases if not case.agrees()] == [
        case.id for case in cases if case.id in known
    ]
