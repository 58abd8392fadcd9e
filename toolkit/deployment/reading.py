"""Reads a repository into its deployment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from toolkit.deployment.compose import read_compose
from toolkit.deployment.deployment import Deployment, Stated
from toolkit.deployment.dockerfile import read_dockerfile
from toolkit.deployment.recognition import FileKind, recognise
from toolkit.deployment.site import Site
from toolkit.deployment.tree import Tree
from toolkit.deployment.versioned import of_charts, of_operators
from toolkit.deployment.workloads import hosts_of, read_workloads
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest, mentioned_kinds, read_manifests

NO_STATEMENT = Stated()
_DESCRIBES = re.compile(r"\.ya?ml$|(?:^|/|\.)(?:docker|container)file[^/]*$")


def kinds(tree: Tree, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, FileKind]:
    """The kind of each file of a repository that has one and whose name is wanted."""
    names = filter(wanted, sorted(tree.contents))
    found = {name: recognise(name, tree.text(name)) for name in names}
    return {name: kind for name, kind in found.items() if kind}


def describes(name: str) -> bool:
    """True if a file of this name can describe a deployment."""
    return bool(_DESCRIBES.search(name.lower()))


def read_deployment(
    tree: Tree, found: Mapping[str, FileKind], stated: Stated = NO_STATEMENT
) -> Deployment:
    """Read the sites of a repository.

    Args:
        tree: The repository.
        found: The kind of each file, see `kinds`.
        stated: What a contract states of the deployment.
    """

    def named(kind: FileKind) -> list[str]:
        return [name for name, each in found.items() if each == kind]

    sites, faults = read_compose(tree, named("compose file"))
    manifests = _manifests(tree, named("Kubernetes manifest"), faults)
    sites += read_workloads(manifests)
    sites += of_operators(manifests)
    sites += of_charts(tree, [*named("Helm chart"), *named("Helm values")])
    built = {mount.origin.source for site in sites for mount in site.mounts}
    for path in named("Dockerfile"):
        if tree.shown(path) not in built:
            sites.append(_alone(tree, path))
    hosts = {host for each in manifests if each.kind == "Service" for host in hosts_of(each)}
    policies = tuple(each for each in manifests if each.kind == "NetworkPolicy")
    return Deployment(tree, tuple(sites), stated, tuple(faults), found, frozenset(hosts), policies)


def _manifests(tree: Tree, paths: list[str], faults: list[Finding]) -> list[Manifest]:
    manifests: list[Manifest] = []
    for path in paths:
        text = tree.text(path)
        if mentioned_kinds(text) == {"CustomResourceDefinition"}:
            continue  # It is long, and describes no site.
        read = read_manifests(text, source=tree.shown(path))
        manifests += read.found
        faults += (each.why for each in read.unread)
    return manifests


def _alone(tree: Tree, path: str) -> Site:
    """The container of a Dockerfile that no compose file builds; its folder is the context."""
    folder = path.rpartition("/")[0]
    built = read_dockerfile(tree, path, folder, {})
    where = built.image.origin if built.image else None
    return Site(
        folder or "image",
        "dockerfile",
        where or Location(tree.shown(path)),
        built.image,
        built.environment,
        "",
        built.mounts,
        built.ports,
        (),
        built.command,
        folder,
    )
