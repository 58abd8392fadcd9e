"""Every recorded value comes out of its field here as it did there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import known_differences, recordings
from tests.conformance.mapping import read_puts

FOLDER = recordings()
FILES = sorted(FOLDER.glob("elasticsearch/*.jsonl")) if FOLDER else []


@pytest.mark.skipif(not FILES, reason="no recordings: set CONFORMANCE_DIR")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_values_agree_but_for_what_is_listed(path: Path) -> None:
    puts = list(read_puts(path))
    differing = [put.id for put in puts if not put.agrees()]
    assert differing == [put.id for put in puts if put.id in known_differences()]
