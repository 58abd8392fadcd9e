"""Manifests: the objects of YAML files, with the place of every part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from toolkit.errors import InputError
from toolkit.findings import Finding, Location, Severity
from toolkit.languages.positioned import Path, Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import KUBECTL

_FIX = "correct the line; a Helm chart can be checked after `helm template`."


@dataclass(frozen=True, eq=False)
class Manifest:
    """One object, such as a Deployment; compared by identity."""

    source: str
    body: Mapping[str, Any]
    """The object; as one of a deployment, with all defaults."""
    document: Positioned = field(repr=False)
    """Its text, and the place of every part."""
    rendered: str = ""
    """The folder of the kustomization or chart that it was rendered from, if it was."""
    added: Mapping[Path, Location] = field(default_factory=dict, repr=False)
    """The places of parts that are not in its text."""
    stated: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def written(self) -> Mapping[str, Any]:
        """The body without the defaults of the API server."""
        return self.body if self.stated is None else self.stated

    @property
    def kind(self) -> str:
        """Such as ``Deployment``."""
        return str(self.body.get("kind") or "")

    @property
    def api_version(self) -> str:
        """Such as ``apps/v1``."""
        return str(self.body.get("apiVersion") or "")

    @property
    def name(self) -> str:
        """The name in its metadata."""
        return str(self.get("metadata", "name") or "")

    @property
    def namespace(self) -> str | None:
        """The namespace in its metadata; None leaves it to the command."""
        found = self.get("metadata", "namespace")
        return None if found is None else str(found)

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels in its metadata."""
        return mapping(self.get("metadata", "labels"))

    def get(self, *path: str | int) -> Any:
        """Return the value at ``path``, or None."""
        return dig(self.body, *path)

    def has(self, *path: str | int) -> bool:
        """Return True if there is a value at ``path``."""
        return path in self.added or self.document.has(*path)

    def locate(self, *path: str | int) -> Location:
        """Return the place of the key or item at ``path``, or of the nearest parent."""
        return self.added.get(path) or self.document.locate_key(*path)

    def locate_value(self, *path: str | int) -> Location:
        """Return the place of the value at ``path``; that of its key if it has several lines."""
        value = self.get(*path)
        large = value is None or isinstance(value, Mapping | list) or "\n" in str(value)
        if large or path in self.added:
            return self.locate(*path)
        return self.document.locate(*path)

    def block(self, *path: str | int) -> Block | None:
        """Return the lines of a literal text of several lines; None if it is not literal."""
        text, span = str(self.get(*path)).split("\n"), self.document.span_at(*path)
        while text and not text[-1]:
            text.pop()
        head, *written = self.document.text[span.start : span.end].split("\n")[: len(text) + 1]
        written = [line.rstrip("\r") for line in written]
        indent = next((len(w) - len(t) for w, t in zip(written, text, strict=False) if t), 0)
        same = len(written) == len(text) and indent > 0
        if not same or any(w[indent:] != t for w, t in zip(written, text, strict=True)):
            return None
        first = self.document.place(span.start, len(head)).line or 0
        return Block(self.source, first + 1, indent, written)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Block:
    """A literal text in a file, line by line, indented."""

    source: str
    first: int
    """The number of its first line, from 1."""
    indent: int
    lines: Sequence[str]
    """Its lines as in the file."""

    def locate(self, line: int, column: int, width: int = 1) -> Location:
        """Return the place of a part of the text.

        Args:
            line: Line of the text, from 1.
            column: Column of that line, from 1.
            width: Number of characters.
        """
        excerpt = self.lines[line - 1] if line <= len(self.lines) else ""
        return Location(self.source, self.first + line - 1, self.indent + column, excerpt, width)


def dig(value: Any, *path: str | int) -> Any:
    """Return the value at ``path`` of mappings and lists, or None.

    >>> dig({"spec": {"ports": [{"port": 80}]}}, "spec", "ports", 0, "port"), dig([], 0)
    (80, None)
    """
    for part in path:
        if isinstance(value, Mapping) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def dotted(path: Path) -> str:
    """Return a path as the API server writes it.

    >>> dotted(("spec", "containers", 0, "limits", "example.com/gpu"))
    'spec.containers[0].limits[example.com/gpu]'
    """
    parts = (f"[{p}]" if isinstance(p, int) or not p.isalnum() else f".{p}" for p in path)
    return "".join(parts).removeprefix(".")


