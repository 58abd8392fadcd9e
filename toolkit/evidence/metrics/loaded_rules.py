"""The rule files that configurations of Prometheus in the repository load."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from toolkit.deployment.reading import describes
from toolkit.deployment.recognition import recognise
from toolkit.deployment.tree import Tree, resolved
from toolkit.findings import Location
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_2


def unnamed_rules(tree: Tree, named: Iterable[str]) -> tuple[str, Location] | None:
    """Return a pattern under ``rule_files:`` that no named file matches, and its place.

    Args:
        tree: The files of the repository.
        named: The rule files that the contract names.
    """
    names = tuple(named)
    for _, document in configurations(tree):
        for pattern, where in _patterns(document):
            if not _is_meant(tree, document, pattern, names):
                return str(pattern), where
    return None


def loads(tree: Tree, document: Positioned, rules: Sequence[str]) -> bool:
    """Return whether a configuration loads one of some rule files, or of those of some globs.

    Args:
        tree: The files of the repository.
        document: The configuration.
        rules: Paths and globs, as the contract names them.
    """
    return any(_is_meant(tree, document, pattern, rules) for pattern, _ in _patterns(document))


def _is_meant(
    tree: Tree, document: Positioned, pattern: PurePosixPath, rules: Sequence[str]
) -> bool:
    """True if a pattern means one of the files; unless the repository has it, its name decides."""
    path = tree.inside(document.source)
    if pattern.is_absolute():
        meant = {*tree.ending(str(pattern), (path,))}
    else:
        beside = resolved(str(PurePosixPath(path).parent), str(pattern))
        meant = {*(tree.matching(beside) if beside else ())}
    if meant:
        return any(meant.intersection(tree.matching(tree.inside(each))) for each in rules)
    return any(fnmatch.fnmatch(PurePosixPath(each).name, pattern.name) for each in rules)


def configurations(tree: Tree) -> Iterator[tuple[str, Positioned]]:
    """Yield the path and the document of each configuration of Prometheus that loads rules."""
    for path in filter(describes, sorted(tree.contents)):
        text = tree.text(path)
        if "rule_files" not in text or recognise(path, text) != "Prometheus configuration":
            continue
        for each in read_documents(text, tree.shown(path), GO_YAML_2, what="the file").found:
            yield path, each


def _patterns(document: Positioned) -> Iterator[tuple[PurePosixPath, Location]]:
    """Yield the patterns of rule files that a configuration loads, and their places."""
    patterns = document.get("rule_files")
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        yield PurePosixPath(str(pattern)), document.locate("rule_files", index)
