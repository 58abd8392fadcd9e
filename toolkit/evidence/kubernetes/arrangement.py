"""The files of a contract's manifests, by what happens to them before they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from toolkit.deployment.assembly import Assembly, Chart, Kustomization, read_assembly
from toolkit.deployment.tree import Tree
from toolkit.evidence.files import File, FileSet
from toolkit.evidence.repository import RepositoryFiles, tree_of
from toolkit.findings import Finding, Location, Severity
from toolkit.model.queries import Answer, Dependent, Derived, Leaf, Query, Recordable


@dataclass(frozen=True, slots=True)
class RenderTarget:
    """A folder that a program renders into objects."""

    program: Literal["kustomize", "helm"]
    folder: str
    """From the root of the repository."""
    name: str = ""
    """The name of the release."""
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Rendering(Recordable):
    """The output of a program for a target."""

    folder: str
    text: str
    error: str = ""
    """Why there is no output; empty if there is."""


@dataclass(frozen=True, slots=True)
class Renderings(Recordable):
    """The outputs for some targets, in their order."""

    outputs: tuple[Rendering, ...]


@dataclass(frozen=True, slots=True)
class RenderQuery(Leaf[Renderings], system="files"):
    """Render kustomizations and charts of a repository, without network."""

    root: str
    targets: tuple[RenderTarget, ...]

    @property
    def key(self) -> str:
        return " ".join(f"{each.program}:{each.folder}" for each in self.targets)


@dataclass(frozen=True, slots=True)
class NamedChart:
    """A chart, and the files of it that a contract names."""

    chart: Chart
    first: str
    """The first of these files, as it is shown."""
    templates: frozenset[str]
    """The templates that are meant; empty for all of the chart."""


@dataclass(frozen=True)
class Arrangement:
    """The files that a contract names under ``manifests:``, sorted out."""

    tree: Tree
    assembly: Assembly
    files: tuple[File, ...] = ()
    """Those that are read as they are."""
    kustomizations: tuple[Kustomization, ...] = ()
    charts: tuple[NamedChart, ...] = ()
    notes: tuple[Finding, ...] = ()
    """The files that are skipped."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why a kustomization or chart is not rendered, by folder."""

    def targets(self, namespace: str | None) -> Iterator[RenderTarget]:
        """Yield what can be rendered here, without the network."""
        for top in self.kustomizations:
            if top.folder not in self.refused:
                yield RenderTarget("kustomize", top.folder)
        for each in self.charts:
            if each.chart.folder not in self.refused:
                yield RenderTarget("helm", each.chart.folder, each.chart.name, namespace)

    def below(self, top: Kustomization) -> Iterator[File]:
        """The files with the objects that a kustomization is built on."""
        for path in self.assembly.files(top):
            if path in self.tree.contents:
                yield File(self.tree.shown(path), self.tree.contents[path])


@dataclass(frozen=True, slots=True)
class ArrangementOf(Derived[Arrangement]):
    """Sort the named files out by what the repository makes of them."""

    files: Query[FileSet]
    repository: Query[RepositoryFiles]
    prefix: str

    def derive(
        self, files: Answer[FileSet], repository: Answer[RepositoryFiles]
    ) -> Answer[Arrangement]:
        tree = tree_of(repository.evidence, self.prefix)
        found = arrange(tree, read_assembly(tree), files.evidence)
        return Answer(found, files.origin, len(files.evidence.files), "files")


def arrange(tree: Tree, assembly: Assembly, files: Iterable[File]) -> Arrangement:
    """Sort files out: manifests, kustomizations, charts, and what these read.

    Args:
        tree: The repository.
        assembly: Its kustomizations and charts.
        files: The files that a contract names.
    """
    by_path = {each.path: each for each in assembly.kustomizations.values()}
    chosen: dict[str, Kustomization] = {}
    charts: dict[str, list[str]] = {}
    plain: list[File] = []
    notes: list[Finding] = []
    for file in files:
        path = tree.inside(file.name)
        if found := by_path.get(path):
            chosen[found.folder] = found
        elif chart := assembly.chart_of(path):
            charts.setdefault(chart.folder, []).append(path)
        elif path in assembly.inputs:
            notes.append(_is_input(file.name))
        else:
            plain.append(file)
    tops = assembly.tops(chosen.values())
    named = tuple(_named(tree, assembly.charts[f], paths) for f, paths in charts.items())
    refused = {top.folder: why for top in tops if (why := _remote(assembly, top))}
    refused |= {
        each.chart.folder: f"it lacks the chart `{each.chart.missing[0]}` that it depends on"
        for each in named
        if each.chart.missing
    }
    return Arrangement(tree, assembly, tuple(plain), tops, named, tuple(notes), refused)


def _named(tree: Tree, chart: Chart, paths: list[str]) -> NamedChart:
    whole = any(path not in chart.templates for path in paths)
    templates = frozenset() if whole else frozenset(paths)
    return NamedChart(chart, tree.shown(paths[0]), templates)


def _remote(assembly: Assembly, top: Kustomization) -> str:
    elsewhere = (name for each in assembly.reached(top) for name in each.remote)
    name = next(elsewhere, "")
    return f"its resource `{name}` is not in the repository" if name else ""


def _is_input(name: str) -> Finding:
    return Finding(
        what="the file is skipped: a kustomization reads it as a patch or a generator's input",
        where=Location(name, 1),
        why="only objects of Kubernetes are checked",
        fix="remove the file from `manifests:`, and name the kustomization.",
        severity=Severity.INFO,
    )


@dataclass(frozen=True, slots=True)
class RenderingsOf(Dependent[Renderings]):
    """Render what is named of kustomizations and charts."""

    arrangement: Query[Arrangement]
    root: str
    namespace: str | None

    def to_leaf(self, arrangement: Answer[Arrangement]) -> RenderQuery:
        return RenderQuery(self.root, tuple(arrangement.evidence.targets(self.namespace)))
