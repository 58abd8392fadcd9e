"""Kustomizations and charts: what becomes of manifests before they are applied.

Sources: the kustomization reference of kubectl, and "Charts" in Helm's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from toolkit.deployment.tree import Tree, resolved
from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest, mentioned_kinds
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_document, read_documents
from toolkit.languages.yaml_dialects import KUBECTL

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_RESOURCES = ("resources", "bases", "components")
_PATCHES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("patches", ("path",)),
    ("patchesJson6902", ("path",)),
    ("patchesStrategicMerge", ()),
)
"""The lists of patches, and where an item names its file."""
_INPUTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("replacements", ("path",)),
    ("generators", ()),
    ("transformers", ()),
    ("validators", ()),
    ("configurations", ()),
    ("helmCharts", ("valuesFile",)),
)
_ALTERING = ("replacements", "transformers", "vars", "components")
"""Keys by which objects of any kind may be changed, besides patches."""
_MAKING = ("helmCharts", "helmChartInflationGenerator", "generators")
"""Keys by which objects are made that no file here has."""
_GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_REMOTE = re.compile(r"://|^git@|^[\w-]+(?:\.[\w-]+)+/[^/]+/|[?&]ref=")


def _folder(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """The objects that a patch changes; an empty text means any."""

    kind: str
    name: str
    """A regular expression of the whole name."""

    def covers(self, manifest: Manifest) -> bool:
        """True if the patch changes an object."""
        if self.kind not in ("", manifest.kind):
            return False
        try:
            return not self.name or re.fullmatch(self.name, manifest.name) is not None
        except re.error:
            return True


@dataclass(frozen=True, slots=True)
class Kustomization:
    """A kustomization, and the files of the repository that it reads."""

    path: str
    where: Location
    resources: tuple[str, ...]
    """Files and folders."""
    inputs: frozenset[str]
    """Files that are no objects: patches, and what generators and transformers read."""
    remote: tuple[str, ...]
    """Resources elsewhere."""
    targets: tuple[PatchTarget, ...]
    """The parts that its patches change."""
    makes: bool
    """True if it makes objects that no file here has."""
    generated: frozenset[tuple[str, str]] = frozenset()
    """Kinds and names of the objects that its own generators make."""

    @property
    def folder(self) -> str:
        """The folder that it is built from."""
        return _folder(self.path)


@dataclass(frozen=True, slots=True)
class Chart:
    """A Helm chart."""

    folder: str
    name: str
    where: Location
    templates: tuple[str, ...]
    kinds: frozenset[str]
    """The kinds of its templates; empty if some are not known."""
    missing: tuple[str, ...] = ()
    """Charts that it depends on and that are not in the repository."""


@dataclass(frozen=True)
class Assembly:
    """The kustomizations and charts of a repository."""

    kustomizations: Mapping[str, Kustomization] = field(default_factory=dict)
    """By folder."""
    charts: Mapping[str, Chart] = field(default_factory=dict)
    """By folder, without those within another."""
    faults: tuple[Finding, ...] = ()

    @cached_property
    def generated(self) -> frozenset[tuple[str, str]]:
        """Kinds and names of what the generators of all kustomizations make."""
        return frozenset(one for each in self.kustomizations.values() for one in each.generated)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The files that kustomizations read and that are no objects."""
        known = self.kustomizations.values()
        read = frozenset(path for each in known for path in each.inputs)
        return read.difference(path for each in known for path in each.resources)

    def chart_of(self, path: str) -> Chart | None:
        """The chart that a file belongs to, if it is no manifest; None for its definitions."""
        for parent in PurePosixPath(path).parents:
            chart = self.charts.get("" if str(parent) == "." else str(parent))
            if chart is not None:
                inside = PurePosixPath(path).relative_to(parent).parts
                return None if inside[0] == "crds" else chart
        return None

    def reached(self, start: Kustomization) -> tuple[Kustomization, ...]:
        """A kustomization and all that it is built on."""
        found = {start.folder: start}
        queue = [start]
        while queue:
            for path in queue.pop().resources:
                below = self.kustomizations.get(path)
                if below is not None and path not in found:
                    found[path] = below
                    queue.append(below)
        return tuple(found.values())

    def files(self, start: Kustomization) -> tuple[str, ...]:
        """The files with the objects that a kustomization is built on."""
        paths = (path for each in self.reached(start) for path in each.resources)
        return tuple(dict.fromkeys(p for p in paths if p not in self.kustomizations))

    def tops(self, chosen: Iterable[Kustomization]) -> tuple[Kustomization, ...]:
        """Those of some kustomizations that no other one of them is built on."""
        each_below = {top.folder: {e.folder for e in self.reached(top)[1:]} for top in chosen}
        below = {folder for folders in each_below.values() for folder in folders}
        return tuple(self.kustomizations[f] for f in each_below if f not in below)


