"""The emulated autoscaler decides as the real one was recorded to."""

from __future__ import annotations

import pytest

from tests.conformance import RECORDINGS
from tests.conformance.autoscaler import compare, read_records
from tests.kubernetes.autoscaling.replay.closed import recorded_way, simulated_way, simulates
from tests.kubernetes.autoscaling.replay.controller import Run
from tests.kubernetes.autoscaling.replay.live import Live
from toolkit.kubernetes.autoscaling.decoding import decode_spec

FILES = {path.name.split(".")[0]: path for path in RECORDINGS.glob("autoscaler/*")}


@pytest.mark.parametrize("kind", ["unit", "normalize", "controller"])
def test_what_the_controller_computes_is_computed_here(kind: str) -> None:
    agreed, compared, differing = compare(read_records(FILES[kind]))
    assert not differing
    assert agreed == compared > 0


def test_a_spec_as_written_is_read_as_the_api_server_stores_it() -> None:
    for run in read_records(FILES["controller"]):
        assert isinstance(run, Run)
        written, defaulted = run.record["spec_as_written"], run.record["spec_defaulted"]
        assert decode_spec(written) == decode_spec(defaulted)


def test_syncs_of_a_running_cluster_are_predicted() -> None:
    agreed, compared, differing = compare(read_records(FILES["live"]))
    assert not differing
    assert agreed == compared > 5000


def test_most_live_runs_are_simulated_from_their_load_alone() -> None:
    runs = [each for each in read_records(FILES["live"]) if isinstance(each, Live)]
    ways = [(recorded_way(run), simulated_way(run)) for run in runs if simulates(run)]
    assert len(ways) > 60
    assert sum(recorded == simulated for recorded, simulated in ways) >= 50
