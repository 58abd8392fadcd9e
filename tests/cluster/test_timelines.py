"""The same load gives the same timeline in the simulator and in the real controller.

The real one syncs every 1.6 s instead of every 15 s, and takes back what it wanted within 6 s
instead of 5 min where the autoscaler itself does not say how long; the simulator is told so, and
the times of the syncs.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.cluster.conftest import DOWNSCALE_STABILIZATION, SYNC_PERIOD
from tests.cluster.metrics import MetricsApi
from tests.cluster.plane import Cluster
from tests.cluster.timelines.cases import CASES, Case
from tests.cluster.timelines.playing import Played, play
from toolkit.kubernetes.autoscaling.spec import Flags

pytestmark = pytest.mark.cluster

FLAGS = Flags(
    sync_period=round(SYNC_PERIOD * 1000),
    downscale_stabilization=round(DOWNSCALE_STABILIZATION * 1000),
    cpu_initialization_period=0,
)


@pytest.fixture(scope="module")
def played(cluster: Cluster, metrics: MetricsApi) -> Mapping[str, Played]:
    """Every load, as the real controller has seen it from the beginning to the end."""
    found = play(CASES, cluster, metrics, FLAGS)
    return {str(case): each for case, each in found.items()}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_timelines_are_equal(case: Case, played: Mapping[str, Played]) -> None:
    """At every sync what the metrics propose, and the replicas after it."""
    found = played[str(case)]
    assert found.caveats(FLAGS) == [], "this machine stood still, time and again"
    assert found.simulated(FLAGS) == found.seen
    scales = any(each.replicas != case.replicas for each in found.seen)
    assert scales != case.calm, "a load that scales nothing shows little"
