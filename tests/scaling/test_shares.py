"""Who got the requests in a cluster, as far as it is told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from toolkit.connectors.cluster.shares import by_cpu, by_header, pinned
from toolkit.evidence.autoscaling.cluster_snapshot import ClusterSnapshot, PodUsage
from toolkit.evidence.autoscaling.scaling import Share


def seen(unmeasured: str = "", **pods: PodUsage) -> ClusterSnapshot:
    nothing: dict[str, Any] = {}
    return ClusterSnapshot(0.0, 2, 2, 50, "", "", nothing, nothing, pods, unmeasured)


def test_answers_tell() -> None:
    counts = Counter({"a": 30, "b": 10, "gone": 5})
    assert by_header(counts, ("a", "b"), "X-Pod") == ((Share("a", 30, 0), Share("b", 10, 0)), "")


def test_a_pod_that_answered_nothing_is_among_them() -> None:
    shares, _ = by_header(Counter({"a": 30}), ("a", "b"), "X-Pod")
    assert shares == (Share("a", 30, 0), Share("b", 0, 0))


def test_a_header_that_names_no_pod_tells_nothing() -> None:
    assert by_header(Counter(), ("a",), "X-Pod") == ((), "no answer names a ready pod in `X-Pod`")
    _, why = by_header(Counter({"host": 3}), ("a",), "X-Pod")
    assert why.endswith("but host")


def test_cpu_tells() -> None:
    early, late = PodUsage(50.0, 65.0, 900), PodUsage(100.0, 115.0, 300)
    found = by_cpu(
        [seen(a=early, b=early), seen(a=late, b=PodUsage(101.0, 116.0, 100))],
        100.0,
        ("a", "b"),
        40,
    )
    assert found == ((Share("a", 30, 0), Share("b", 10, 0)), "")


def test_the_same_figures_seen_twice_count_once() -> None:
    low, high = PodUsage(100.0, 110.0, 100), PodUsage(110.0, 120.0, 300)
    other = PodUsage(100.0, 110.0, 200)
    found, _ = by_cpu([seen(a=low, b=other)] * 5 + [seen(a=high, b=other)], 100.0, ("a", "b"), 40)
    assert found == (Share("a", 20, 0), Share("b", 20, 0))


def test_figures_from_before_tell_nothing() -> None:
    old = PodUsage(98.0, 113.0, 300)
    shares, why = by_cpu([seen(a=old)], 100.0, ("a",), 40)
    assert (shares, "a was not measured" in why) == ((), True)


def test_no_figures_tell_nothing() -> None:
    assert by_cpu([seen(unmeasured="HTTP 403: no")], 0.0, ("a",), 40)[0] == ()
    assert by_cpu([seen(a=PodUsage(1.0, 2.0, 0))], 0.0, ("a",), 40)[0] == ()


def test_one_pod_that_has_it_all() -> None:
    assert pinned((Share("a", 97, 0), Share("b", 2, 0), Share("c", 1, 0))) == "a"
    assert pinned((Share("a", 60, 0), Share("b", 40, 0))) == ""
    assert pinned((Share("a", 60, 0),)) == ""
    assert pinned(()) == ""
