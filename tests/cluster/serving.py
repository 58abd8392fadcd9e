"""A service behind pods that have no containers: for each pod that is ready, a process here.

The processes come and go as the pods do, a port in front of them spreads connections as a
Service does, and the metrics API tells what CPU each of them really uses.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.cluster.api import ApiError
from tests.cluster.daemons import free_port
from tests.cluster.metrics import Asked, MetricsApi, Sample
from tests.cluster.plane import Cluster
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.connectors.scaling.usage import ProcessTree

_PERIOD = 0.4
"""Seconds between two measurements."""
_PROGRAM = Path(__file__).parents[1] / "scaling" / "service.py"


class Process(NamedTuple):
    """What serves in the place of a pod."""

    port: int
    usage: ProcessTree
    end: Callable[[], object]


class Serving:
    """The processes of the pods of one label in one namespace."""

    def __init__(
        self,
        cluster: Cluster,
        namespace: str,
        label: str,
        spreader: Spreader,
        start: Callable[[str], Process],
    ) -> None:
        self.pinned = False
        """Whether all connections go to one pod, as through a port-forward."""
        self.port = spreader.port
        self._pods = f"/api/v1/namespaces/{namespace}/pods?labelSelector={label}"
        self._cluster, self._spreader = cluster, spreader
        self._start = start
        self._processes: dict[str, Process] = {}
        self._samples: dict[str, Sample] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="serving", daemon=True)
        self._thread.start()

    def samples(self, asked: Asked) -> Mapping[str, Sample]:
        """What each pod has used lately."""
        return dict(self._samples)

    def close(self) -> None:
        """End all processes."""
        self._ended.set()
        self._thread.join()
        for name in list(self._processes):
            self._end(name)

    @property
    def count(self) -> int:
        """How many processes there are."""
        return len(self._processes)

    @property
    def requests(self) -> int:
        """How many requests have come."""
        return sum(self._spreader.requests.values())

    @property
    def shares(self) -> list[int]:
        """How many requests each of the processes has got that there are now."""
        return [self._spreader.requests[each.port] for each in list(self._processes.values())]

    def _follow(self) -> None:
        while not self._ended.wait(_PERIOD):
            # A control plane that ends, or is busy, is asked again.
            with suppress(ApiError, OSError):
                names = [p["metadata"]["name"] for p in self._asked() if _serves(p)]
                self._adapt(names)

    def _asked(self) -> list[Any]:
        found: list[Any] = self._cluster.api.get(self._pods)["items"]
        return found

    def _adapt(self, names: list[str]) -> None:
        for name in [each for each in self._processes if each not in names]:
            self._end(name)
        for name in [each for each in names if each not in self._processes]:
            self._processes[name] = self._start(name)
        for name, process in self._processes.items():
            started = time.monotonic()
            milli = round(process.usage.measure().cores * 1000)
            self._samples[name] = Sample.cpu(milli, window=_PERIOD + time.monotonic() - started)
        ports = [each.port for each in self._processes.values() if _listens(each.port)]
        self._spreader.spread(ports[:1] if self.pinned else ports)

    def _end(self, name: str) -> None:
        process = self._processes.pop(name)
        self._samples.pop(name, None)
        process.end()


def _shop(name: str) -> Process:
    port = free_port()
    popen = subprocess.Popen([sys.executable, str(_PROGRAM), str(port), name])

    def end() -> None:
        popen.kill()
        popen.wait()

    return Process(port, ProcessTree(popen.pid), end)


@contextmanager
def serving(
    cluster: Cluster,
    metrics: MetricsApi,
    namespace: str,
    label: str,
    start: Callable[[str], Process] = _shop,
) -> Iterator[Serving]:
    """Follow the pods of a namespace, and tell the metrics API what they use."""
    with Spreader() as spreader:
        following = Serving(cluster, namespace, label, spreader, start)
        metrics.sources[namespace] = following.samples
        try:
            yield following
        finally:
            del metrics.sources[namespace]
            following.close()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _serves(pod: Any) -> bool:
    conditions = {e["type"]: e["status"] for e in pod["status"].get("conditions", ())}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]
