"""The check of manifests refuses what the API server was recorded to refuse."""

from __future__ import annotations

from functools import cache

from tests.conformance.apiserver import read_cases
from tests.conformance.apiserver.compare import Outcome, compare

NAMED = 1055
"""Of the objects that the server refuses, so many are refused at its own path. May only grow."""
REFUSED = 1059
"""So many are refused at some path. May only grow."""


@cache
def outcomes() -> dict[str, list[Outcome]]:
    return compare(read_cases())


def count(*words: str) -> int:
    return sum(len(outcomes().get(word, ())) for word in words)


def test_nothing_that_the_server_accepts_is_refused() -> None:
    assert count("wrongly refused") == 0


def test_what_the_server_refuses_is_refused_at_its_path() -> None:
    assert count("named") >= NAMED
    assert count("named", "elsewhere") >= REFUSED
