"""Finds, in a tree of files, those that a contract can name; by content, not only by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from toolkit.cli.init._named_logs import named_logs
from toolkit.cli.init._templates import patterns_of
from toolkit.connectors.repository import open_tree
from toolkit.deployment.assembly import read_assembly
from toolkit.deployment.deployment import Deployment
from toolkit.deployment.logstash import PipelineFiles, ecs_compatibility, pipelines
from toolkit.deployment.reading import kinds, read_deployment
from toolkit.deployment.recognition import FileKind, carried
from toolkit.deployment.tree import Omission, Tree

_COMPLETE = re.compile(r"^\s*input\s*\{", re.MULTILINE)
_ORDERED = re.compile(r"\d+[-_.]")
_COMPONENT = re.compile(r"^kind:[ \t]*[\"']?Component\b", re.MULTILINE)
_NAMED: dict[FileKind, str] = {
    "sample log": "samples",
    "Filebeat configuration": "shippers",
    "index template": "templates",
    "rule file": "rules",
    "exposition": "expositions",
    "Grafana dashboard": "dashboards",
    "Kibana saved objects": "saved_objects",
}
"""The lists of `Found` by the kind of file; others describe the deployment, or are left alone."""
_READ_IN_MANIFESTS = ("rule file", "Grafana dashboard")
"""The kinds of files that are read where a ConfigMap carries them."""
_TEXTS = frozenset({".conf", ".yml", ".yaml", ".json", ".ndjson", ".log", ".rules", ".prom"})
"""Suffixes of files that could have been meant."""


@dataclass(slots=True)
class Found:
    """Paths relative to the root, sorted."""

    tree: Tree
    pipelines: list[PipelineFiles] = field(default_factory=list)
    """With globs among their files, where all files of a folder are meant."""
    samples: list[str] = field(default_factory=list)
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The configurations that name a sample file as their input."""
    shippers: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    expositions: list[str] = field(default_factory=list)
    dashboards: list[str] = field(default_factory=list)
    saved_objects: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    """With kustomizations and charts in place of the files that they are built on."""
    others: dict[str, list[str]] = field(default_factory=dict)
    """The files of other kinds, by kind."""
    unknown: list[str] = field(default_factory=list)
    """Files of a suffix that could be meant, and of no known kind."""
    omitted: tuple[Omission, ...] = ()
    """Files and folders that were not read."""
    ecs_compatibility: str = ""
    """Logstash's `pipeline.ecs_compatibility` in settings or in a container; empty without one."""

    def __bool__(self) -> bool:
        logs, metrics = (self.pipelines, self.samples), (self.rules, self.dashboards)
        return any((*logs, *metrics, self.saved_objects, self.manifests))

    def add(self, kind: str, name: str) -> None:
        """List a file under its kind."""
        if listed := _NAMED.get(kind):  # type: ignore[call-overload]
            getattr(self, listed).append(name)
        else:
            self.others.setdefault(kind, []).append(name)

    def short(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return names with globs for all files of a suffix in a folder."""
        return shortened(self.tree, dict.fromkeys(names))


def discover(root: Path) -> Found:
    """Classify the files below ``root``, without hidden folders and those of dependencies."""
    tree = open_tree(root, "")
    recognised = kinds(tree)
    found = Found(tree, omitted=tree.omitted, ecs_compatibility=ecs_compatibility(tree))
    for name, kind in recognised.items():
        if kind == "index template" and not patterns_of(tree.text(name)):
            found.add("index template in another form", name)
        elif kind not in (
            "Logstash pipeline",
            "Kubernetes manifest",
            "kustomization",
            "Helm chart",
        ):
            found.add(kind, name)
    _add_manifests(tree, recognised, found)
    deployment = read_deployment(tree, recognised)
    found.pipelines = [_with_globs(tree, each) for each in _pipelines(deployment, recognised)]
    configurations = [name for name, kind in recognised.items() if kind == "Logstash pipeline"]
    found.named = named_logs(deployment, configurations, found.shippers)
    found.samples += (n for n in found.named if n not in recognised)
    known = {*recognised, *found.named}
    found.unknown = [
        name
        for name in sorted(tree.contents)
        if name not in known and PurePosixPath(name).suffix in _TEXTS
    ]
    return found


def _add_manifests(tree: Tree, recognised: Mapping[str, FileKind], found: Found) -> None:
    """List manifests, what they are built of, and the files that ConfigMaps carry."""
    assembly = read_assembly(tree)
    tops = assembly.tops(
        each
        for each in assembly.kustomizations.values()
        if not _COMPONENT.search(tree.text(each.path))
    )
    built = {path for top in tops for path in assembly.files(top)}
    found.manifests += (top.path for top in tops)
    found.manifests += (str(PurePosixPath(each, "Chart.yaml")) for each in assembly.charts)
    for name, kind in recognised.items():
        if kind != "Kubernetes manifest":
            continue
        for held in carried(tree.text(name)):
            if held in _READ_IN_MANIFESTS:
                found.add(held, name)
            else:
                found.add(f"{held} in a ConfigMap", name)
        if not (name in built or name in assembly.inputs or assembly.chart_of(name)):
            found.manifests.append(name)


def _pipelines(
    deployment: Deployment, recognised: Mapping[str, FileKind]
) -> Iterator[PipelineFiles]:
    """The pipelines of Logstashes that run somewhere, each set of files once; then the rest."""
    seen: set[tuple[str, ...]] = set()
    settings = [name for name, kind in recognised.items() if kind == "Logstash pipelines.yml"]
    for each in pipelines(deployment, settings):
        if each.files and each.files not in seen:
            seen.add(each.files)
            yield each
    used = {name for files in seen for name in files}
    kept = (n for n, kind in recognised.items() if kind == "Logstash pipeline" and n not in used)
    yield from _by_folder(deployment.tree, kept)


def _by_folder(tree: Tree, names: Iterable[str]) -> Iterator[PipelineFiles]:
    """Files of a folder are one pipeline, unless several have inputs of their own.

    Files whose names begin with numbers are parts of one: Logstash joins them in that order.
    """
    by_folder: dict[PurePosixPath, list[str]] = {}
    for name in names:
        by_folder.setdefault(PurePosixPath(name).parent, []).append(name)
    for folder, inside in by_folder.items():
        complete = [name for name in inside if _COMPLETE.search(tree.text(name))]
        suffixes = {PurePosixPath(name).suffix for name in inside}
        ordered = all(_ORDERED.match(PurePosixPath(name).name) for name in inside)
        apart = len(suffixes) > 1 or (len(complete) > 1 and not ordered)
        for files in ([name] for name in inside) if apart else (inside,):
            path = PurePosixPath(files[0])
            named = path.stem if len(files) == 1 else folder.name or path.stem
            yield PipelineFiles(named, tuple(files), tree.place(files[0]))


def _with_globs(tree: Tree, pipeline: PipelineFiles) -> PipelineFiles:
    """Write all files of a suffix in a folder as a glob."""
    globs = shortened(tree, pipeline.files)
    return pipeline.of(globs) if len(globs) == 1 else pipeline


def shortened(tree: Tree, names: Iterable[str]) -> tuple[str, ...]:
    """Write all files of a suffix in a folder as a glob; others as they are."""
    names = tuple(names)
    globs: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        globs.setdefault(str(path.parent / f"*{path.suffix}"), []).append(name)
    short: list[str] = []
    for glob, held in globs.items():
        whole = len(held) > 1 and {*tree.matching(glob)} == {*held}
        short += [glob] if whole else held
    return tuple(short)
