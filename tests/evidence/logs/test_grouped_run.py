"""Which events belong to which line, where a codec makes none, one or several of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from toolkit.evidence.logs.grouped_run import PipelineDeath, run_grouped
from toolkit.logstash.config.parser import parse
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import BATCH_SIZE, Pipeline
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.source import Source

DROPS_TWO = "filter { if [n] == 2 { drop { } } }"
DIES_OF_TEXT = """\
filter {
  if [n] == "x" { mutate { add_field => ["g", "a", "g", "b"] } if [f] in [g] { } }
}
"""


def pipeline(text: str) -> Pipeline:
    context = Context(clock=lambda: 0, read_file=lambda name: b"", list_files=lambda name: [])
    return compile_pipeline(parse([Source("app.conf", text)]), context)


def given(*lines: Sequence[int | str]) -> list[tuple[int, list[Event]]]:
    return [
        (number, [Event({"n": n, "@timestamp": Timestamp(0)}) for n in line])
        for number, line in enumerate(lines)
    ]


def kept(pipeline: Pipeline, *lines: Sequence[int]) -> list[tuple[int, list[object]]]:
    return [
        (line, [event.get("n") for outcome in outcomes for event in outcome.events])
        for line, outcomes in run_grouped(pipeline, given(*lines))
    ]


def test_each_line_has_its_own_events() -> None:
    assert kept(pipeline(DROPS_TWO), (), (1, 2, 3), (), (2,), (4,), ()) == [
        (0, []),
        (1, [1, 3]),
        (2, []),
        (3, []),
        (4, [4]),
        (5, []),
    ]


def test_nothing_comes_of_nothing() -> None:
    assert kept(pipeline(DROPS_TWO)) == []
    assert kept(pipeline(DROPS_TWO), (), ()) == [(0, []), (1, [])]


def test_a_line_longer_than_a_batch_stays_whole() -> None:
    long = range(3, BATCH_SIZE * 2 + 3)
    assert kept(pipeline(DROPS_TWO), (1,), long, (4,)) == [(0, [1]), (1, list(long)), (2, [4])]


@pytest.mark.parametrize("before", [0, 1, BATCH_SIZE - 1, BATCH_SIZE, BATCH_SIZE + 1])
def test_the_line_of_which_it_died_is_known(before: int) -> None:
    singles: list[list[int | str]] = [[n + 5] for n in range(before)]
    lines: list[list[int | str]] = [*singles, [], [7, "x", 8], [9]]
    come: list[int] = []
    with pytest.raises(PipelineDeath) as caught:
        come.extend(line for line, _ in run_grouped(pipeline(DIES_OF_TEXT), given(*lines)))
    died: PipelineDeath[int] = caught.value
    assert died.thing == before + 1
    # The 7 may be the last of the batch before; its line is not done then.
    assert come == list(range((before + 1) // BATCH_SIZE * BATCH_SIZE))
