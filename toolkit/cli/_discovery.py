"""Finds, in a tree of files, those that a contract can name; by content, not only by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from toolkit.connectors.repository import open_tree
from toolkit.deployment.deployment import Deployment
from toolkit.deployment.logstash import PipelineFiles, pipelines
from toolkit.deployment.reading import kinds, read_deployment
from toolkit.deployment.recognition import FileKind, holds_rules
from toolkit.deployment.tree import Omission, Tree

_COMPLETE = re.compile(r"^\s*input\s*\{", re.MULTILINE)
_ECS = re.compile(
    r"^[^#\n]*pipeline[._]ecs_compatibility[\"']?\s*[:=]\s*[\"']?(disabled|v1|v8)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED: dict[FileKind, str] = {
    "sample log": "samples",
    "Filebeat configuration": "shippers",
    "index template": "templates",
    "rule file": "rules",
    "exposition": "expositions",
    "Grafana dashboard": "dashboards",
    "Kibana saved objects": "saved_objects",
    "Kubernetes manifest": "manifests",
}
"""The lists of `Found` by the kind of file; others describe the deployment, or are left alone."""


@dataclass(slots=True)
class Found:
    """Paths relative to the root, sorted."""

    pipelines: list[PipelineFiles] = field(default_factory=list)
    """With globs among their files, where all files of a folder are meant."""
    samples: list[str] = field(default_factory=list)
    shippers: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    expositions: list[str] = field(default_factory=list)
    dashboards: list[str] = field(default_factory=list)
    saved_objects: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    """How many files of each other kind there are."""
    omitted: tuple[Omission, ...] = ()
    """Files and folders that were not read."""
    ecs_compatibility: str = ""
    """Logstash's `pipeline.ecs_compatibility` in settings or in a container; empty without one."""

    def __bool__(self) -> bool:
        logs, metrics = (self.pipelines, self.samples), (self.rules, self.dashboards)
        return any((*logs, *metrics, self.saved_objects, self.manifests))


def discover(root: Path) -> Found:
    """Classify the files below ``root``, without hidden folders and those of dependencies."""
    tree = open_tree(root, "")
    recognised = kinds(tree)
    found = Found(omitted=tree.omitted)
    for name, kind in recognised.items():
        if kind in _NAMED:
            getattr(found, _NAMED[kind]).append(name)
        elif kind != "Logstash pipeline":
            found.others[kind] += 1
        if kind == "Kubernetes manifest" and holds_rules(tree.text(name)):
            found.rules.append(name)
        if name.endswith((".yml", ".yaml")) and (setting := _ECS.search(tree.text(name))):
            found.ecs_compatibility = setting[1]
    listed = [name for name, kind in recognised.items() if kind == "Logstash pipelines.yml"]
    configurations = [name for name, kind in recognised.items() if kind == "Logstash pipeline"]
    deployment = read_deployment(tree, recognised)
    found.pipelines = [*_deployed(deployment, listed)]
    used = {name for each in found.pipelines for name in each.files}
    found.pipelines += _by_folder(tree, (name for name in configurations if name not in used))
    found.pipelines = [_with_globs(tree, each) for each in found.pipelines]
    return found


def _deployed(deployment: Deployment, settings: list[str]) -> Iterator[PipelineFiles]:
    """The pipelines of Logstashes that run somewhere, each set of files once."""
    seen: set[tuple[str, ...]] = set()
    for each in pipelines(deployment, settings):
        if each.files and each.files not in seen:
            seen.add(each.files)
            yield each


def _by_folder(tree: Tree, names: Iterable[str]) -> Iterator[PipelineFiles]:
    """Files of a folder are one pipeline, unless several have inputs of their own."""
    by_folder: dict[PurePosixPath, list[str]] = {}
    for name in names:
        by_folder.setdefault(PurePosixPath(name).parent, []).append(name)
    for folder, inside in by_folder.items():
        complete = [name for name in inside if _COMPLETE.search(tree.text(name))]
        suffixes = {PurePosixPath(name).suffix for name in inside}
        apart = len(complete) > 1 or len(suffixes) > 1
        for files in ([name] for name in inside) if apart else (inside,):
            path = PurePosixPath(files[0])
            named = path.stem if len(files) == 1 else folder.name or path.stem
            yield PipelineFiles(named, tuple(files), tree.place(files[0]))


def _with_globs(tree: Tree, pipeline: PipelineFiles) -> PipelineFiles:
    """Write all files of a suffix in a folder as a glob."""
    paths = [PurePosixPath(name) for name in pipeline.files]
    globs = {str(path.parent / f"*{path.suffix}") for path in paths}
    if len(paths) == 1 or len(globs) > 1:
        return pipeline
    (glob,) = globs
    return pipeline.of((glob,)) if {*tree.matching(glob)} == {*pipeline.files} else pipeline
