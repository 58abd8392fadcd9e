"""Plays a load to the real controller, sync by sync."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from tests.cluster.api import Api, Watch
from tests.cluster.metrics import Asked, Sample, Unavailable
from tests.cluster.timelines.cases import Case
from tests.cluster.timelines.simulated import periods, spec_of, windows
from toolkit.kubernetes.autoscaling.spec import Flags

_NEAR = 300
"""Milliseconds that pass, mostly, from an answer until the controller makes something of it."""
_SETTLED = 0.5
"""Seconds without a change after which the controller has seen it, too."""
_LONG_AGO = -86_400_000


class _Pod(NamedTuple):
    """When a pod begins to run, and to serve; milliseconds."""

    running: int
    ready: int


class Player:
    """Answers the controller for the one autoscaler of a namespace.

    Times are milliseconds since the player began.
    """

    def __init__(self, case: Case, namespace: str, api: Api, watch: Watch, flags: Flags) -> None:
        """Begin to play; the pods are to be there, their autoscaler is not."""
        self.case, self.namespace = case, namespace
        self.begun = time.time() * 1000
        """Since the epoch."""
        self.instants: list[int] = []
        """When each value of the load was told."""
        self.late = False
        """Whether a sync was told nothing before the first value, which it may remember."""
        self.ended = threading.Event()
        self._api, self._watch = api, watch
        spec = spec_of(case)
        self._edges, self._period = windows(spec, flags) | periods(spec), flags.sync_period
        self._pods = [_Pod(_LONG_AGO, _LONG_AGO)] * case.replicas
        self._requests = 0
        self._answer: Mapping[str, Sample] | str = ""
        self._measured = (-1, 0)
        """When it was last measured, and what each pod used."""

    def settled(self) -> bool:
        """Whether the pods are what they should be, and have been for a while."""
        return self._calm() and not self._unlike(self._now)

    def __call__(self, _: Asked) -> Mapping[str, Sample]:
        """Answer the controller, which asks once for each metric in every sync.

        Its log tells why a sync was told nothing.
        """
        metric = self._requests % len(self.case.spec["metrics"])
        self._requests += 1
        if metric == 0:
            self._answer = self._sync()
        if isinstance(self._answer, str):
            raise Unavailable(self._answer)
        return self._answer

    @property
    def _now(self) -> int:
        return round(time.time() * 1000 - self.begun)

    def _sync(self) -> Mapping[str, Sample] | str:
        if not self.instants and self._forced:
            # The sync before this one asked for no metrics.
            self.instants.append(self._now - self._period)
        if len(self.instants) == len(self.case.cpu):
            self.ended.set()
            return "the load has ended"
        self._resize()
        now = self._now
        if reason := self._unlike(now) or self._unsure(now):
            self.late = self.late or not self.instants
            return reason
        self.instants.append(now)
        return dict(self._samples(now))

    @property
    def _forced(self) -> bool:
        spec = spec_of(self.case)
        return not spec.minimum <= self.case.replicas <= spec.maximum

    def _resize(self) -> None:
        """See what the sync before has done, which is over by now; the newest pods leave first."""
        if self.instants:
            path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments/app"
            replicas = self._api.get(path)["spec"]["replicas"]
            running = self.instants[-1] + self.case.running_after
            new = [_Pod(running, running + self.case.ready_after)] * (replicas - len(self._pods))
            self._pods = (self._pods + new)[:replicas]

    def _unlike(self, now: int) -> str:
        """In what the pods are not as they should be; empty if they are."""
        wanted = [
            "serving" if now >= pod.ready else "starting" if now >= pod.running else "pending"
            for pod in self._pods
        ]
        found = [_state(pod) for pod in self._live()]
        return "" if sorted(found) == sorted(wanted) else f"pods {found}, wanted {wanted}"

    def _unsure(self, now: int) -> str:
        """Why the controller, which learns this a little later, might see something else."""
        if not self._calm():
            return "pods have only just changed"
        edges = (past + edge for past in self.instants for edge in self._edges)
        if any(abs(now - each) < _NEAR for each in edges):
            return "at the edge of a window"
        resolution = self.case.resolution
        moments = {moment for pod in self._pods for moment in (*pod, pod.running + resolution)}
        if any(0 < each - now < _NEAR for each in moments):
            return "before the change of a pod"
        ends = self._measured_at(now) + resolution
        return "before a measurement" if resolution and ends - now < _NEAR else ""

    def _calm(self) -> bool:
        return time.monotonic() - self._watch.changed(self.namespace) > _SETTLED

    def _live(self) -> list[Any]:
        return [
            pod
            for pod in self._watch.objects
            if pod["metadata"]["namespace"] == self.namespace
            and "deletionTimestamp" not in pod["metadata"]
        ]

    def _samples(self, now: int) -> Iterator[tuple[str, Sample]]:
        at = self._measure(now)
        measured = sum(at >= pod.running + self.case.resolution for pod in self._pods)
        running = sorted(
            (pod for pod in self._live() if pod["status"]["phase"] == "Running"),
            key=lambda pod: (_state(pod), pod["metadata"]["creationTimestamp"]),
        )
        usage = {"cpu": self._measured[1]}
        if self.case.memory:
            usage["memory"] = self.case.memory[len(self.instants) - 1] * 2**20 * 1000
        worker, *idle = self.case.containers
        containers = {worker: usage, **{name: dict.fromkeys(usage, 0) for name in idle}}
        for pod in running[:measured]:
            yield pod["metadata"]["name"], Sample(containers, window=1.0)

    def _measured_at(self, now: int) -> int:
        return now - now % self.case.resolution if self.case.resolution else now

    def _measure(self, now: int) -> int:
        """Measure anew if it is time; returns when it was done last."""
        at = self._measured_at(now)
        if at > self._measured[0]:
            load = self._mean(at)
            if self.case.shared:
                serving = sum(at >= pod.ready for pod in self._pods)
                load = load // serving if serving else 0
            most = self.case.most
            self._measured = at, load if most is None else min(load, most)
        return self._measured[0]

    def _mean(self, until: int) -> int:
        """Of the load, which is its first value before, and changes at each sync."""
        since = until - self.case.resolution
        if since == until:
            return self.case.cpu[len(self.instants) - 1]
        times = [min(since, self.instants[0]), *self.instants[1:], until]
        area = sum(
            load * max(0, min(end, until) - max(start, since))
            for load, (start, end) in zip(self.case.cpu, pairwise(times), strict=False)
        )
        return area // (until - since)


def _state(pod: Any) -> str:
    conditions = {each["type"]: each["status"] for each in pod["status"].get("conditions", ())}
    if pod["status"]["phase"] != "Running":
        return "pending"
    return "serving" if conditions["Ready"] == "True" else "starting"
