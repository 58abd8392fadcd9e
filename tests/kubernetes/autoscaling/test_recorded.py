"""A sample of the recordings, so that a checkout by itself is held to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.autoscaler import compare, read_records
from tests.kubernetes.autoscaling.replay.controller import Run
from toolkit.kubernetes.autoscaling.decoding import decode_spec

FOLDER = Path(__file__).parent / "recorded"


@pytest.mark.parametrize("kind", ["unit", "normalize", "controller", "live"])
def test_it_comes_out_as_recorded(kind: str) -> None:
    agreed, compared, differing = compare(read_records(FOLDER / f"{kind}.jsonl.gz"))
    assert not differing
    assert agreed == compared > 0


def test_a_spec_as_written_is_read_as_the_api_server_stores_it() -> None:
    for run in read_records(FOLDER / "controller.jsonl.gz"):
        assert isinstance(run, Run)
        written, defaulted = run.record["spec_as_written"], run.record["spec_defaulted"]
        assert decode_spec(written) == decode_spec(defaulted)
