"""Scales a service here: processes are replicas, Locust is the load, the arithmetic is exact."""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.outcome import (
    deadline,
    declared,
    endpoints,
    locustfile_of,
    silent,
)
from toolkit.connectors.scaling.replicas import Clock, Replicas
from toolkit.connectors.scaling.run import ScalingLoop
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.connectors.scaling.worker import Answered
from toolkit.errors import ToolkitError
from toolkit.evidence.autoscaling.autoscalers import Scalable, scalable, seconds_back
from toolkit.evidence.autoscaling.pace import with_deadlines
from toolkit.evidence.autoscaling.scaling import Ended, Moment, Scaled, ScalingRun, Share
from toolkit.model.queries import Answer, Leaf, QueryFailure


@dataclass(frozen=True, slots=True)
class LocalScaling:
    """Runs of load on this machine; only its own processes are loaded."""

    folder: Path
    watch: Callable[[Moment, int, str], None] = lambda moment, target, unit: None
    """Callback for each HPA sync, with the target and its unit."""
    system: ClassVar[str] = "scaling"
    _stop: threading.Event = field(default_factory=threading.Event, init=False, compare=False)

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        return {query: self._answer(query) for query in queries if isinstance(query, ScalingRun)}

    def close(self) -> None:
        """Break off the run; it takes its processes with it."""
        self._stop.set()

    def _answer(self, query: ScalingRun) -> Answer[Scaled] | QueryFailure:
        try:
            seen = self._run(query)
        except ToolkitError as error:
            return QueryFailure(error.findings)
        if not seen.requests:
            return QueryFailure((silent(query.scaling),))
        return Answer(seen, "Locust on this machine", seen.requests, "requests")

    def _run(self, query: ScalingRun) -> Scaled:
        expected = query.scaling
        locustfile = locustfile_of(expected, self.folder)
        scaled = scalable(expected, declared(query.kubernetes, self.folder))
        service = query.service
        assert service is not None, "a run on this machine is asked for with a service"
        clock = Clock(expected.speed)
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toolkit-")))
            replicas = Replicas(service, self.folder, scratch, scaled, clock)
            stack.enter_context(replicas)
            spreader = stack.enter_context(Spreader())
            host = f"http://127.0.0.1:{spreader.port}"
            load = stack.enter_context(Load(locustfile, host, scratch, {}, expected.workers))
            run = ScalingLoop(
                expected, scaled, clock, replicas, spreader, load, self._stop, self._watch(scaled)
            )
            run.start()
            ended = run.ramp()
            shares = run.shares() if ended == "reached" else ()
            needed = seconds_back(scaled, run.moments[-1].desired)
            within = deadline(expected, needed)
            loaded = tuple(run.answered)
            run.rest(within)
        seen = _scaled(run, scaled, ended, shares, loaded, within)
        seen = replace(seen, needed=needed if math.isfinite(needed) else None)
        return with_deadlines(seen, scaled, expected.reaches)

    def _watch(self, scaled: Scalable) -> Callable[[Moment], None]:
        return lambda moment: self.watch(moment, scaled.metric.target.number, scaled.unit)


def _scaled(
    run: ScalingLoop,
    scaled: Scalable,
    ended: Ended,
    shares: tuple[Share, ...],
    loaded: Sequence[Answered],
    within: float,
) -> Scaled:
    spec, metric = scaled.hpa.spec, scaled.metric
    return Scaled(
        moments=tuple(run.moments),
        endpoints=tuple(endpoints(loaded)),
        shares=shares,
        autoscaler=spec.scales.name,
        minimum=max(1, spec.minimum),
        maximum=spec.maximum,
        target=metric.target.number,
        unit=scaled.unit,
        most=scaled.most,
        speed=run.expected.speed,
        deadline=within,
        ended=ended,
        remarks=(*scaled.remarks(run.expected.speed), *run.load.remarks()),
    )
