"""What is made to be fast says the same as what is held to the recordings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kubernetes.autoscaling.running import SETTINGS
from tests.kubernetes.autoscaling.strategies import specs
from toolkit.kubernetes.autoscaling.controller import Autoscaler, State, sync
from toolkit.kubernetes.autoscaling.normalization import (
    Memory,
    Windows,
    stabilize,
    with_first_recommendation,
)
from toolkit.kubernetes.autoscaling.observation import (
    Observation,
    ObservedPods,
    Pod,
    PodMetrics,
    Scale,
)
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, simulate
from toolkit.kubernetes.autoscaling.spec import Flags, Spec
from toolkit.kubernetes.autoscaling.trace import Trace

PERIOD = 15_000


@given(
    specs(),
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 9), st.integers(0, 9)), max_size=60),
)
def test_windows_that_move_on_hold_what_the_memory_holds(
    spec: Spec, syncs: list[tuple[int, int, int]]
) -> None:
    flags, now, memory = Flags(), 0, with_first_recommendation(Memory(), 0, 3)
    windows = Windows(spec, flags)
    windows.remember(0, 3)
    for later, current, proposed in syncs:
        # Multiples of five seconds meet the edges of the windows.
        now += later * 5_000
        stable, able, memory = stabilize(memory, spec.behavior, flags, now, current, proposed)
        assert windows.stabilize(now, current, proposed) == (stable, able)


@dataclass
class Cluster:
    """Pods one by one, as the controller sees them; the slow way to simulate."""

    trace: Trace
    settings: ClusterSettings
    created: list[int]
    measured: list[tuple[int, int]] = field(default_factory=list)
    """When, and what each pod that served used."""

    def ready_at(self, created: int) -> int:
        return created + self.settings.running_after + self.settings.ready_after

    def pod(self, created: int, now: int) -> Pod:
        running = created + self.settings.running_after
        if now < running:
            return Pod("Pending", "False", created, None, name="pod")
        if now < self.ready_at(created):
            return Pod("Running", "False", created, running, name="pod")
        return Pod("Running", "True", self.ready_at(created), running, name="pod")

    def observe(self, now: int) -> Observation:
        resolution = self.settings.metric_resolution
        at = now - now % resolution
        if not self.measured or self.measured[-1][0] != at:
            serving = sum(self.ready_at(each) <= at for each in self.created)
            value = self.trace.mean(at - resolution, at)
            self.measured.append((at, self.trace.per_pod(value, serving)))
        at, value = self.measured[-1]
        known = PodMetrics(at, resolution, {"app": {"cpu": value}})
        pods = tuple(
            ObservedPods(
                self.pod(each, now),
                self.settings.template,
                known if at >= each + self.settings.running_after + resolution else None,
            )
            for each in self.created
        )
        return Observation(now, Scale(len(pods), len(pods)), pods)

    def resize(self, replicas: int, now: int) -> None:
        self.created += [now] * (replicas - len(self.created))
        del self.created[replicas:]


@settings(max_examples=40, deadline=None)
@given(
    specs(),
    st.lists(st.integers(0, 3000), min_size=2, max_size=40),
    st.sampled_from([0, 3_000, 40_000]),
    st.sampled_from([15_000, 30_000]),
    st.sampled_from([None, 400]),
)
def test_the_simulator_decides_as_the_controller_does(
    spec: Spec, loads: list[int], start_up: int, resolution: int, most: int | None
) -> None:
    trace = Trace.of(((60 * minute, load) for minute, load in enumerate(loads)), most=most)
    around = replace(
        SETTINGS,
        replicas=spec.minimum,
        running_after=start_up,
        metric_resolution=resolution,
    )
    cluster = Cluster(trace, around, [-86_400_000] * spec.minimum)
    hpa, state, seen = Autoscaler(spec, around.flags), State(), []
    for now in range(PERIOD, 60_000 * len(loads), PERIOD):
        outcome = sync(hpa, state, cluster.observe(now))
        state = outcome.state
        assert outcome.replicas is not None
        seen.append((now, outcome.replicas, outcome.decision))
        cluster.resize(outcome.replicas, now)
    timeline = simulate(spec, {"cpu": trace}, around, seen[-1][0])
    assert [(step.at, step.replicas, step.decision) for step in timeline.steps] == seen
