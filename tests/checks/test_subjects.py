"""The subjects by which findings are folded: each kind that one check breaks, another follows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import toolkit
from toolkit.findings import SubjectKind

ROOT = Path(toolkit.__file__).parent
TEXTS = {path: path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}
TREES = {
    path: ast.parse(text)
    for path, text in TEXTS.items()
    if re.search(r"Subject\(|(?:breaks|follows)=", text)
}
NOT_BROKEN = {"sources": "everything upstream of a field, which the lineage puts in its place"}
NOT_FOLLOWED = {
    "image": "names one cause at several containers",
    "run": "the events that a crash leaves unknown follow `crash.breaks`",
    "saved object": "names one cause in all objects that refer to it",
}
"""Findings that break the same, for the same reason, are one."""


def constructed(node: ast.AST, known: Mapping[str, set[str]]) -> set[str]:
    """The kinds of the subjects that a piece of code makes, itself or by name."""
    found = set[str]()
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Name(id="Subject"), args=[ast.Constant(value=str(kind)), *_]):
                found.add(kind)
            case ast.Name(id=name):
                found |= known.get(name, set())
    return found


def made_in(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The kinds that functions and variables of a module make, by their names."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                yield name, constructed(node, {})


MADE = {path: dict(made_in(tree)) for path, tree in TREES.items()}
SHARED = {n: k for own in MADE.values() for n, k in own.items() if not n.startswith("_")}


def kinds(keyword: str) -> set[str]:
    """The kinds of all subjects that findings are given under a keyword."""
    return {
        kind
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == keyword
        for kind in constructed(node.value, SHARED | MADE[path])
    }


def test_each_kind_that_is_followed_is_broken_by_some_finding() -> None:
    assert kinds("follows") - kinds("breaks") == set(NOT_BROKEN)


def test_each_kind_that_is_broken_is_followed_or_known_to_the_lineage() -> None:
    lineages = (tree for path, tree in TREES.items() if path.parent.name == "lineage")
    lineage = {kind for tree in lineages for kind in constructed(tree, {})}
    assert kinds("breaks") - kinds("follows") - lineage == set(NOT_FOLLOWED)


def test_no_kind_is_left_over() -> None:
    every = {kind for some in get_args(SubjectKind) for kind in get_args(some)}
    assert kinds("breaks") | kinds("follows") == every
