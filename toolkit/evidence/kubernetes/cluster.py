"""Live objects of a cluster: the declared ones, and what their autoscalers depend on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from toolkit.errors import Unavailable
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.evidence.kubernetes.refusals import refusal
from toolkit.findings import Finding, Subject
from toolkit.kubernetes.api import METRICS_API, collection, objects, pod_metrics
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Dependent, Derived, Leaf, Query, Recordable

COMPARED = ("HorizontalPodAutoscaler", "Deployment", "StatefulSet", "Service")
"""The kinds that are compared with their manifests."""
_SCALED = ("HorizontalPodAutoscaler", "Deployment", "StatefulSet")
NEIGHBOURS = ("Job", "CronJob")
"""Kinds that often share labels with a scaled workload."""


@dataclass(frozen=True, slots=True)
class ApiReply(Recordable):
    """The response of the API server to a path."""

    path: str
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class ApiReplies(Recordable):
    """The responses to some paths."""

    context: str
    at: float
    """Seconds since 1970 by the server's clock."""
    replies: tuple[ApiReply, ...]


@dataclass(frozen=True, slots=True)
class ApiQuery(Leaf[ApiReplies], system="kubernetes"):
    """GET requests to some paths of the API server."""

    paths: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join(self.paths)


@dataclass(frozen=True, slots=True)
class Autoscaled:
    """A declared autoscaler, and its live objects."""

    declared: Manifest
    hpa: Manifest | None
    target: Manifest | None
    pods: tuple[Manifest, ...] = ()
    metrics: ApiReply | None = None
    """The usage of the pods; None without a target."""


