"""Every recorded pipeline comes out here as it did there, and what was refused is refused."""

from __future__ import annotations

import pytest

from tests.conformance import RECORDINGS, known_differences
from tests.conformance.invalid import Attempt, find_attempts
from tests.conformance.pipelines import Recording, find_recordings

RUNS = [each for name in ("pipelines", "crash") for each in find_recordings(RECORDINGS / name)]
ATTEMPTS = find_attempts(RECORDINGS / "invalid")


@pytest.mark.parametrize("recording", RUNS, ids=lambda each: each.folder.name)
def test_pipelines_agree_line_by_line(recording: Recording) -> None:
    differences = list(recording.differences())
    assert bool(differences) == (recording.folder.name in known_differences()), differences


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each.folder.name)
def test_refused_configurations_are_refused_with_a_place(attempt: Attempt) -> None:
    assert attempt.agrees() != (attempt.folder.name in known_differences())
