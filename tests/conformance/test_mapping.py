"""Every recorded value comes out of its field here as it did there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import RECORDINGS, known_differences
from tests.conformance.mapping import read_puts


@pytest.mark.parametrize(
    "path", sorted(RECORDINGS.glob("elasticsearch/*.jsonl")), ids=lambda path: path.stem
)
def test_values_agree_but_for_what_is_listed(path: Path) -> None:
    puts = list(read_puts(path))
    differing = [put.id for put in puts if not put.agrees()]
    assert differing == [put.id for put in puts if put.id in known_differences()]
