"""What came out of real Logstash is what the text of the configuration is said to make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.conformance import RECORDINGS
from tests.conformance.pipelines import Recording, find_recordings
from toolkit.logstash.flow.graph import flow_of

RUNS = find_recordings(RECORDINGS / "pipelines")
GIVEN = {"@timestamp", "@version"}


@pytest.mark.parametrize("recording", RUNS, ids=lambda each: each.folder.name)
def test_every_field_that_came_out_has_an_origin(recording: Recording) -> None:
    """Such a field was either in the event as it came in, or some filter is said to make it."""
    configuration, context = recording.configured()
    found = flow_of(configuration, context)
    given = {name for event in recording.events() for name in names(event.fields)}
    made = {name for event in printed(recording.expected) for name in names(event)} - given
    lost = [name for name in sorted(made) if name[0] not in GIVEN and not found.origins(name)]
    assert lost == []


def printed(expected: list[Any]) -> Iterator[Mapping[str, Any]]:
    for line in expected:
        yield from (each for each in (line if isinstance(line, list) else [line]) if each)


def names(event: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The fields that hold values; an empty hash is what was left when its last field went."""
    for name, value in event.items():
        if isinstance(value, dict):
            yield from names(value, (*path, name))
        else:
            yield (*path, name)
