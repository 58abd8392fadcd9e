"""Looks again and again at one autoscaler, its workload, and what the pods use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from toolkit.connectors.cluster.failures import FINAL, gone
from toolkit.connectors.cluster.proxy import Api, Timed
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.cluster_snapshot import (
    ClusterSnapshot,
    cluster_snapshot,
    ready_pods,
    rescale_reason,
)
from toolkit.evidence.kubernetes.refusals import refusal
from toolkit.kubernetes.api import collection, objects, pod_metrics
from toolkit.kubernetes.manifests import Manifest

_ATTEMPTS = 5
_PAUSE = 1.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Watched:
    """An autoscaler of a cluster, and the workload that it scales."""

    api: Api
    scaled: Scalable
    hpa: Manifest
    workload: Manifest
    namespace: str
    stop: threading.Event

    def look(self) -> ClusterSnapshot:
        """Return the current snapshot; raise `Unavailable` if it cannot be read, or is gone."""
        hpa = self._object(self.hpa)
        workload = self._object(self.workload)
        usage = self._again(lambda: self.api.get(pod_metrics(self.namespace, self._selector)))
        return cluster_snapshot(self.scaled.metric, hpa, workload, usage.reply, usage.at)

    def ready(self) -> tuple[str, ...]:
        """The names of the pods that take traffic."""
        path = collection("Pod", self.namespace, selector=self._selector)
        return ready_pods(self._again(lambda: self._read(path)).reply.body)

    def reason(self) -> str:
        """Return the reason of the last rescale from its event, if events may be read."""
        about = f"involvedObject.name={self.hpa.name},reason=SuccessfulRescale"
        path = f"{collection('Event', self.namespace)}?fieldSelector={quote(about)}"
        found = self._again(lambda: self.api.get(path)).reply
        return rescale_reason(found.body) if found.status == 200 else ""

    @property
    def _selector(self) -> object:
        return self.workload.get("spec", "selector")

    def _object(self, known: Manifest) -> Manifest:
        path = collection(known.kind, self.namespace, known.name)
        found = self._again(lambda: self._read(path, known))
        return next(objects(found.reply.body, known.kind))

    def _read(self, path: str, known: Manifest | None = None) -> Timed:
        found = self.api.get(path)
        if found.reply.status == 404 and known is not None:
            raise Unavailable(gone(known))
        if found.reply.status != 200:
            raise Unavailable(refusal(path, found.reply.status, found.reply.body))
        return found

    def _again(self, ask: Callable[[], T]) -> T:
        """A server that is away for a moment is asked again."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return ask()
            except Unavailable as error:
                if error.finding.kind == FINAL or self.stop.wait(_PAUSE):
                    raise
        return ask()
