"""Scales a service here: processes are replicas, Locust is the load, the arithmetic is exact."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.scaling import outcome
from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.load_run import Watch
from toolkit.connectors.scaling.local_run import LocalRun
from toolkit.connectors.scaling.replicas import Clock, Replicas
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.evidence.autoscaling.autoscalers import scalable
from toolkit.evidence.autoscaling.pace import with_deadlines
from toolkit.evidence.autoscaling.scaling import Scaled, ScalingRun
from toolkit.model.queries import Answer, Leaf


@dataclass(frozen=True, slots=True)
class LocalScaling:
    """Runs of load on this machine; only its own processes are loaded."""

    folder: Path
    watch: Watch = lambda moment, target, unit: None
    system: ClassVar[str] = "scaling"
    _stop: threading.Event = field(default_factory=threading.Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return answer_each(self._answer, queries)

    def close(self) -> None:
        """Break off the run; it takes its processes with it."""
        self._stop.set()

    def _answer(self, query: ScalingRun) -> Answer[Scaled]:
        seen = outcome.with_requests(self._run(query), query.scaling)
        return Answer(seen, "Locust on this machine", seen.requests, "requests")

    def _run(self, query: ScalingRun) -> Scaled:
        expected, service = query.scaling, query.service
        locustfile = outcome.locustfile_of(expected, self.folder)
        scaled = scalable(
            expected,
            outcome.declared(query.kubernetes, self.folder),
            query.kubernetes.versions,
        )
        assert service is not None, "a run on this machine is asked for with a service"
        clock = Clock(expected.speed)
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toolkit-")))
            replicas = Replicas(service, self.folder, scratch, scaled, clock)
            stack.enter_context(replicas)
            spreader = stack.enter_context(Spreader())
            host = f"http://127.0.0.1:{spreader.port}"
            load = stack.enter_context(Load(locustfile, host, scratch, {}, expected.workers))
            run = LocalRun(
                expected=expected,
                scaled=scaled,
                load=load,
                stop=self._stop,
                watch=self.watch,
                period=scaled.hpa.flags.sync_period / 1000 / expected.speed,
                clock=clock,
                replicas=replicas,
                spreader=spreader,
            )
            run.start()
            ended = run.ramp()
            shares = run.shares() if ended == "reached" else ()
            remarks = (*scaled.remarks(expected.speed), *load.remarks())
            seen = replace(run.scale_back(ended), shares=shares, remarks=remarks)
        return with_deadlines(seen, scaled, expected.reaches)
