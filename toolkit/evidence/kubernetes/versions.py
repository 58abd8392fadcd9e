"""The versions of Kubernetes to which manifests are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from toolkit.deployment.clusters import cluster_versions
from toolkit.deployment.tree import Tree
from toolkit.evidence.files import Files, FileSet
from toolkit.evidence.repository import RepositoryFiles, repository, tree_of
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

_USUAL = ("1.32", "1.33", "1.34")
"""Those that are judged where nothing states a version."""
_STATING = (".yml", ".yaml", ".env", "")
"""The suffixes of files that can state a version; a Makefile has none."""


@dataclass(frozen=True, slots=True)
class ClusterVersions:
    """Versions such as ``1.25``, each with its place if a file states it."""

    places: Mapping[str, Location | None]
    every: bool = True
    """True if all of them must accept a manifest; else one is enough, as only one is used."""


@dataclass(frozen=True, slots=True)
class ClusterVersionsIn(Derived[ClusterVersions]):
    """Take the versions that the contract states, else those that files do, else the usual."""

    repository: Query[RepositoryFiles]
    documents: Query[FileSet]
    manifests: tuple[str, ...]
    """Globs of the manifests, as the user names them."""
    chosen: tuple[str, ...]
    prefix: str
    """The name of the repository's root where the toolkit runs."""

    def derive(
        self, repository: Answer[RepositoryFiles], documents: Answer[FileSet]
    ) -> Answer[ClusterVersions]:
        tree = tree_of(repository.evidence, self.prefix)
        chosen = dict.fromkeys(self.chosen)
        found = dict(self._named(tree, documents.evidence))
        places = chosen or found or dict.fromkeys(_USUAL)
        versions = ClusterVersions(places, every=places is not found)
        return Answer(versions, repository.origin, len(versions.places), "versions")

    def _named(self, tree: Tree, documents: FileSet) -> Iterator[tuple[str, Location]]:
        """The versions in documents, in folders above the manifests, and directly below those."""
        above = {
            each for glob in self.manifests for each in PurePosixPath(tree.inside(glob)).parents
        }
        for path in map(PurePosixPath, tree.contents):
            near = path.parent in above or path.parent.parent in above
            if near and path.suffix in _STATING:
                yield from cluster_versions(tree.text(str(path)), tree.shown(str(path)))
        for file in documents:
            yield from cluster_versions(file.text, file.name)


def versions(expected: KubernetesExpectation, scope: Scope) -> Query[ClusterVersions]:
    """Return the query for the versions to which the contract's manifests are applied."""
    files = Files(expected.images, expected.declared, "files", optional=True)
    found, prefix = repository(scope)
    stated = scope.contract.deployment.versions if scope.contract.deployment else {}
    chosen = expected.versions or tuple(v for k, v in stated.items() if k == "kubernetes")
    manifests = tuple(str(PurePosixPath(scope.folder) / glob) for glob in expected.manifests)
    return ClusterVersionsIn(found, files, manifests, chosen, prefix)
