"""The connections among the programs of a deployment, and where they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from toolkit.deployment.addresses import (
    PeerAddress,
    configured_addresses,
    logstash_addresses,
    variable_addresses,
)
from toolkit.deployment.deployment import Deployment
from toolkit.deployment.listeners import RunningPipeline
from toolkit.deployment.reaching import Network, Outcome, Outside
from toolkit.deployment.tree import Tree
from toolkit.deployment.workloads import hosts_of, read_workloads
from toolkit.evidence.deployment import deployment
from toolkit.evidence.logs.pipelines import ParsedPipeline, parsed
from toolkit.kubernetes.manifests import Manifest
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Derived, Query, QueryFailure, SubjectsOf


@dataclass(frozen=True, slots=True)
class Connection:
    """An address that a program names, and what is found there."""

    address: PeerAddress
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Connections:
    """All connections within a deployment."""

    found: tuple[Connection, ...]

    def of(self, *programs: str) -> Iterator[Connection]:
        """Yield the connections of these programs."""
        return (each for each in self.found if each.address.program in programs)


@dataclass(frozen=True, slots=True)
class ConnectionsOf(Derived[Connections]):
    """Look up who listens at each address that programs of the deployment name."""

    deployment: Query[Deployment]
    pipelines: tuple[Query[ParsedPipeline], ...]
    partial = True

    def derive(
        self, found: Answer[Deployment], *pipelines: Answer[ParsedPipeline] | QueryFailure
    ) -> Answer[Connections]:
        here = found.evidence
        texts = [each.evidence for each in pipelines if isinstance(each, Answer)]
        running = tuple(
            RunningPipeline(each.configuration, each.around.sites)
            for each in texts
            if each.configuration is not None
        )
        network = Network(here, running)
        addresses = chain(
            *(logstash_addresses(each.tree, each.sites) for each in running),
            configured_addresses(here),
        )
        known = (
            Connection(each, network.outcome(each))
            for each in addresses
            if each.sites and not _is_aside(here.tree.inside(each.where.source))
        )
        inside = tuple(each for each in known if not isinstance(each.outcome, Outside))
        return Answer(Connections(inside), found.origin, len(inside), "connections")


def _is_aside(path: str) -> bool:
    """True if a file belongs to what tests or examples deploy."""
    return not _ASIDE.isdisjoint(PurePosixPath(path).parts)


_ASIDE = frozenset({"test", "tests", "testdata", "fixtures", "spec", "example", "examples"})


def connections(
    scope: Scope, subjects: Callable[[Connections], Iterator[Connection]]
) -> Query[Connections]:
    """Return the query for the connections of a deployment, counted by those of some programs.

    Args:
        scope: The contract, and the systems that may be queried.
        subjects: Returns the connections that count; a function with a name.
    """
    found = (parsed(each, scope) for each in scope.contract.logs)
    whole = ConnectionsOf(deployment(scope), tuple(each for each in found if each))
    return SubjectsOf(whole, subjects, "connections")


def among_pods(objects: Iterable[Manifest]) -> tuple[Connection, ...]:
    """Return the connections that the variables of pods name, among these objects alone."""
    known = list(objects)
    hosts = (host for each in known if each.kind == "Service" for host in hosts_of(each))
    policies = tuple(each for each in known if each.kind == "NetworkPolicy")
    here = Deployment(
        Tree({}), tuple(read_workloads(known)), hosts=frozenset(hosts), policies=policies
    )
    network = Network(here)
    found = (Connection(each, network.outcome(each)) for each in variable_addresses(here))
    return tuple(each for each in found if not isinstance(each.outcome, Outside))