def read_assembly(tree: Tree) -> Assembly:
    """Read the kustomizations and charts of a repository."""
    kustomizations: dict[str, Kustomization] = {}
    faults: list[Finding] = []
    for path in tree.contents:
        if PurePosixPath(path).name in _NAMES:
            try:
                kustomizations[_folder(path)] = _kustomization(tree, path)
            except InputError as error:
                faults += error.findings
    folders = {_folder(path) for path in tree.contents if PurePosixPath(path).name == "Chart.yaml"}
    outer = [f for f in folders if not any(_within(f, other) for other in folders)]
    charts = {folder: _chart(tree, folder) for folder in sorted(outer)}
    return Assembly(kustomizations, charts, tuple(faults))


def _within(folder: str, other: str) -> bool:
    return folder != other and (not other or folder.startswith(f"{other}/"))


def _kustomization(tree: Tree, path: str) -> Kustomization:
    folder = _folder(path)
    document = PositionedNode(
        read_document(tree.text(path), tree.shown(path), KUBECTL, what="the kustomization")
    )
    resources, remote = list[str](), list[str]()
    for key in _RESOURCES:
        for node in document.values(key):
            found = resolved(folder, node.raw)
            here = found is not None and (found in tree or found in tree.folders)
            if found is not None and here and not _REMOTE.search(node.raw):
                resources.append(found)
            else:
                remote.append(node.raw)
    patches = [node for key, at in _PATCHES for node in _files(document, key, at)]
    others = [node for key, at in _INPUTS for node in _files(document, key, at)]
    named = [node.raw for node in (*patches, *others) if "\n" not in node.raw]
    named += _generated(document)
    inputs = (found for each in named if (found := resolved(folder, each)) is not None)
    targets = list(_targets(tree, document, folder))
    if any(document.get(key) for key in _ALTERING):
        targets.append(PatchTarget("", ""))
    return Kustomization(
        path,
        document.locate(),
        tuple(resources),
        frozenset(inputs),
        tuple(remote),
        tuple(targets),
        any(document.get(key) for key in _MAKING),
        frozenset(
            (kind, str(node.get("name") or ""))
            for key, kind in _GENERATORS.items()
            for node in document.values(key)
        ),
    )


def _files(document: PositionedNode, key: str, at: tuple[str, ...]) -> Iterator[PositionedNode]:
    for node in document.values(key):
        found = node.at(*at)
        if isinstance(found.value, str):
            yield found


def _generated(document: PositionedNode) -> Iterator[str]:
    """The files that become entries of ConfigMaps and Secrets, without the names they get."""
    for key in _GENERATORS:
        for generator in document.values(key):
            for part in ("files", "envs"):
                for node in generator.values(part):
                    yield node.raw.rpartition("=")[2]


def _targets(tree: Tree, document: PositionedNode, folder: str) -> Iterator[PatchTarget]:
    for key, at in _PATCHES:
        for node in document.values(key):
            if isinstance(node.get("target"), dict):
                yield PatchTarget(
                    str(node.get("target", "kind") or ""), str(node.get("target", "name") or "")
                )
                continue
            inline = node.get("patch") if at else node.value
            text = inline if isinstance(inline, str) and "\n" in inline else ""
            path = resolved(folder, node.at(*at).raw) if not text else None
            if path in tree.contents:
                text = tree.text(str(path))
            yield from _patched(text)


def _patched(text: str) -> Iterator[PatchTarget]:
    """The objects that the documents of a strategic merge patch name; any if it names none."""
    found, _ = read_documents(text, "", KUBECTL, what="the patch")
    named = [PositionedNode(each) for each in found]
    for each in named:
        name = re.escape(str(each.get("metadata", "name") or ""))
        yield PatchTarget(str(each.get("kind") or ""), name)
    if not named:
        yield PatchTarget("", "")


def _chart(tree: Tree, folder: str) -> Chart:
    start = f"{folder}/" if folder else ""
    path = f"{start}Chart.yaml"
    templates = tuple(
        name
        for name in tree.below(folder)
        if "templates" in PurePosixPath(name[len(start) :]).parts[:-1]
        and name.endswith((".yaml", ".yml"))
    )
    kinds = [mentioned_kinds(tree.text(name)) for name in templates if name in tree.contents]
    known = frozenset(kind for each in kinds for kind in each) if all(kinds) else frozenset()
    try:
        document = PositionedNode(
            read_document(tree.text(path), tree.shown(path), KUBECTL, what="the chart")
        )
    except InputError:
        return Chart(folder, folder, Location(tree.shown(path)), templates, frozenset())
    dependencies = [str(node.get("name") or "") for node in document.values("dependencies")]
    held = {PurePosixPath(n[len(start) :]).parts[1] for n in tree.below(f"{start}charts")}
    missing = (d for d in dependencies if not any(h == d or h.startswith(f"{d}-") for h in held))
    name = str(document.get("name") or folder)
    return Chart(folder, name, document.locate(), templates, known, tuple(missing))