def is_custom(manifest: Manifest) -> bool:
    """Return True if its API group is not one of Kubernetes."""
    group = manifest.api_version.rpartition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` if it is a mapping; else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the mappings in a list, each with its index; nothing if ``value`` is not a list."""
    listed = value if isinstance(value, list) else []
    return ((index, each) for index, each in enumerate(listed) if isinstance(each, Mapping))


class UnreadPart(NamedTuple):
    """A part of the input whose objects are not known."""

    why: Finding
    kinds: frozenset[str] = frozenset()
    """The kinds that it mentions; empty if its objects may be of any kind."""

    def may_hold(self, *kinds: str) -> bool:
        """True if objects of one of these kinds may be in it."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)


class ManifestFile(NamedTuple):
    """The objects of a file, and the rest of it."""

    found: tuple[Manifest, ...]
    others: tuple[Finding, ...] = ()
    """Documents that are no objects."""
    unread: tuple[UnreadPart, ...] = ()
    """Documents that cannot be read."""


def parse_manifests(text: str, *, source: str) -> tuple[Manifest, ...]:
    """Parse all objects of a file; items of lists are yielded, other documents left out.

    Raises:
        InputError: At the place of each malformed document.
    """
    found = read_manifests(text, source=source)
    if found.unread:
        raise InputError(*(each.why for each in found.unread))
    return found.found


@lru_cache(maxsize=256)
def read_manifests(text: str, *, source: str) -> ManifestFile:
    """Parse all objects of a file; a malformed document does not prevent the others.

    The deployment, the manifests and the rules of a repository are read from the same files.
    """
    documents, malformed = read_documents(text, source, KUBECTL, what="the manifest", fix=_FIX)
    found: list[Manifest] = []
    others: list[Finding] = []
    templates: list[Location] = []
    for document in documents:
        for each in _opened(document, source) if document.value is not None else ():
            if named := _named_by_variable(each):
                templates.append(named)
            elif why := _why_no_object(each):
                others.append(left_alone(each, why))
            else:
                found.append(each)
    templates += (each.where for each in malformed if "{{" in each.where.excerpt)
    faults = (_template(templates[0]),) if templates else malformed
    kinds = mentioned_kinds(text, found) if faults else frozenset()
    return ManifestFile(tuple(found), tuple(others), tuple(UnreadPart(e, kinds) for e in faults))


_KIND = re.compile(r"^(?:- )?kind:[ \t]*[\"']?([^\s\"'#]*)", re.MULTILINE)


def mentioned_kinds(text: str, found: Iterable[Manifest] = ()) -> frozenset[str]:
    """The kinds of a text's documents, except those of the objects that were found in it.

    Returns:
        The kinds; an empty set if some kind is not known.
    """
    left = Counter(_KIND.findall(text)) - Counter(each.kind for each in found)
    open_ended = any(kind in ("", "List") or "{" in kind or "$" in kind for kind in left)
    return frozenset() if open_ended else frozenset(left)


_VARIABLE = re.compile(r"\$\{[^}]*\}|\{\{.*?\}\}")
_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
"""The API groups without a dot; all others have one."""
_KINDS = frozenset(
    {
        "CronJob",
        "DaemonSet",
        "Deployment",
        "HorizontalPodAutoscaler",
        "Ingress",
        "Job",
        "PodDisruptionBudget",
        "ReplicaSet",
        "StatefulSet",
    }
)
"""Kinds of these groups, even if the group is misspelt."""


_CONFIGURED: Mapping[str, str] = {
    "apiserver.config.k8s.io": "the API server",
    "audit.k8s.io": "the API server",
    "builtin": "kustomize",
    "eksctl.io": "eksctl",
    "k3d.io": "k3d",
    "kind.x-k8s.io": "kind",
    "kubeadm.k8s.io": "kubeadm",
    "kubelet.config.k8s.io": "the kubelet",
    "kubeproxy.config.k8s.io": "kube-proxy",
    "kubescheduler.config.k8s.io": "the scheduler",
    "kustomize.config.k8s.io": "kustomize",
    "skaffold": "Skaffold",
}
"""The programs whose files look like objects, by API group."""


def variable(value: Any) -> str:
    """Return the first variable in a text that another program fills in; else an empty text.

    >>> variable("${NAME}-web"), variable("{{ .Values.image }}"), variable("$(NAME)")
    ('${NAME}', '{{ .Values.image }}', '')
    """
    found = _VARIABLE.search(value) if isinstance(value, str) else None
    return found[0] if found else ""


def _named_by_variable(manifest: Manifest) -> Location | None:
    """Return the place that leaves open which object it is; else None."""
    if manifest.kind == "Template" and isinstance(manifest.body.get("objects"), list):
        return manifest.locate("kind")  # OpenShift fills in its parameters.
    for path in (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")):
        if variable(manifest.get(*path)):
            return manifest.locate_value(*path)
    return None


def _template(where: Location) -> Finding:
    return Finding(
        what="the file is a template, not a manifest",
        where=where,
        why="the values of its variables are not known",
        fix="name the output of `helm template`, `envsubst` or the like instead.",
    )


def left_alone(manifest: Manifest, why: str) -> Finding:
    """Return the note that a document is no object, with the reason."""
    return Finding(
        what=f"the file is skipped: {why}",
        where=manifest.locate(),
        why="only objects of Kubernetes are checked",
        fix="remove the file from `manifests:`, or write it as an object.",
        severity=Severity.INFO,
    )


def _why_no_object(manifest: Manifest) -> str:
    """Return the reason why a document is not an object of Kubernetes; empty if it is one."""
    version, kind = manifest.api_version, manifest.kind
    group = version.rpartition("/")[0]
    if program := _CONFIGURED.get(group or version):
        return f"it configures {program}"
    foreign = group not in _GROUPS and "." not in group and kind not in _KINDS
    if foreign or (version, kind) == ("v1", "Config"):
        return f"`{version}` is not an API of Kubernetes" if foreign else "it configures kubectl"
    likely = manifest.body.keys() & {"metadata", "spec"}
    if (version and kind) or ((version or kind) and likely):
        return ""
    return "it has no `apiVersion` and `kind`"


def _opened(document: Positioned, source: str) -> Iterator[Manifest]:
    """Yield the object itself, or those of a list, which may omit their kind."""
    body = mapping(document.value)
    listed = body.get("items")
    if not isinstance(listed, list):
        yield Manifest(source, body, document)
        return
    kind = str(body.get("kind") or "").removesuffix("List")
    known = {"apiVersion": body.get("apiVersion"), "kind": kind} if kind else {}
    for index, item in items(listed):
        inside = item if "kind" in item else {**known, **item}
        yield Manifest(source, inside, document.below("items", index))
