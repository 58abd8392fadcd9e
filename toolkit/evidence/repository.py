"""The files of the contract's repository."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from toolkit.deployment.tree import Omission, Tree
from toolkit.evidence.files import File
from toolkit.model.contract import Contract, Scope
from toolkit.model.queries import Leaf, Recordable


@dataclass(frozen=True, slots=True)
class RepositoryFiles(Recordable):
    """The files of a repository, by paths below its root."""

    files: tuple[File, ...]
    unread: tuple[str, ...] = ()
    """Files whose names rule out that anything here reads them."""
    omitted: tuple[tuple[str, str], ...] = ()
    """Files and folders that are passed over, each with the reason."""


@dataclass(frozen=True, slots=True)
class Repository(Leaf[RepositoryFiles], system="files"):
    """The files of the contract's repository that can describe a deployment."""

    root: str = "."
    """From the contract's folder: ``..`` for the folder above it."""

    @property
    def key(self) -> str:
        return self.root


def tree_of(found: RepositoryFiles, prefix: str) -> Tree:
    """Return the files as a tree whose root the user knows as ``prefix``."""
    return Tree(
        {file.name: file.data for file in found.files},
        frozenset(found.unread),
        tuple(Omission(path, reason) for path, reason in found.omitted),
        prefix,
    )


def repository(scope: Scope) -> tuple[Repository, str]:
    """The contract's repository, and the name of its root where the toolkit runs."""
    root = repository_root(scope.contract)
    return Repository(root), (PurePosixPath(scope.folder) / root).as_posix()


def repository_root(contract: Contract) -> str:
    """The folder with all pipelines and manifests of the contract, from the contract's own."""
    manifests = contract.kubernetes.manifests if contract.kubernetes else ()
    pipelines = (glob for each in contract.logs for glob in each.pipeline)
    globs = [PurePosixPath(glob) for glob in (*pipelines, *manifests)]
    for glob in globs:
        if glob.is_absolute():
            return str(glob.parent.parent)
    ups = (len([*takewhile("..".__eq__, glob.parts)]) for glob in globs)
    return "/".join([".."] * max(ups, default=0)) or "."