@dataclass(frozen=True)
class Cluster:
    """The responses of the API server, and the manifests they belong to."""

    declared: Manifests
    context: str
    now: float
    """Seconds since 1970 by the server's clock."""
    replies: Mapping[str, ApiReply]

    def reply(self, path: str) -> ApiReply | None:
        """Return the response to a path; None if it was not requested."""
        return self.replies.get(path)

    def objects(self, kind: str, namespace: str) -> tuple[Manifest, ...]:
        """Return the objects of a kind; empty if they may not be read."""
        reply = self.replies.get(collection(kind, namespace))
        return tuple(objects(reply.body, kind)) if reply and reply.status == 200 else ()

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Return the object with this name.

        Args:
            kind: The kind, such as ``Deployment``.
            namespace: Its namespace.
            name: Its name.
        """
        return next((e for e in self.objects(kind, namespace) if e.name == name), None)

    def knows(self, declared: Manifest) -> bool:
        """Return True if objects of that kind and namespace could be read."""
        path = collection(declared.kind, self.declared.namespace_of(declared))
        reply = self.replies.get(path)
        return reply is not None and reply.status == 200

    def autoscalers(self) -> Iterator[Autoscaled]:
        """Yield every autoscaler of the manifests, with its live counterpart."""
        for declared in self.declared.of("HorizontalPodAutoscaler"):
            namespace = self.declared.namespace_of(declared)
            hpa = self.find(declared.kind, namespace, declared.name)
            target = self._target(hpa or declared, namespace)
            if target is None:
                yield Autoscaled(declared, hpa, None)
                continue
            selector = target.get("spec", "selector")
            reply = self.replies.get(collection("Pod", namespace, selector=selector))
            pods = tuple(objects(reply.body, "Pod")) if reply and reply.status == 200 else ()
            metrics = self.replies.get(pod_metrics(namespace, selector))
            yield Autoscaled(declared, hpa, target, pods, metrics)

    def _target(self, hpa: Manifest, namespace: str) -> Manifest | None:
        kind, name = (hpa.get("spec", "scaleTargetRef", key) for key in ("kind", "name"))
        return self.find(kind, namespace, str(name)) if kind in _SCALED[1:] else None

    def refused(self, kinds: Iterable[str]) -> Iterator[Finding]:
        """Yield the reasons for kinds that could not be read, by namespace."""
        for namespace in _namespaces(self.declared):
            for kind in kinds:
                reply = self.replies.get(collection(kind, namespace))
                if reply is not None and reply.status != 200:
                    yield refusal(reply.path, reply.status, reply.body)

    def running(self) -> Manifests:
        """Return the live autoscalers, their workloads, their pods, and their neighbours.

        Raises:
            Unavailable: Autoscalers or workloads may not be read, or do not exist.
        """
        if refused := tuple(self.refused(_SCALED)):
            raise Unavailable(*refused)
        found = list(self.autoscalers())
        namespaces = dict.fromkeys(self.declared.namespace_of(e.declared) for e in found)
        kinds = (*_SCALED[1:], *NEIGHBOURS)
        if absent := [each.declared for each in found if each.hpa is None]:
            raise Unavailable(*(_absent(each, self.context) for each in absent))
        around = [o for n in namespaces for kind in kinds for o in self.objects(kind, n)]
        hpas = [each.hpa for each in found if each.hpa is not None]
        pods = tuple(pod for each in found for pod in each.pods)
        strays = [pod for pod in pods if not _made_by(pod, around)]
        seen = (*hpas, *around, *strays)
        return Manifests(seen, self.declared.namespace, pods, complete=True)


@dataclass(frozen=True, slots=True)
class _Listed(Dependent[ApiReplies]):
    """The objects of the kinds and namespaces of the manifests."""

    manifests: Query[Manifests]

    def to_leaf(self, declared: Answer[Manifests]) -> ApiQuery:
        return ApiQuery(lists(declared.evidence))


@dataclass(frozen=True, slots=True)
class _Pods(Dependent[ApiReplies]):
    """The pods of scaled workloads, and their usage."""

    manifests: Query[Manifests]
    listed: Query[ApiReplies]

    def to_leaf(self, declared: Answer[Manifests], listed: Answer[ApiReplies]) -> ApiQuery:
        return ApiQuery(pods_of(cluster(declared.evidence, listed.evidence)))


@dataclass(frozen=True, slots=True)
class ClusterIn(Derived[Cluster]):
    """Combine the responses of the API server."""

    manifests: Query[Manifests]
    listed: Query[ApiReplies]
    pods: Query[ApiReplies]

    def running(self) -> Query[Manifests]:
        """Return the query for the autoscalers, workloads and pods."""
        return RunningIn(self)

    def derive(
        self, declared: Answer[Manifests], listed: Answer[ApiReplies], pods: Answer[ApiReplies]
    ) -> Answer[Cluster]:
        found = cluster(declared.evidence, listed.evidence, pods.evidence)
        number = len(found.replies)
        return Answer(found, listed.origin, number, "API answers", promised=False)


@dataclass(frozen=True, slots=True)
class RunningIn(Derived[Manifests]):
    """The autoscalers, workloads and pods of a cluster, in the form of manifests."""

    cluster: Query[Cluster]

    def derive(self, cluster: Answer[Cluster]) -> Answer[Manifests]:
        seen = cluster.evidence
        running = seen.running()
        counted = len(running.manifests) + len(running.pods)
        caveats = tuple(seen.refused(NEIGHBOURS))
        return Answer(running, cluster.origin, counted, "live objects", caveats)


def cluster(declared: Manifests, *asked: ApiReplies) -> Cluster:
    """Combine some responses; the latest clock counts."""
    replies = {reply.path: reply for each in asked for reply in each.replies}
    return Cluster(declared, asked[0].context, max(each.at for each in asked), replies)


def lists(declared: Manifests) -> tuple[str, ...]:
    """Return the paths that the manifests alone determine."""
    found: dict[str, None] = {}
    for each in declared.of(*COMPARED):
        found[collection(each.kind, declared.namespace_of(each))] = None
    for each in declared.of("HorizontalPodAutoscaler"):
        kinds = (*_SCALED, *NEIGHBOURS)
        found |= dict.fromkeys(collection(kind, declared.namespace_of(each)) for kind in kinds)
        found[METRICS_API] = None
    return tuple(found)


def pods_of(listed: Cluster) -> tuple[str, ...]:
    """Return the paths of the pods of scaled workloads, and of their usage."""
    found: dict[str, None] = {}
    for each in listed.autoscalers():
        if each.target is not None:
            namespace = listed.declared.namespace_of(each.declared)
            selector = each.target.get("spec", "selector")
            found[collection("Pod", namespace, selector=selector)] = None
            found[pod_metrics(namespace, selector)] = None
    return tuple(found)


def in_cluster(expected: KubernetesExpectation, scope: Scope) -> ClusterIn | None:
    """Return the query for the live objects of the manifests; None in an offline run."""
    targets = scope.contract.targets
    target = targets.kubernetes if targets else None
    namespace = (target.namespace if target else None) or expected.namespace
    # Injected containers are in no workload, and the pods themselves are read.
    declared = manifests(replace(expected, namespace=namespace, injected=()), scope)
    if declared is None or "kubernetes" not in scope.live:
        return None
    listed = _Listed(declared)
    return ClusterIn(declared, listed, _Pods(declared, listed))


def _absent(declared: Manifest, context: str) -> Finding:
    return Finding(
        what=f"the cluster {context} has no {declared}",
        where=declared.locate("metadata", "name"),
        why="a missing object cannot be checked",
        fix=f"apply it: `kubectl apply -f {declared.source}`.",
        follows=(Subject("autoscaler", f"{declared}"),),
    )


def _made_by(pod: Manifest, workloads: Iterable[Manifest]) -> bool:
    """Return True if one of these workloads controls a pod; Deployments do so by a ReplicaSet."""
    owners = (o for _, o in items(pod.get("metadata", "ownerReferences")) if o.get("controller"))
    owner = next(owners, {})
    kind, name = owner.get("kind"), str(owner.get("name"))
    if kind == "ReplicaSet":
        kind, name = "Deployment", name.rpartition("-")[0]
    return any((each.kind, each.name) == (kind, name) for each in workloads)


def _namespaces(declared: Manifests) -> dict[str, None]:
    return dict.fromkeys(declared.namespace_of(each) for each in declared.of(*COMPARED))
