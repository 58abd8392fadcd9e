"""One autoscaler of a running cluster: each sync predicted from what it read.

Recorded are the reads of the metrics APIs, the exact times of the syncs. The pods are inferred
from the Deployment's status, which lags by a moment, so not every sync can be told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from tests.kubernetes.autoscaling.replay import milliseconds
from tests.kubernetes.autoscaling.replay.controller import read_flags
from toolkit.kubernetes.autoscaling.controller import Autoscaler, State, sync
from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.normalization import (
    remember_rescale,
    with_first_recommendation,
)
from toolkit.kubernetes.autoscaling.observation import (
    ContainerRequests,
    MetricAnswer,
    Observation,
    ObservedPods,
    Pod,
    PodMetrics,
    PodTemplate,
    Scale,
)
from toolkit.kubernetes.quantities import amount, milli

TOGETHER = 1000
"""Reads this near belong to one sync, and a change of the Deployment follows within it."""
LAG = 100
"""How late the watches were at most."""
USUAL_LAG = 35
"""How late mostly: a pod is ready, and a change stored, before the Deployment tells it."""
WINDOW = 15_000


class Entry(NamedTuple):
    """The Deployment from a moment on."""

    at: int
    spec: int
    status: int
    ready: int


@dataclass
class Sync:
    """The reads of one sync, by the name of the metric."""

    at: int
    reads: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """A record of ``live.jsonl``."""

    record: dict[str, Any]

    @property
    def expected(self) -> list[tuple[int, int]]:
        """Time and replicas after every sync that read metrics."""
        return [(each.at, self.after(each.at)) for each in self.syncs]

    def observe(self) -> list[tuple[int, int]]:
        """What the emulation sets in each of these syncs."""
        return list(self._replay())

    @property
    def syncs(self) -> list[Sync]:
        """The syncs that read metrics."""
        found: list[Sync] = []
        for read in self.record["metric_reads"]:
            at = milliseconds(read["t"])
            if not found or at - found[-1].at > TOGETHER:
                found.append(Sync(at))
            found[-1].reads[read["metric"]] = read
        return found

    @property
    def timeline(self) -> list[Entry]:
        """The Deployment's changes."""
        return [
            Entry(
                milliseconds(each["t"]),
                each["spec_replicas"],
                each["status_replicas"],
                each["ready_replicas"],
            )
            for each in self.record["deployment"]
        ]

    def deployment(self, at: int) -> Entry:
        """The Deployment as it was at a time."""
        timeline = self.timeline
        place = bisect_right([entry.at for entry in timeline], at)
        return timeline[max(place - 1, 0)]

    def after(self, at: int) -> int:
        """The replicas that a sync left, before anybody edited them."""
        edits = [milliseconds(each["t"]) for each in self.record["edits"]]
        return self.deployment(
            min([at + TOGETHER, *(edit - LAG for edit in edits if at < edit - LAG)])
        ).spec

    def _replay(self) -> Iterator[tuple[int, int]]:
        state = State()
        template = read_template(self.record)
        hpa = Autoscaler(decode_spec(self.record["spec_stored"]), read_flags(self.record["flags"]))
        changes = [
            (milliseconds(each["t"]), each["spec"]) for each in self.record["spec_changes_seen"]
        ]
        silent = self._changes_without_reads()
        for each in self.syncs:
            while changes and changes[0][0] <= each.at:
                hpa = replace(hpa, spec=decode_spec(changes.pop(0)[1]))
            while silent and silent[0].at <= each.at:
                state = _forced(hpa, state, silent.pop(0), self)
            observation = self._observation(each, hpa, template)
            outcome = sync(hpa, state, observation)
            assert outcome.replicas is not None
            yield each.at, outcome.replicas
            state = outcome.state
            state = self._as_it_went(hpa, state, each.at)

    def _changes_without_reads(self) -> list[Entry]:
        """Changes of the replicas that no read and no edit by hand led to."""
        syncs = [each.at for each in self.syncs]
        causes = sorted(syncs + [milliseconds(each["t"]) for each in self.record["edits"]])
        timeline = self.timeline
        return [
            entry
            for before, entry in pairwise(timeline)
            if entry.spec != before.spec and not _caused(causes, entry.at)
        ]

    def _observation(self, each: Sync, hpa: Autoscaler, template: PodTemplate) -> Observation:
        seen = self.deployment(each.at)
        pods = self._pods(each, seen, template)
        answers = tuple(
            _answer(each.reads.get("external", {}))
            if metric.source == "External"
            else MetricAnswer()
            for metric in hpa.spec.metrics
        )
        return Observation(each.at, Scale(seen.spec, seen.status), pods, answers=answers)

    def _pods(self, each: Sync, seen: Entry, template: PodTemplate) -> tuple[ObservedPods, ...]:
        read = each.reads.get("resource") or each.reads.get("qps") or {}
        running = read.get("pods", seen.ready)
        metrics = _metrics(read, self._whole(each.at))
        found = [
            ObservedPods(Pod(ready_changed=at, started=at, name="app"), template, metrics, count)
            for at, count in self._ready_since(each.at, running)
        ]
        pending = seen.status - running
        if pending > 0:
            waiting = Pod("Pending", "False", each.at, None, name="app")
            found.append(ObservedPods(waiting, template, count=pending))
        return tuple(found)

    def _ready_since(self, now: int, running: int) -> list[tuple[int, int]]:
        """Running pods by when they became ready, in whole seconds; the newest leave first."""
        groups: list[tuple[int, int]] = []
        for entry in self.timeline:
            if entry.at > now:
                break
            groups = _with_total(groups, entry.at, entry.ready)
        groups = _with_total(groups, now, running)
        return [(self._whole(at - USUAL_LAG) if at else -3_600_000, count) for at, count in groups]

    @cached_property
    def offset(self) -> int:
        """How many milliseconds after a whole second of the wall clock the recording began.

        Kubernetes keeps times in whole seconds. The recording has some of them: when the replicas
        were last set, to the nearest second since its begin. All of them together leave little
        choice.
        """
        moves = [
            after.at for before, after in pairwise(self.timeline) if after.spec != before.spec
        ]
        told = [
            (next((at for at in reversed(moves) if at <= seen + LAG), None), last * 1000)
            for seen, last in self._last_scaled()
        ]
        known = [(at, last) for at, last in told if at is not None]
        fits = [
            sum(abs(_cut(at, offset) - last) <= 500 for at, last in known)
            for offset in range(0, 1000, 10)
        ]
        best = [place for place, count in enumerate(fits) if count == max(fits)]
        return best[len(best) // 2] * 10

    def _last_scaled(self) -> Iterator[tuple[int, int]]:
        """When the status first told of a change, and the second that it gave for it."""
        before = None
        for each in self.record["hpa_status"]:
            last = each.get("last_scale_t_approx")
            if last is not None and last != before:
                yield milliseconds(each["t"]), last
                before = last

    def _whole(self, at: int) -> int:
        """A time as Kubernetes keeps it."""
        return _cut(at, self.offset)

    def _as_it_went(self, hpa: Autoscaler, state: State, at: int) -> State:
        """Remember the change that was really made, should another have been predicted."""
        before, after = self.deployment(at).spec, self.after(at)
        kept = state.memory._replace(
            ups=tuple(each for each in state.memory.ups if each.at != at),
            downs=tuple(each for each in state.memory.downs if each.at != at),
        )
        if kept == state.memory and before == after:
            return state
        written = self._written(at)
        return replace(state, memory=remember_rescale(kept, hpa.spec, written, before, after))

    def _written(self, at: int) -> int:
        """When the change of a sync was stored: once it was written, not when it was decided."""
        before = self.deployment(at).spec
        later = (each.at for each in self.timeline if each.at > at and each.spec != before)
        seen = next((each for each in later if each <= at + TOGETHER), at)
        return max(at, seen - USUAL_LAG)


def _forced(hpa: Autoscaler, state: State, entry: Entry, live: Live) -> State:
    before = live.deployment(entry.at - 1).spec
    memory = with_first_recommendation(state.memory, entry.at, before)
    return replace(state, memory=remember_rescale(memory, hpa.spec, entry.at, before, entry.spec))


def _caused(causes: Sequence[int], at: int) -> bool:
    return any(cause <= at + LAG and at <= cause + TOGETHER for cause in causes)


def _with_total(groups: list[tuple[int, int]], at: int, total: int) -> list[tuple[int, int]]:
    held = sum(count for _, count in groups)
    if total > held:
        return [*groups, (at, total - held)]
    kept: list[tuple[int, int]] = []
    for since, count in groups:
        count = min(count, total - sum(each for _, each in kept))
        if count > 0:
            kept.append((since, count))
    return kept


def _cut(at: int, offset: int) -> int:
    return (at + offset) // 1000 * 1000 - offset


def _metrics(read: dict[str, Any], at: int) -> PodMetrics:
    """What the API returned of a pod."""
    usage = {}
    if "per_pod_cpu_milli" in read:
        usage["cpu"] = read["per_pod_cpu_milli"]
    if "per_pod_memory_mib" in read:
        usage["memory"] = read["per_pod_memory_mib"] * 2**20 * 1000
    values = {"qps": read["per_pod_milli"]} if "per_pod_milli" in read else {}
    return PodMetrics(at, WINDOW, {"app": usage}, values)


def _answer(read: dict[str, Any]) -> MetricAnswer:
    value = read.get("value_milli")
    return MetricAnswer(() if value is None else (value,))


def read_template(record: dict[str, Any]) -> PodTemplate:
    """The one container of the pods."""
    requests = {
        resource: milli(amount(record[f"pod_request_{resource}"]))
        for resource in ("cpu", "memory")
        if record[f"pod_request_{resource}"] is not None
    }
    return PodTemplate((ContainerRequests("app", requests),))
