"""Copies of the repository's files in manifests: ConfigMaps, and the groups of PrometheusRules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from toolkit.deployment.recognition import recognise
from toolkit.evidence.files import File, Files, FileSet
from toolkit.evidence.kubernetes.manifests import Manifests, RelevantManifests, manifests
from toolkit.evidence.repository import RepositoryFiles, repository, tree_of
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.languages.positioned import Path, Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import KUBECTL
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Copy:
    """An entry of a ConfigMap, and the files with the same name."""

    manifest: Manifest
    path: Path
    text: str
    originals: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class RuleCopy:
    """A PrometheusRule, and the rule file with groups of the same names."""

    manifest: Manifest
    original: Positioned


@dataclass(frozen=True, slots=True)
class Copies:
    """All copies among the manifests."""

    entries: tuple[Copy, ...]
    rules: tuple[RuleCopy, ...]


@dataclass(frozen=True, slots=True)
class CopiesIn(Derived[Copies]):
    """Pair entries of manifests with the files they may be copies of."""

    manifests: Query[Manifests]
    sources: Query[FileSet]
    repository: Query[RepositoryFiles]
    prefix: str
    promised: bool
    """True if the contract declares that there are copies; then none found proves nothing."""

    def derive(
        self,
        found: Answer[Manifests],
        sources: Answer[FileSet],
        repository: Answer[RepositoryFiles],
    ) -> Answer[Copies]:
        composed = _composed(repository.evidence, self.prefix)
        evidence = Copies(
            tuple(_entries(found.evidence, sources.evidence, composed)),
            tuple(_rules(found.evidence, sources.evidence)),
        )
        number = len(evidence.entries) + len(evidence.rules)
        return Answer(evidence, found.origin, number, "copied files", promised=self.promised)


def _composed(repository: RepositoryFiles, prefix: str) -> frozenset[PurePosixPath]:
    """The folders with compose files: deployments of their own."""
    tree = tree_of(repository, prefix)
    likely = (name for name, data in tree.contents.items() if b"services" in data)
    composed = (name for name in likely if recognise(name, tree.text(name)) == "compose file")
    return frozenset(PurePosixPath(tree.shown(name)).parent for name in composed)


def _apart(file: File, manifest: Manifest, composed: frozenset[PurePosixPath]) -> bool:
    """True if a file belongs to compose files that the manifest is not beside."""
    own, other = PurePosixPath(file.name).parents, PurePosixPath(manifest.source).parents
    return any(folder in composed and folder not in other for folder in own)


def _entries(
    found: Manifests, sources: FileSet, composed: frozenset[PurePosixPath]
) -> Iterator[Copy]:
    by_name = grouped((PurePosixPath(file.name).name, file) for file in sources)
    for manifest in found.of("ConfigMap"):
        for key, text in mapping(manifest.get("data")).items():
            others = [
                each
                for each in by_name.get(key, ())
                if each.name != manifest.source and not _apart(each, manifest, composed)
            ]
            if others:
                yield Copy(manifest, ("data", key), str(text), tuple(others))


def _rules(found: Manifests, sources: FileSet) -> Iterator[RuleCopy]:
    files = list(_rule_files(sources)) if any(found.of("PrometheusRule")) else []
    for manifest in found.of("PrometheusRule"):
        names = _group_names(manifest.get("spec"))
        shared = [(len(names & _group_names(file.value)), file) for file in files]
        most, file = max(shared, key=lambda each: each[0], default=(0, None))
        if file is not None and most:
            yield RuleCopy(manifest, file)


def _rule_files(sources: FileSet) -> Iterator[Positioned]:
    for file in sources:
        if file.name.endswith((".yml", ".yaml")) and b"groups:" in file.data:
            # Unreadable files are reported by the checks of rules.
            found = read_documents(file.text, file.name, KUBECTL, what="the file").found
            yield from (each for each in found if "groups" in mapping(each.value))


def _group_names(value: Any) -> set[str]:
    return {str(each.get("name")) for _, each in items(mapping(value).get("groups"))}


def copies(expected: KubernetesExpectation, scope: Scope) -> Query[Copies] | None:
    """Return the query for copies of the contract's files; None without manifests or files."""
    found = manifests(expected, scope)
    globs = tuple(dict.fromkeys((*expected.sources, *_named(scope.contract))))
    if found is None or not globs:
        return None
    files = Files(globs, expected.declared, "files", optional=True)
    relevant = RelevantManifests(found, ("ConfigMap", "PrometheusRule"))
    return CopiesIn(relevant, files, *repository(scope), bool(expected.sources))


def _named(contract: Contract) -> Iterator[str]:
    """Return the globs of all files that are deployed."""
    for each in contract.logs:
        yield from each.pipeline
        yield from (one for one in (each.shipper, each.template) if one)
    if contract.metrics:
        yield from contract.metrics.rules
        yield from contract.metrics.dashboards
    if contract.kibana:
        yield from contract.kibana.saved_objects
