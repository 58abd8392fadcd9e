"""Scales a service here: processes are replicas, Locust is the load, the arithmetic is exact."""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from toolkit.connectors.files import FileSystem
from toolkit.connectors.scaling.load import Answered, Load
from toolkit.connectors.scaling.replicas import Clock, Replicas
from toolkit.connectors.scaling.run import Run
from toolkit.connectors.scaling.spreader import Spreader
from toolkit.errors import InputError, ToolkitError, Unavailable
from toolkit.evidence.autoscalers import Scalable, scalable, seconds_back
from toolkit.evidence.files import Files
from toolkit.evidence.manifests import ManifestsIn
from toolkit.evidence.scaling import Ended, Endpoint, Moment, Scaled, ScalingRun, Share, percentile
from toolkit.findings import Finding
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer, Leaf, Unanswered

__all__ = ["LocalScaling"]

_LONGEST = 600.0
"""Seconds of the cluster that are waited where the autoscaler never comes back by itself."""
_SLACK = 5.0
"""Seconds of this machine for what is not the autoscaler's: processes that end, a busy CPU."""


@dataclass(frozen=True, slots=True)
class LocalScaling:
    """Runs of load on this machine; only its own processes are loaded."""

    folder: Path
    watch: Callable[[Moment, int, str], None] = lambda moment, target, unit: None
    """Hears of each sync, with the target and its unit."""
    system: ClassVar[str] = "scaling"
    _stop: threading.Event = field(default_factory=threading.Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Mapping[Leaf[Any], Answer[Any] | Unanswered]:
        return {query: self._answer(query) for query in queries if isinstance(query, ScalingRun)}

    def close(self) -> None:
        """Break off the run; it takes its processes with it."""
        self._stop.set()

    def _answer(self, query: ScalingRun) -> Answer[Scaled] | Unanswered:
        try:
            seen = self._run(query)
        except ToolkitError as error:
            return Unanswered(error.findings)
        if not seen.requests:
            return Unanswered((_silent(query.scaling),))
        return Answer(seen, "Locust on this machine", seen.requests, "requests")

    def _run(self, query: ScalingRun) -> Scaled:
        expected = query.scaling
        locustfile = self.folder / expected.locustfile
        if not locustfile.is_file():
            raise InputError(_no_locustfile(expected))
        scaled = self._scalable(query)
        clock = Clock(expected.speed)
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toolkit-")))
            replicas = Replicas(query.service, self.folder, scratch, scaled, clock)
            stack.enter_context(replicas)
            spreader = stack.enter_context(Spreader())
            host = f"http://127.0.0.1:{spreader.port}"
            load = stack.enter_context(Load(locustfile, host, scratch, {}))
            run = Run(
                expected, scaled, clock, replicas, spreader, load, self._stop, self._watch(scaled)
            )
            run.start()
            ended = run.ramp()
            shares = run.shares() if ended == "reached" else ()
            needed = seconds_back(scaled, run.moments[-1].desired)
            within = _deadline(expected, needed)
            loaded = tuple(run.answered)
            run.rest(within)
        seen = _scaled(run, scaled, ended, shares, loaded, within)
        return replace(seen, needed=needed if math.isfinite(needed) else None)

    def _watch(self, scaled: Scalable) -> Callable[[Moment], None]:
        return lambda moment: self.watch(moment, scaled.metric.target.number, scaled.unit)

    def _scalable(self, query: ScalingRun) -> Scalable:
        kubernetes = query.kubernetes
        wanted = Files(kubernetes.manifests, kubernetes.declared, "manifests")
        files = FileSystem(self.folder).answer([wanted])[wanted]
        if isinstance(files, Unanswered):
            raise Unavailable(*files.findings)
        read = ManifestsIn(wanted, kubernetes.namespace, kubernetes.injected).derive(files)
        return scalable(query.scaling, read.evidence)


def _deadline(expected: ScalingExpectation, needed: float) -> float:
    """Seconds of this machine in which the minimum must be back."""
    seconds = min(needed, _LONGEST) if expected.back == "auto" else expected.back
    return seconds / expected.speed + _SLACK


def _scaled(
    run: Run,
    scaled: Scalable,
    ended: Ended,
    shares: tuple[Share, ...],
    loaded: Sequence[Answered],
    within: float,
) -> Scaled:
    spec, metric = scaled.hpa.spec, scaled.metric
    return Scaled(
        moments=tuple(run.moments),
        endpoints=tuple(_endpoints(loaded)),
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
        remarks=tuple(scaled.remarks(run.expected.speed)),
    )


def _endpoints(answered: Sequence[Answered]) -> Iterator[Endpoint]:
    for name in sorted({each.endpoint for each in answered}):
        own = [each for each in answered if each.endpoint == name]
        yield Endpoint(
            name,
            len(own),
            sum(bool(each.error) for each in own),
            percentile([each.seconds for each in own], 0.95),
            next((each.error for each in own if each.error), ""),
        )


def _no_locustfile(expected: ScalingExpectation) -> Finding:
    return Finding(
        what=f"there is no locustfile at `{expected.locustfile}`",
        where=expected.declared,
        why="it says what the users do; paths start at the contract's folder",
        fix="write one, or correct `scaling.locustfile`.",
    )


def _silent(expected: ScalingExpectation) -> Finding:
    return Finding(
        what="no requests: the users sent none",
        where=expected.declared,
        why=f"`{expected.locustfile}` was run, and without requests nothing is scaled or proved",
        fix="give its users tasks that send requests to the host they are given.",
    )
