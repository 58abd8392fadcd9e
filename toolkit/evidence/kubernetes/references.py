"""References from one object to another by name, and what a repository knows of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from toolkit.evidence.files import Files, FileSet
from toolkit.evidence.kubernetes.manifests import Manifests, RelevantManifests, manifests
from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, items, mapping, variable
from toolkit.kubernetes.workloads import KINDS
from toolkit.languages.positioned import Path
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Dependent, Derived, Query


class _Shape(NamedTuple):
    """A part of an object by which it names another one."""

    kind: str
    name: str
    """The key of the name; empty if the part itself is the name."""
    without: str
    """What happens if the other object does not exist."""


_WAITS = "the container waits in `CreateContainerConfigError`"
_MOUNTS = "the pod waits in `ContainerCreating`"
_SCRAPES = "Prometheus does not take up the endpoint"
_SHAPES: Mapping[str, tuple[_Shape, ...]] = {
    "configMapRef": (_Shape("ConfigMap", "name", _WAITS),),
    "configMapKeyRef": (_Shape("ConfigMap", "name", _WAITS),),
    "configMap": (_Shape("ConfigMap", "name", _MOUNTS),),
    "secretRef": (_Shape("Secret", "name", _WAITS),),
    "secretKeyRef": (_Shape("Secret", "name", _WAITS),),
    "secret": (_Shape("Secret", "secretName", _MOUNTS), _Shape("Secret", "name", _MOUNTS)),
    "persistentVolumeClaim": (
        _Shape("PersistentVolumeClaim", "claimName", "the pod stays `Pending`"),
    ),
    "serviceAccountName": (_Shape("ServiceAccount", "", "no pod is created"),),
    "storageClassName": (_Shape("StorageClass", "", "no volume is provisioned"),),
    "ingressClassName": (_Shape("IngressClass", "", "no controller takes it up"),),
    "priorityClassName": (_Shape("PriorityClass", "", "no pod is created"),),
    "runtimeClassName": (_Shape("RuntimeClass", "", "no pod is created"),),
    **dict.fromkeys(
        ("username", "password", "bearerTokenSecret", "credentials", "clientSecret", "keySecret"),
        (_Shape("Secret", "name", _SCRAPES),),
    ),
}
_MONITORS_OWN = ("username", "password", "credentials")
"""Parts that are references only if they name a key."""
_DATA = ("ConfigMap", "Secret", "CustomResourceDefinition")
"""Kinds whose parts have any names."""
CLASSES = ("StorageClass", "IngressClass", "PriorityClass", "RuntimeClass", "ClusterRole")
"""Kinds of the whole cluster, which mostly brings objects of them itself."""
_GIVEN: Mapping[str, re.Pattern[str]] = {
    "ConfigMap": re.compile(r"kube-root-ca\.crt|openshift-service-ca\.crt"),
    "ServiceAccount": re.compile(r"default|builder|deployer"),
    "PriorityClass": re.compile(r"system-.*"),
    "Role": re.compile(r"extension-apiserver-authentication-reader"),
    "ClusterRole": re.compile(r"cluster-admin|admin|edit|view|system:.*"),
}
"""The names of objects that every cluster has."""
_PRODUCED: Mapping[str, tuple[str, tuple[Path, ...]]] = {
    "SealedSecret": ("Secret", (("spec", "template", "metadata", "name"), ("metadata", "name"))),
    "ExternalSecret": ("Secret", (("spec", "target", "name"), ("metadata", "name"))),
    "Certificate": ("Secret", (("spec", "secretName"),)),
    "VaultStaticSecret": ("Secret", (("spec", "destination", "name"),)),
    "InfisicalSecret": ("Secret", (("spec", "managedSecretReference", "secretName"),)),
    "OnePasswordItem": ("Secret", (("metadata", "name"),)),
    "Bundle": ("ConfigMap", (("metadata", "name"),)),
}
"""Custom resources from which an operator makes an object, and where that one's name is."""
_DOCUMENTS = (
    *("**/*.md", "**/*.sh", "**/*.tf", "**/*.mk", "**/Makefile", "**/Justfile", "**/Tiltfile"),
    ".github/workflows/*.y*ml",
)
_LARGEST = 2**20
_CREATES = (re.compile(r"\bcreate\b[^\n]*"), re.compile(r"\"kubernetes_\w+\"[^}]*"))
_CHART = re.compile(r"\bhelm\s+(?:install|upgrade)\b|\bhelm_release\b")


