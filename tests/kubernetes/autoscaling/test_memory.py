"""What the controller remembers, and which places it uses again."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.normalization import (
    Memory,
    ReplicaChange,
    normalize,
    remember_change,
    remember_rescale,
    with_first_recommendation,
)
from toolkit.kubernetes.autoscaling.spec import (
    CrossVersionReference,
    Flags,
    Metric,
    MetricTarget,
    Spec,
)

CPU = Metric("Resource", "cpu", MetricTarget("Utilization", 50))
SPEC = Spec(CrossVersionReference("Deployment", "app"), 10, (CPU,))
FLAGS = Flags(downscale_stabilization=60_000)


def test_a_stale_recommendation_gives_its_place_to_the_next() -> None:
    memory = Memory(((0, 9), (10_000, 8), (90_000, 3)))
    decision, memory = normalize(SPEC, FLAGS, memory, 100_000, 3, 2)
    assert memory.recommendations == ((0, 9), (100_000, 2), (90_000, 3))
    assert (decision.replicas, decision.able) == (3, "ScaleDownStabilized")


def test_a_proposal_below_zero_is_remembered_as_zero() -> None:
    _, memory = normalize(SPEC, FLAGS, Memory(), 0, 3, -7)
    assert memory.recommendations == ((0, 0),)


def test_the_first_sync_remembers_what_is_there() -> None:
    memory = with_first_recommendation(Memory(), 5_000, 4)
    assert memory.recommendations == ((5_000, 4),)
    assert with_first_recommendation(memory, 20_000, 7) is memory


def test_a_change_once_outdated_stays_so_though_the_period_is_lengthened() -> None:
    first = (ReplicaChange(0, 2), ReplicaChange(10_000, 1), ReplicaChange(80_000, 3))
    changes = remember_change(first, 100_000, 4, 60_000)
    assert changes == (
        ReplicaChange(0, 2, outdated=True),
        ReplicaChange(100_000, 4),
        ReplicaChange(80_000, 3),
    )
    changes = remember_change(changes, 110_000, 5, 600_000)
    assert changes == (
        ReplicaChange(110_000, 5),
        ReplicaChange(100_000, 4),
        ReplicaChange(80_000, 3),
    )


def test_without_behavior_no_change_is_remembered() -> None:
    assert remember_rescale(Memory(), SPEC, 0, 1, 4) == Memory()
