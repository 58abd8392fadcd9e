"""The rule files that configurations of Prometheus in the repository load."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from toolkit.deployment.reading import describes
from toolkit.deployment.recognition import recognise
from toolkit.deployment.tree import Tree
from toolkit.findings import Location
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_2


def unnamed_rules(tree: Tree, named: Iterable[str]) -> tuple[str, Location] | None:
    """Return a pattern under ``rule_files:`` that no named file matches, and its place.

    Where Prometheus runs, the files are in other folders: their names alone are compared.

    Args:
        tree: The files of the repository.
        named: The rule files that the contract names.
    """
    known = [PurePosixPath(name).name for name in named]
    for _, document in configurations(tree):
        for pattern, where in loaded(document):
            if not fnmatch.filter(known, pattern.name):
                return str(pattern), where
    return None


def configurations(tree: Tree) -> Iterator[tuple[str, Positioned]]:
    """Yield the path and the document of each configuration of Prometheus that loads rules."""
    for path in filter(describes, sorted(tree.contents)):
        text = tree.text(path)
        if "rule_files" not in text or recognise(path, text) != "Prometheus configuration":
            continue
        for each in read_documents(text, tree.shown(path), GO_YAML_2, what="the file").found:
            yield path, each


def loaded(document: Positioned) -> Iterator[tuple[PurePosixPath, Location]]:
    """Yield the patterns of rule files that a configuration loads, and their places."""
    patterns = document.get("rule_files")
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        yield PurePosixPath(str(pattern)), document.locate("rule_files", index)
