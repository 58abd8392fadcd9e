"""Scales a service in a cluster: its own autoscaler decides, and Locust is the load."""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.connectors.cluster.cluster_run import ClusterRun
from toolkit.connectors.cluster.forwards import forwarded, is_here
from toolkit.connectors.cluster.proxy import Api
from toolkit.connectors.cluster.reading import read
from toolkit.connectors.cluster.shares import pinned
from toolkit.connectors.cluster.watching import Watched
from toolkit.connectors.scaling import outcome
from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.load_run import Watch
from toolkit.errors import InputError, Unavailable
from toolkit.evidence.autoscaling.autoscalers import scalable
from toolkit.evidence.autoscaling.pace import with_deadlines
from toolkit.evidence.autoscaling.scaling import Scaled, ScalingRun
from toolkit.evidence.kubernetes.cluster import cluster, lists
from toolkit.findings import Finding, Location
from toolkit.kubernetes.autoscaling.spec import Flags
from toolkit.model.expectations.targets import KubernetesTarget
from toolkit.model.queries import Answer, Leaf


@dataclass(frozen=True, slots=True)
class ClusterScaling:
    """Runs of load in a cluster, which is read; only the users' requests go to it."""

    folder: Path
    access: ClusterAccess
    target: KubernetesTarget
    """The cluster of the contract; the load goes to its `url`."""
    watch: Watch = lambda moment, target, unit: None
    system: ClassVar[str] = "scaling"
    _stop: threading.Event = field(default_factory=threading.Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return answer_each(self._answer, queries)

    @property
    def url(self) -> str:
        """The base URL of the users' requests."""
        return self.target.url or ""

    def close(self) -> None:
        """Break off the run; it takes its processes with it."""
        self._stop.set()

    def _answer(self, query: ScalingRun) -> Answer[Scaled]:
        seen = outcome.with_requests(self._run(query), query.scaling)
        host = urlsplit(self.url).netloc
        origin = f"Locust on {host}, the cluster {self.access.context}"
        return Answer(seen, origin, seen.requests, "requests")

    def _run(self, query: ScalingRun) -> Scaled:
        locustfile = outcome.locustfile_of(query.scaling, self.folder)
        if program := forwarded(self.url):
            raise Unavailable(_forwarded(self.url, program))
        expected = query.scaling
        with ExitStack() as stack:
            api = stack.enter_context(Api(self.access))
            watched = self._watched(api, query)
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toolkit-")))
            header = {"TOOLKIT_POD_HEADER": self.target.pod_header or ""}
            load = stack.enter_context(
                Load(locustfile, self.url, scratch, header, expected.workers)
            )
            run = ClusterRun(
                expected=replace(expected, budget=expected.budget * expected.speed, speed=1.0),
                scaled=watched.scaled,
                load=load,
                stop=self._stop,
                watch=self.watch,
                period=self.target.sync_period,
                grace=self.target.sync_period,
                lag=1 + math.ceil(self.target.metric_resolution / self.target.sync_period),
                target=self.target,
                watched=watched,
            )
            return self._scaled(run)

    def _watched(self, api: Api, query: ScalingRun) -> Watched:
        """The autoscaler that the contract means, as the cluster has it."""
        namespace = self.target.namespace or query.kubernetes.namespace
        wanted = outcome.declared(replace(query.kubernetes, namespace=namespace), self.folder)
        running = cluster(wanted, read(api, self.access.context, lists(wanted))).running()
        scaled = scalable(replace(query.scaling, minimum=None), running)
        name = query.scaling.autoscaler
        found = next(e for e in running.scalers if name in (None, e.hpa.name))
        if found.target is None:
            raise InputError.of(
                what="the autoscaler has nothing to scale in the cluster",
                where=Location(f"kubernetes:{self.access.context}"),
                why="its target is not there, or is neither a Deployment nor a StatefulSet",
                fix="run `toolkit scale --why --kube-context`, which names the culprit without "
                "load.",
            )
        flags = Flags(sync_period=round(self.target.sync_period * 1000))
        resolution = round(self.target.metric_resolution * 1000)
        scaled = replace(scaled, hpa=replace(scaled.hpa, flags=flags), resolution=resolution)
        place = running.namespace_of(found.hpa)
        return Watched(api, scaled, found.hpa, found.target, place, self._stop)

    def _scaled(self, run: ClusterRun) -> Scaled:
        """Perform a run, and return its observations."""
        run.start()
        ended = run.ramp()
        shares, unshared = run.shares() if ended == "reached" else ((), "")
        seen = run.scale_back(ended)
        only = pinned(shares) if is_here(self.url) else ""
        seen = replace(
            seen,
            shares=shares,
            remarks=tuple(self._remarks(run)),
            voided=(*seen.voided, *([_pinned(self.url, only)] if only else ())),
            shared_by=f"`{self.target.pod_header}`" if self.target.pod_header else "CPU",
            unshared=unshared,
        )
        return with_deadlines(seen, run.scaled, run.expected.reaches)

    def _remarks(self, run: ClusterRun) -> Iterator[str]:
        yield f"the autoscaler of the cluster {self.access.context} decides, and is only watched"
        yield f"requests go to {self.url}"
        yield from run.load.remarks()
        if is_here(self.url):
            yield "that is this machine; what leads them to the pods is not seen"
        stated, least = run.expected.minimum, run.scaled.hpa.spec.minimum
        if stated not in (None, least):
            yield f"the contract's minimum of {stated} is left aside: the cluster has {least}"
        for words, count in run.gaps.items():
            yield f"in {count} syncs the controller had no metric: {words or 'reason unknown'}"


_ADDRESS = "give `targets: kubernetes: url` the address of the Service, an ingress or a NodePort."


def _forwarded(url: str, program: str) -> Finding:
    return Finding(
        what=f"{url} leads through a port-forward, which is no load balancer",
        where=Location(url),
        why=f"`{program}` listens there: all its traffic goes to one pod, whatever is scaled",
        fix=_ADDRESS,
    )


def _pinned(url: str, replica: str) -> Finding:
    return Finding(
        what=f"{url} led all requests to {replica}",
        where=Location(url),
        why="other pods were ready: what listens here pins one, as a port-forward does",
        fix=_ADDRESS,
    )