@dataclass(frozen=True, slots=True)
class Reference:
    """A part of an object that names another object."""

    owner: Manifest
    path: Path
    """The path of the name."""
    kind: str
    """That of the named object."""
    name: str
    without: str
    """What happens if the named object does not exist."""
    namespace: str | None = None
    """That of the named object, if it is not the owner's."""
    keys: tuple[tuple[Path, str], ...] = ()
    """The entries that the named object must have, and where they are named."""


@dataclass(frozen=True)
class References:
    """All references among some objects to others."""

    manifests: Manifests
    documents: FileSet
    """The scripts and documents of the repository, which may create objects by commands."""

    def __iter__(self) -> Iterator[Reference]:
        return (each for manifest in self.manifests for each in references(manifest))

    def targets(self, reference: Reference) -> list[Manifest]:
        """The objects that a reference may mean."""
        return [each for each in self.near(reference) if each.name == reference.name]

    def near(self, reference: Reference) -> list[Manifest]:
        """The objects of the kind, in the namespace that a reference leads to."""
        found = self.manifests.of(reference.kind)
        if reference.kind in CLASSES:
            return list(found)
        space = reference.namespace
        if space is not None:
            return [e for e in found if (e.namespace or self.manifests.namespace) in (None, space)]
        return [each for each in found if self.manifests.together(reference.owner, each)]

    def dangling(self) -> Iterator[Reference]:
        """Yield the references whose object no file describes and no cluster has by itself."""
        return (each for each in self if not self._known(each))

    def _known(self, reference: Reference) -> bool:
        given = _GIVEN.get(reference.kind)
        made = (reference.kind, reference.name)
        return bool(
            (given and given.fullmatch(reference.name))
            or self.targets(reference)
            or made in self.manifests.generated
            or made in self._produced
            or (reference.kind == "PersistentVolumeClaim" and self._claimed(reference.name))
        )

    @cached_property
    def _produced(self) -> frozenset[tuple[str, str]]:
        """Kinds and names of what operators make, each of the first name that is stated."""
        found = set()
        for maker in self.manifests.of(*_PRODUCED):
            kind, paths = _PRODUCED[maker.kind]
            names = (maker.get(*path) for path in paths)
            found.add((kind, str(next((name for name in names if name), ""))))
        return frozenset(found)

    def _claimed(self, name: str) -> bool:
        """True if a StatefulSet makes a claim of this name for one of its pods."""
        return any(
            re.fullmatch(rf"{re.escape(f'{claim}-{owner.name}')}-\d+", name)
            for owner in self.manifests.of("StatefulSet")
            for _, template in items(owner.get("spec", "volumeClaimTemplates"))
            for claim in (mapping(template.get("metadata")).get("name"),)
        )

    @cached_property
    def _referenced(self) -> frozenset[tuple[str, str]]:
        return frozenset((each.kind, each.name) for each in self)

    def is_referenced(self, manifest: Manifest) -> bool:
        """True if some object names an object."""
        return (manifest.kind, manifest.name) in self._referenced

    def created(self, reference: Reference) -> Location | None:
        """The command of a script or document that creates the named object."""
        wanted = re.compile(rf"(?<![\w.-]){re.escape(reference.name)}(?![\w.-])")
        named = (each for each in self._creating if reference.name in each[2])
        found = next((each for each in named if wanted.search(each[2])), None)
        return Location(*found[:2]) if found else None

    @cached_property
    def _creating(self) -> tuple[tuple[str, int, str], ...]:
        """The commands that create objects: the document, the line, the text."""
        found = list[tuple[str, int, str]]()
        for document in self.documents:
            text = document.text.replace("\\\n", "  ")
            parts = (part for pattern in _CREATES for part in pattern.finditer(text))
            line, at = 1, 0
            for part in sorted(parts, key=lambda part: part.start()):
                line, at = line + text.count("\n", at, part.start()), part.start()
                found.append((document.name, line, part[0]))
        return tuple(found)

    @cached_property
    def charts(self) -> bool:
        """True if a document installs charts, whose objects are not here."""
        return any(_CHART.search(each.text) for each in self.documents)


def references(manifest: Manifest) -> Iterator[Reference]:
    """Yield the references of an object that it cannot do without."""
    if manifest.kind not in _DATA:
        stated = {k: v for k, v in manifest.body.items() if k not in ("metadata", "status")}
        yield from _walked(manifest, (), stated)
    match manifest.kind:
        case "Ingress":
            yield from _backends(manifest)
        case "RoleBinding" | "ClusterRoleBinding":
            yield from _bound(manifest)


