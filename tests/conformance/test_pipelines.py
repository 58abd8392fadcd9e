"""Every recorded pipeline comes out here as it did there, and what was refused is refused."""

from __future__ import annotations

import pytest

from tests.conformance import known_differences, recordings
from tests.conformance.invalid import Attempt, find_attempts
from tests.conformance.pipelines import Recording, find_recordings

FOLDER = recordings()
AUTHORED = FOLDER / "authored" if FOLDER else None
RUNS = [
    recording
    for name in ("pipelines", "crash")
    for recording in (find_recordings(AUTHORED / name) if AUTHORED else [])
]
ATTEMPTS = find_attempts(AUTHORED / "invalid") if AUTHORED else []
ABSENT = pytest.mark.skipif(AUTHORED is None, reason="no recordings: set CONFORMANCE_DIR")


@ABSENT
@pytest.mark.parametrize("recording", RUNS, ids=lambda each: each.folder.name)
def test_pipelines_agree_line_by_line(recording: Recording) -> None:
    differences = list(recording.differences())
    assert bool(differences) == (recording.folder.name in known_differences()), differences


@ABSENT
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each.folder.name)
def test_refused_configurations_are_refused_with_a_place(attempt: Attempt) -> None:
    assert attempt.agrees() != (attempt.folder.name in known_differences())
