"""The images that a repository builds, and those that its manifests run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.evidence.files import File, Files, FileSet
from toolkit.evidence.kubernetes.manifests import Manifests, RelevantManifests, manifests
from toolkit.findings import Location
from toolkit.kubernetes.workloads import KINDS, Container, containers
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

_BUILD = re.compile(
    r"\b(?:docker|podman|nerdctl|buildah|minikube|kaniko|buildctl)\b.*\b(?:build|bud|bake)\b"
)
_TAG = re.compile(r"(?:(?<=\s)-t|--tag)[\s=]+[\"']?([^\s\"'`]+)")
_VARIABLE = re.compile(r"[$<{]")


@dataclass(frozen=True, slots=True)
class Build:
    """A command that builds an image, and the place of the image's name."""

    name: str
    tag: str | None
    """None if it is known only at run time."""
    where: Location


@dataclass(frozen=True, slots=True)
class Images:
    """The built images, and the containers that run one of them."""

    builds: tuple[Build, ...]
    containers: tuple[Container, ...]

    def tags(self, name: str) -> tuple[Build, ...]:
        """Return the builds of the image ``name``."""
        return tuple(each for each in self.builds if each.name == name)


@dataclass(frozen=True, slots=True)
class ImagesIn(Derived[Images]):
    """Find builds in documents and workflows, and images in manifests."""

    manifests: Query[Manifests]
    sources: Query[FileSet]
    promised: bool
    """True if the contract names the files that build images."""

    def derive(self, found: Answer[Manifests], sources: Answer[FileSet]) -> Answer[Images]:
        builds = tuple(each for file in sources.evidence for each in _builds(file))
        names = {each.name for each in builds}
        running = tuple(
            each
            for workload in found.evidence.workloads()
            for each in containers(workload)
            if name_and_tag(each.image)[0] in names
        )
        number, unit = len(running), "built images"
        return Answer(Images(builds, running), found.origin, number, unit, promised=self.promised)


def _builds(file: File) -> Iterator[Build]:
    for number, line, joined in _commands(file.text):
        if _BUILD.search(joined):
            for found in _TAG.finditer(line):
                name, tag = name_and_tag(found[1])
                if not _VARIABLE.search(name):
                    known = None if tag and _VARIABLE.search(tag) else tag or "latest"
                    where = Location(file.name, number, found.start(1) + 1, line, len(found[1]))
                    yield Build(name, known, where)


def _commands(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each line with its number, continuation lines joined."""
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        joined = before + line
        yield number, line, joined
        before = joined.rstrip()[:-1] + " " if joined.rstrip().endswith("\\") else ""


def name_and_tag(image: str) -> tuple[str, str | None]:
    """Split an image reference; a digest is not a tag.

    >>> name_and_tag("shop:v3"), name_and_tag("host:5000/shop"), name_and_tag("a/b:1@sha256:0")
    (('shop', 'v3'), ('host:5000/shop', None), ('a/b', '1'))
    """
    image = image.partition("@")[0]
    head, colon, tag = image.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (image, None)


def images(expected: KubernetesExpectation, scope: Scope) -> Query[Images] | None:
    """Return the query for the images of the contract's manifests; None without manifests."""
    found = manifests(expected, scope)
    if found is None or not expected.images:
        return None
    files = Files(expected.images, expected.declared, "files", optional=True)
    promised = expected.images != KubernetesExpectation(declared=expected.declared).images
    return ImagesIn(RelevantManifests(found, KINDS), files, promised)