def _walked(owner: Manifest, path: Path, value: Any) -> Iterator[Reference]:
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _walked(owner, (*path, index), each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            for shape in _SHAPES.get(str(key), ()):
                yield from _shaped(owner, (*path, key), shape, each)
            yield from _walked(owner, (*path, key), each)


def _shaped(owner: Manifest, path: Path, shape: _Shape, value: Any) -> Iterator[Reference]:
    inside = mapping(value)
    name = inside.get(shape.name) if shape.name else value
    if path[-1] in _MONITORS_OWN and "key" not in inside:
        return
    if not isinstance(name, str) or not name or variable(name) or inside.get("optional") is True:
        return
    at = (*path, shape.name) if shape.name else path
    yield Reference(owner, at, shape.kind, name, shape.without, keys=tuple(_keys(path, inside)))


def _keys(path: Path, reference: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if isinstance(key := reference.get("key"), str):
        yield (*path, "key"), key
    for index, item in items(reference.get("items")):
        if isinstance(key := item.get("key"), str):
            yield (*path, "items", index, "key"), key


def backends(ingress: Manifest) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the backends of an Ingress, each with its path."""
    for key in ("defaultBackend", "backend"):
        if found := mapping(ingress.get("spec", key)):
            yield ("spec", key), found
    for rule, each in items(ingress.get("spec", "rules")):
        for index, path in items(mapping(each.get("http")).get("paths")):
            at = ("spec", "rules", rule, "http", "paths", index, "backend")
            yield at, mapping(path.get("backend"))


def _backends(ingress: Manifest) -> Iterator[Reference]:
    for path, backend in backends(ingress):
        at: Path = ("service", "name") if "service" in backend else ("serviceName",)
        name = ingress.get(*path, *at)
        if isinstance(name, str) and not variable(name):
            yield Reference(ingress, (*path, *at), "Service", name, "requests are answered by 503")
    issued = any("cert-manager" in key or "acme" in key for key in _annotations(ingress))
    for index, tls in items(ingress.get("spec", "tls")):
        name = tls.get("secretName")
        if isinstance(name, str) and not variable(name) and not issued:
            at = ("spec", "tls", index, "secretName")
            yield Reference(
                ingress, at, "Secret", name, "the controller serves a certificate of its own"
            )


def _annotations(manifest: Manifest) -> Iterator[str]:
    return map(str, mapping(manifest.get("metadata", "annotations")))


def _bound(binding: Manifest) -> Iterator[Reference]:
    role = mapping(binding.get("roleRef"))
    kind, name = role.get("kind"), role.get("name")
    if kind in ("Role", "ClusterRole") and isinstance(name, str) and not variable(name):
        yield Reference(binding, ("roleRef", "name"), kind, name, "the binding grants nothing")
    for index, each in items(binding.get("subjects")):
        name, space = each.get("name"), each.get("namespace")
        if each.get("kind") == "ServiceAccount" and isinstance(name, str) and not variable(name):
            at = ("subjects", index, "name")
            lost = "the binding grants nothing to it"
            space = str(space) if space else None
            yield Reference(binding, at, "ServiceAccount", name, lost, space)


@dataclass(frozen=True, slots=True)
class _Documents(Dependent[FileSet]):
    """The scripts and documents of a repository, where an object is missing."""

    manifests: Query[Manifests]
    declared: Location

    def to_leaf(self, found: Answer[Manifests]) -> Files:
        missing = any(References(found.evidence, FileSet(())).dangling())
        globs = _DOCUMENTS if missing else ()
        return Files(globs, self.declared, "documents", optional=True, largest=_LARGEST)


@dataclass(frozen=True, slots=True)
class ReferencesIn(Derived[References]):
    """Find the references among objects."""

    manifests: Query[Manifests]
    documents: Query[FileSet]

    def derive(self, found: Answer[Manifests], documents: Answer[FileSet]) -> Answer[References]:
        evidence = References(found.evidence, documents.evidence)
        number = sum(1 for _ in evidence)
        return Answer(evidence, found.origin, number, "references", promised=False)


def of_references(expected: KubernetesExpectation, scope: Scope) -> Query[References] | None:
    """Return the query for the references among the contract's objects; None without any."""
    found = manifests(expected, scope)
    if found is None:
        return None
    relevant = RelevantManifests(found, (*KINDS, "Ingress", "RoleBinding", "ClusterRoleBinding"))
    return ReferencesIn(relevant, _Documents(found, expected.declared))
