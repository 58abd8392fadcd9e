"""No recording is lost without a word: so many there are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conformance import NO_UPSTREAM, RECORDINGS, known_differences, read_lines, upstream
from tests.conformance.autoscaler import read_records
from tests.conformance.filters import read_cases, upstream_counts
from tests.conformance.invalid import find_attempts
from tests.conformance.pipelines import find_recordings


def test_so_many_recordings_are_here() -> None:
    lines = {path.stem: sum(1 for _ in read_lines(path)) for path in RECORDINGS.glob("*/*.jsonl")}
    folders = {name: len(find_recordings(RECORDINGS / name)) for name in ("pipelines", "crash")}
    records = {
        path.name.partition(".")[0]: sum(1 for _ in read_records(path))
        for path in RECORDINGS.glob("autoscaler/*")
    }
    attempts = len(find_attempts(RECORDINGS / "invalid"))
    assert {**lines, **folders, **records, "invalid": attempts} == {
        "bases": 66,
        "coercion": 2007,
        "controller": 747,
        "crash": 12,
        "csv": 38,
        "date": 104,
        "dissect": 62,
        "grok": 758,
        "invalid": 75,
        "json": 64,
        "kv": 63,
        "live": 75,
        "mutate": 310,
        "normalize": 3715,
        "pipelines": 65,
        "unit": 4858,
        "verdicts": 1320,
    }


def test_so_many_examples_of_public_plugins_agree() -> None:
    if (folder := upstream()) is None:
        pytest.skip(NO_UPSTREAM)
    cases = [case for path in folder.glob("filters/*.jsonl") for case in read_cases(path)]
    every = Counter(case.record["filter"] for case in cases)
    differing = Counter(c.record["filter"] for c in cases if c.id in known_differences())
    assert upstream_counts() == {
        name: (count - differing[name], count) for name, count in every.items()
    }
