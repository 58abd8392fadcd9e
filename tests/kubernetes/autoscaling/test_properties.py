"""What holds of every autoscaler, whatever it is told."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.kubernetes.autoscaling.strategies import CPU, specs
from toolkit.kubernetes.autoscaling.normalization import Memory, normalize, remember_rescale
from toolkit.kubernetes.autoscaling.observation import Pod
from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal, propose_pods, rule_of
from toolkit.kubernetes.autoscaling.readings import PodReading, PodSample
from toolkit.kubernetes.autoscaling.spec import (
    Behavior,
    CrossVersionReference,
    Flags,
    Policy,
    ScalingRules,
    Spec,
)
from toolkit.kubernetes.quantities import amount, milli, shown

FLAGS = Flags()
NOW = 1_000_000
GROWN = Pod(started=0, ready_changed=0)


def propose(readings: list[PodReading], current: int) -> Proposal:
    tolerance = Spec(CrossVersionReference("Deployment", "app"), 1, (CPU,)).tolerance(FLAGS)
    found = propose_pods(rule_of(CPU), readings, current, NOW, FLAGS, tolerance)
    assert not isinstance(found, MetricFault)
    return found


def ready(count: int, usage: int) -> PodReading:
    return count, GROWN, PodSample(usage, NOW, 15_000), 100


@given(specs(), st.data())
def test_replicas_stay_between_minimum_and_maximum(spec: Spec, data: st.DataObject) -> None:
    memory, current = Memory(), data.draw(st.integers(spec.minimum, spec.maximum))
    for proposed in data.draw(st.lists(st.integers(-3, 2 * spec.maximum), max_size=12)):
        decision, memory = normalize(spec, FLAGS, memory, NOW, current, proposed)
        assert spec.minimum <= decision.replicas <= spec.maximum
        current = decision.replicas


@given(st.integers(1, 200), st.integers(0, 2_000), st.integers(0, 2_000))
def test_more_usage_never_wants_fewer(pods: int, usage: int, more: int) -> None:
    less_wanted = propose([ready(pods, usage)], pods).replicas
    assert less_wanted <= propose([ready(pods, usage + more)], pods).replicas


@given(st.integers(1, 200), st.integers(45, 55))
def test_within_the_tolerance_nothing_changes(pods: int, usage: int) -> None:
    assert propose([ready(pods, usage)], pods).replicas == pods


@given(st.integers(1, 20), st.integers(0, 300), st.integers(0, 20), st.integers(0, 20))
@example(16, 175, 0, 9)
def test_pods_not_measured_never_speed_a_move_up(
    pods: int, usage: int, missing: int, pending: int
) -> None:
    current = pods + missing + pending
    known = ready(pods, usage)
    absent: list[PodReading] = [(missing, GROWN, None, 100), (pending, Pod("Pending"), None, 100)]
    seen = propose([known, *absent], current)
    alone = propose([known], current)
    if usage > 50:
        # One more: 2.24 × 25 is 56.000000000000006 as a float, in Go too, and is rounded up.
        assert seen.replicas <= max(alone.replicas, current) + 1
    elif not pending:
        assert seen.replicas >= min(alone.replicas, current)


@given(
    st.integers(1, 9),
    st.sampled_from([15_000, 30_000, 45_000, 60_000]),
    st.lists(st.integers(0, 80), min_size=2, max_size=30),
)
def test_no_move_exceeds_the_policy(value: int, period: int, proposals: list[int]) -> None:
    rules = ScalingRules((Policy("Pods", value, period),), window=0)
    spec = Spec(CrossVersionReference("Deployment", "app"), 60, (CPU,), 1, Behavior(rules, rules))
    memory, past = Memory(), [(0, 20)]
    for step, proposed in enumerate(proposals, 1):
        now, current = step * 15_000, past[-1][1]
        decision, memory = normalize(spec, FLAGS, memory, now, current, proposed)
        memory = remember_rescale(memory, spec, now, current, decision.replicas)
        past.append((now, decision.replicas))
        base = [replicas for at, replicas in past if at <= now - period] or [20]
        if decision.replicas > current:
            assert decision.replicas <= base[-1] + value
        if decision.replicas < current:
            assert decision.replicas >= base[-1] - value


@given(specs(), st.integers(1, 40), st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_nothing_shrinks_before_the_window_is_over(
    spec: Spec, current: int, proposals: list[int]
) -> None:
    assume(spec.minimum <= current <= spec.maximum)
    memory = Memory(((NOW, current),))
    window = 300_000
    if spec.behavior is not None:
        assume(spec.behavior.down.window is not None)
        window = spec.behavior.down.window or 0
    for step, proposed in enumerate(proposals, 1):
        now = NOW + step * 15_000
        decision, memory = normalize(spec, FLAGS, memory, now, current, proposed)
        if now < NOW + window:
            assert decision.replicas >= current
        current = decision.replicas


@given(st.integers(-(10**15), 10**15), st.booleans())
def test_a_quantity_is_shown_as_what_it_is(thousandths: int, binary: bool) -> None:
    assert milli(amount(shown(thousandths, binary=binary))) == thousandths
