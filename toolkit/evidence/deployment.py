"""The deployment that the files of a repository describe."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.deployment.deployment import Deployment, Stated
from toolkit.deployment.reading import describes, kinds, read_deployment
from toolkit.evidence.repository import RepositoryFiles, repository, tree_of
from toolkit.findings import Location
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.deployment import DeploymentExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class DeploymentOf(Derived[Deployment]):
    """Read the deployment of a repository."""

    repository: Query[RepositoryFiles]
    prefix: str
    """The contract's folder as the user named it."""
    declared: Location
    expected: DeploymentExpectation | None

    def derive(self, found: Answer[RepositoryFiles]) -> Answer[Deployment]:
        tree = tree_of(found.evidence, self.prefix)
        facts = _facts(self.declared, self.expected)
        deployment = read_deployment(tree, kinds(tree, describes), facts)
        return Answer(deployment, found.origin, max(1, len(tree.contents)), "files")


def stated(contract: Contract) -> Stated:
    """The facts that a contract states of its deployment."""
    return _facts(contract.declared, contract.deployment)


def _facts(declared: Location, found: DeploymentExpectation | None) -> Stated:
    if found is None:
        return Stated(declared)
    return Stated(found.declared, found.variables, found.mounts, found.versions)


def deployment(scope: Scope) -> Query[Deployment]:
    """The deployment of the contract's repository."""
    contract = scope.contract
    return DeploymentOf(*repository(scope), contract.declared, contract.deployment)
