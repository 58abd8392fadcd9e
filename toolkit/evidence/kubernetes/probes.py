"""The probes of containers that run the service, and how it answers their paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toolkit.evidence.kubernetes.images import Images, images
from toolkit.findings import Location
from toolkit.kubernetes.manifests import dig, variable
from toolkit.kubernetes.workloads import Container
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

if TYPE_CHECKING:
    from toolkit.evidence.service.traffic import Exchange, Traffic

_KINDS = ("startupProbe", "readinessProbe", "livenessProbe")


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """A probe by HTTP of a container that runs an image of the repository."""

    container: Container
    kind: str
    path: str
    """Without the query."""

    @property
    def where(self) -> Location:
        """The place of the path."""
        return self.container.locate_value(self.kind, "httpGet", "path")


@dataclass(frozen=True, slots=True)
class ProbedService:
    """The probes, and the status of each path that the service was asked for by GET."""

    probes: tuple[HttpProbe, ...]
    statuses: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class ProbedServiceOf(Derived[ProbedService]):
    """Compare the probes of the repository's images with a run of the service."""

    images: Query[Images]
    traffic: Query[Traffic]
    ready: str
    """A path that is answered once the service is up."""

    def derive(self, images: Answer[Images], traffic: Answer[Traffic]) -> Answer[ProbedService]:
        probes = tuple(each for one in images.evidence.containers for each in _probes(one))
        statuses = {_path(self.ready): 200, **_statuses(traffic.evidence.exchanges)}
        found = ProbedService(probes, statuses)
        return Answer(found, traffic.origin, len(probes), "probes", promised=False)


def _probes(container: Container) -> Iterator[HttpProbe]:
    for kind in _KINDS:
        path = dig(container.body, kind, "httpGet", "path")
        elsewhere = dig(container.body, kind, "httpGet", "host")
        if isinstance(path, str) and not elsewhere and not variable(path):
            yield HttpProbe(container, kind, _path(path))


def _path(target: str) -> str:
    return urlsplit(target).path or "/"


def _statuses(exchanges: tuple[Exchange, ...]) -> dict[str, int | None]:
    """The best of the statuses of each path: one success is enough."""
    found: dict[str, int | None] = {}
    for each in exchanges:
        method, _, target = each.request.name.partition(" ")
        if method == "GET" and not each.request.hostile:
            path = _path(target)
            known = [s for s in (found.get(path), each.status) if s is not None]
            found[path] = min(known, default=None)
    return found


def probed_service(expected: KubernetesExpectation, scope: Scope) -> Query[ProbedService] | None:
    """Return the query for the probes of the service; None if the contract starts none."""
    built, service = images(expected, scope), scope.contract.service
    if built is None or service is None:
        return None
    # Most contracts with manifests start no service.
    from toolkit.evidence.service.traffic import ServiceRun

    return ProbedServiceOf(built, ServiceRun(service), service.ready)
