"""The replicas of a service as processes of this machine, as the API server would show them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from toolkit.connectors.scaling.usage import ProcessTree
from toolkit.connectors.service.client import ServiceClient
from toolkit.connectors.service.process import ServiceProcess
from toolkit.errors import Unavailable
from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.kubernetes.autoscaling.observation import ObservedPods, Pod, PodMetrics
from toolkit.model.expectations.service import ServiceExpectation

_PROBE = 1.0
"""Seconds a readiness probe waits, as Kubernetes does by default."""
_FAREWELL = 5.0
"""Seconds in which they may tidy up before they are killed."""
_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of the cluster, which passes faster than that of this machine."""

    speed: float
    started: float = field(default_factory=time.monotonic)

    def now(self) -> int:
        """Milliseconds of the cluster since the start."""
        return round((time.monotonic() - self.started) * self.speed * 1000)


@dataclass(slots=True)
class Replica:
    """One process of the service."""

    name: str
    process: ServiceProcess
    usage: ProcessTree
    started: int
    """On the clock of the cluster."""
    changed: int
    """When it last became ready, or not ready."""
    ready: bool = False
    metrics: PodMetrics | None = None

    def pod(self) -> Pod:
        """Its object as the API server would return it."""
        return Pod(
            ready=str(self.ready),
            ready_changed=self.changed,
            started=self.started,
            name=self.name,
        )


class Replicas:
    """As many processes as an autoscaler wants; none is left when this ends."""

    def __init__(
        self,
        service: ServiceExpectation,
        folder: Path,
        scratch: Path,
        scaled: Scalable,
        clock: Clock,
    ) -> None:
        """Prepare; no process is started yet.

        Args:
            service: The command and the environment of the service.
            folder: The folder in which it runs.
            scratch: A folder for the output of the replicas.
            scaled: The autoscaler and its workload.
            clock: The clock of the run.
        """
        self.all: list[Replica] = []
        self.used = 0
        """The CPU that all of them used when last measured, in millicores."""
        self._service, self._folder, self._scratch = service, folder, scratch
        self._scaled, self._clock = scaled, clock
        self._leaving: list[ServiceProcess] = []
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        processes = (*self._leaving, *(each.process for each in self.all))
        for process in processes:
            process.popen.terminate()
        end = time.monotonic() + _FAREWELL
        for process in processes:
            process.stop(max(0.0, end - time.monotonic()))
            process.kill()

    @property
    def ready(self) -> list[Replica]:
        """Those that take traffic, the oldest first."""
        return [each for each in self.all if each.ready]

    def resize(self, wanted: int) -> Sequence[Replica]:
        """Start some, or take the newest away; returns what is left, for the traffic."""
        while len(self.all) < wanted:
            self.all.append(self._start())
        for each in self.all[wanted:]:
            each.process.popen.terminate()
            self._leaving.append(each.process)
        del self.all[wanted:]
        return self.all

    def probe(self) -> None:
        """See which of them have become ready; raises `Unavailable` where one has ended."""
        for each in self.all:
            if each.process.popen.poll() is not None:
                raise Unavailable.of(
                    what=f"{each.name} ended with exit code {each.process.popen.returncode}",
                    where=self._service.declared,
                    why="a replica that ends under load takes no share of it",
                    fix="run the command of the contract by hand, and read its output.",
                )
            if not each.ready and self._answers(each):
                each.ready, each.changed = True, self._clock.now()

    def measure(self) -> tuple[ObservedPods, ...]:
        """The pods, each with what it has used since this was last called."""
        self.used = 0
        for each in self.all:
            used = each.usage.measure()
            milli = round(used.cores * 1000)
            self.used += milli
            each.metrics = self._scaled.metrics(self._clock.now(), milli, used.memory)
        return tuple(
            ObservedPods(each.pod(), self._scaled.template, each.metrics) for each in self.all
        )

    def _answers(self, replica: Replica) -> bool:
        status = ServiceClient(replica.process.port, timeout=_PROBE).status(self._service.ready)
        return status is not None and status < 400

    def _start(self) -> Replica:
        self._number += 1
        name = f"replica {self._number}"
        scratch = self._scratch / str(self._number)
        scratch.mkdir()
        zone = self._service.environment.get("TZ", _ZONE)
        process = ServiceProcess.start(self._service, self._folder, scratch, zone)
        now = self._clock.now()
        return Replica(name, process, ProcessTree(process.popen.pid), now, now)
