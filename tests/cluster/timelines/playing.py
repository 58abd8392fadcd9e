"""Plays many loads at the same time, and again those during which the machine stood still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from tests.cluster.daemons import until
from tests.cluster.metrics import MetricsApi
from tests.cluster.plane import Cluster
from tests.cluster.timelines.cases import REQUEST, Case, Seen
from tests.cluster.timelines.logged import Sync, syncs
from tests.cluster.timelines.player import Player
from tests.cluster.timelines.simulated import TARGET, periods, simulated, spec_of, windows
from toolkit.kubernetes.autoscaling.spec import Flags, Spec

_PATIENCE = 400.0
"""Seconds for all loads of a round; they need about 60."""
_ROUNDS = 5
_EXACT = 10
"""Milliseconds that the clock of a decision may differ from that of the log."""
_LABELS = {"app": "app"}


@dataclass(frozen=True)
class Played:
    """A load, and what the real controller made of it."""

    case: Case
    told: Sequence[int]
    """When each value was told."""
    syncs: Sequence[Sync]
    """On the same clock."""
    late: bool = False
    """Whether there was a sync before the first of them."""

    @property
    def seen(self) -> list[Seen]:
        """What the real controller did."""
        return [Seen(each.wanted, each.replicas) for each in self.syncs]

    def simulated(self, flags: Flags) -> list[Seen]:
        """What the simulator does."""
        times = [round(each.at) for each in self.syncs]
        return simulated(self.case, self.told, times, flags)

    def caveats(self, flags: Flags) -> list[str]:
        """Where these times do not tell what the controller had before it."""
        if len(self.told) != len(self.syncs):
            return [f"{len(self.told)} values were told, {len(self.syncs)} syncs used one"]
        if self.late:
            return ["the first sync was told nothing"]
        return [*self._edges(spec_of(self.case), flags), *self._lags()]

    def _edges(self, spec: Spec, flags: Flags) -> Iterator[str]:
        """Who is within a window is known to the millisecond only."""
        for past, sync in combinations(self.syncs, 2):
            spans = [(window, past.at) for window in windows(spec, flags)]
            if past.scaled:
                # A change is remembered when it has been written, which takes its time.
                spans += [(period, past.done) for period in periods(spec)]
            for length, latest in spans:
                if past.at + length - _EXACT < sync.at < latest + length + _EXACT:
                    yield f"{sync.at:.0f}: at the edge of {length} ms"

    def _lags(self) -> Iterator[str]:
        """The pods were those of when a value was told; the simulator's are those of the sync."""
        case, resolution = self.case, self.case.resolution
        ready = case.running_after + case.ready_after
        times = list(zip(self.told, self.syncs, strict=True))
        for told, sync in times:
            measured = told - told % resolution if resolution else told
            if resolution and sync.at - measured >= resolution:
                yield f"{sync.at:.0f}: at a measurement"
            changes = [
                (told, sync.at, case.running_after),
                (told, sync.at, ready),
                (measured, measured, ready),
                (measured, measured, case.running_after + resolution),
            ]
            for past, made in times:
                if made.scaled and past < told and _differ(changes, past, made.at):
                    yield f"{sync.at:.0f}: at the change of a pod"


def _differ(changes: Sequence[tuple[int, float, int]], past: int, made: float) -> bool:
    """Whether a pod's age passes one of the delays on one of the two clocks only."""
    return any((told - past >= delay) != (at - made >= delay) for told, at, delay in changes)


def play(
    cases: Sequence[Case], cluster: Cluster, metrics: MetricsApi, flags: Flags
) -> Mapping[Case, Played]:
    """Play all, each until the times of its syncs leave no doubt."""
    played: dict[Case, Played] = {}
    for turn in range(_ROUNDS):
        open_ones = [case for case in cases if case not in played or played[case].caveats(flags)]
        if open_ones:
            played |= _round(open_ones, f"load-{turn}", cluster, metrics, flags)
    return played


def _round(
    cases: Sequence[Case], prefix: str, cluster: Cluster, metrics: MetricsApi, flags: Flags
) -> Mapping[Case, Played]:
    with ExitStack() as stack:
        watch = stack.enter_context(cluster.api.watching("/api/v1/pods"))
        for number, case in enumerate(cases):
            stack.enter_context(_deployed(case, f"{prefix}-{number}", cluster))
        players = [
            Player(case, f"{prefix}-{number}", cluster.api, watch, flags)
            for number, case in enumerate(cases)
        ]
        until(lambda: all(each.settled() for each in players), "all pods serve", _PATIENCE)
        for each in players:
            stack.callback(metrics.sources.pop, each.namespace)
            metrics.sources[each.namespace] = each
            path = f"/apis/autoscaling/v2/namespaces/{each.namespace}/horizontalpodautoscalers"
            cluster.api("POST", path, _autoscaler(each.case))
        until(lambda: all(each.ended.is_set() for each in players), "all loads end", _PATIENCE)
    logged = syncs(cluster.folder / "kube-controller-manager.log")
    return {each.case: _played(each, logged[each.namespace]) for each in players}


def _played(player: Player, logged: Sequence[Sync]) -> Played:
    begun = player.begun
    return Played(
        player.case,
        player.instants,
        [replace(each, at=each.at - begun, done=each.done - begun) for each in logged],
        player.late,
    )


@contextmanager
def _deployed(case: Case, namespace: str, cluster: Cluster) -> Iterator[None]:
    cluster.api("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
    try:
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
        cluster.api("POST", path, _deployment(case))
        yield
    finally:
        cluster.api("DELETE", f"/api/v1/namespaces/{namespace}")


def _deployment(case: Case) -> dict[str, Any]:
    requests = {"cpu": f"{REQUEST}m", "memory": f"{REQUEST}Mi"}
    containers = [
        {"name": name, "image": name, "resources": {"requests": requests}}
        for name in case.containers
    ]
    delays = {"running-after": f"{case.running_after}ms", "ready-after": f"{case.ready_after}ms"}
    return {
        "metadata": {"name": "app"},
        "spec": {
            "replicas": case.replicas,
            "selector": {"matchLabels": _LABELS},
            "template": {
                "metadata": {"labels": _LABELS, "annotations": delays},
                "spec": {"containers": containers},
            },
        },
    }


def _autoscaler(case: Case) -> dict[str, Any]:
    return {"metadata": {"name": "app"}, "spec": {**case.spec, "scaleTargetRef": TARGET}}
