"""The source itself: its size, its rooms, its words, and the cost of starting commands."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import grimp

from benchmarks.measuring import interleaved_children, table

__all__ = ["Rooms", "Source", "main", "rooms", "words"]

_PACKAGE = "toolkit"
_PACKAGES = ("toolkit.evidence", "toolkit.logstash")
_LIMITS = {"logstash/filters": 200, "checks": 120}
"""Longer files of these folders are listed, in lines."""
_WORDS = {
    "say, tell": r"\b(?:says?|said|tells?|told)\b",
    "stand": r"\bstands?\b(?!-in)",
    "is none": r"\b(?:is|are) (?-i:none)\b",
    "nobody, somebody": r"\b(?:no|some)body\b",
}
_OPENINGS = {"docstring: What …": r"\s*What\b", "docstring: Whether …": r"\s*Whether\b"}
_COUNT = """\
import atexit, sys
def count():
    ours = sum(name.split(".")[0] == "toolkit" for name in sys.modules)
    print(len(sys.modules), ours, file=sys.stderr)
atexit.register(count)
from toolkit.cli import main
sys.argv[0] = "toolkit"
main()
"""
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          resources:
            requests: {cpu: 100m, memory: 64Mi}
            limits: {memory: 64Mi}
"""
_NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    text: str

    @cached_property
    def _documentation(self) -> list[ast.Constant]:
        """Docstrings, those of attributes included."""
        return [
            node.value
            for node in ast.walk(ast.parse(self.text))
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        return list(tokenize.generate_tokens(io.StringIO(self.text).readline))

    @property
    def lines(self) -> int:
        """All lines."""
        return len(self.text.splitlines())

    @property
    def code_lines(self) -> int:
        """Lines that are neither blank nor only comment or docstring."""
        code = {
            line
            for token in self._tokens
            if token.type not in _NOT_CODE
            for line in range(token.start[0], token.end[0] + 1)
        }
        for doc in self._documentation:
            code.difference_update(range(doc.lineno, (doc.end_lineno or doc.lineno) + 1))
        blank = {n for n, line in enumerate(self.text.splitlines(), 1) if not line.strip()}
        return len(code - blank)

    def docstrings(self) -> Iterator[str]:
        """Texts of the docstrings."""
        return (str(doc.value) for doc in self._documentation)

    def prose(self) -> Iterator[str]:
        """Docstrings, comments, and strings of several words."""
        yield from (token.string for token in self._tokens if token.type == tokenize.COMMENT)
        for node in ast.walk(ast.parse(self.text)):
            match node:
                case ast.Constant(value=str(text)) if " " in text.strip():
                    yield text


class Rooms(NamedTuple):
    """Direct children of a package, and the imports between them."""

    rooms: int
    arrows: int
    floors: int
    """Length of the longest chain of imports, in rooms."""


def _sources(root: Path) -> list[Source]:
    """Read the Python files of the package."""
    paths = sorted((root / _PACKAGE).rglob("*.py"))
    return [Source(path.relative_to(root), path.read_text("utf-8")) for path in paths]


def rooms(graph: grimp.ImportGraph, package: str) -> Rooms:
    """Count the children of a package and the imports between them, descendants included."""
    children = graph.find_children(package)
    room = {
        module: child for child in children for module in {child, *graph.find_descendants(child)}
    }
    arrows = {
        (room[module], room[imported])
        for module in room
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in room and room[module] != room[imported]
    }
    heights = dict.fromkeys(children, 1)
    for _ in children:
        for upper, lower in arrows:
            heights[upper] = max(heights[upper], heights[lower] + 1)
    return Rooms(len(children), len(arrows), max(heights.values(), default=0))


def _packages(graph: grimp.ImportGraph, package: str) -> Iterator[str]:
    yield package
    for child in sorted(graph.find_children(package)):
        if graph.find_children(child):
            yield from _packages(graph, child)


def words(files: list[Source]) -> Iterator[tuple[str, int]]:
    """Count the words that documentation and messages do without."""
    for name, pattern in _WORDS.items():
        found = (re.findall(pattern, text, re.I) for each in files for text in each.prose())
        yield name, sum(map(len, found))
    for name, pattern in _OPENINGS.items():
        yield name, sum(bool(re.match(pattern, t)) for each in files for t in each.docstrings())


def _long(files: list[Source]) -> Iterator[tuple[str, str]]:
    for folder, limit in _LIMITS.items():
        for each in files:
            if each.path.is_relative_to(Path(_PACKAGE, folder)) and each.lines > limit:
                yield str(each.path), str(each.lines)


def _starts(root: Path) -> Iterator[tuple[str, ...]]:
    """Modules that each command imports, and its CPU seconds above those of Python's start."""
    os.environ["PYTHONPATH"] = str(root)
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        # As installed: pip compiles the modules, so that no start does.
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        Path(folder, "shop.yaml").write_text(_DEPLOYMENT, "utf-8")
        contract = Path(folder, "toolkit.yml")
        contract.write_text("version: 1\nkubernetes: {manifests: [shop.yaml]}\n", "utf-8")
        commands = {
            "toolkit explain logs/no-match": ["explain", "logs/no-match"],
            "toolkit verify, one Deployment": ["verify", str(contract)],
        }
        seconds = interleaved_children(
            {
                "python": [python, "-c", "pass"],
                **{name: [python, "-m", _PACKAGE, *words] for name, words in commands.items()},
            }
        )
        for name, words in commands.items():
            done = subprocess.run(
                [python, "-c", _COUNT, *words], capture_output=True, text=True, check=True
            )
            above = seconds[name] - seconds["python"]
            yield name, *done.stderr.split()[-2:], f"{above:.2f}"


def main(root: Path) -> None:
    """Print the tables of a checkout, of this one or of another to compare with."""
    files = _sources(root)
    code = Counter[str]()
    for each in files:
        code[each.path.parts[1]] += each.code_lines
    rows = [(name, f"{count:,}") for name, count in code.most_common()]
    table("Lines of code", ("part", "lines"), [("all", f"{code.total():,}"), *rows])
    # Otherwise the package that is imported already is the one that is found.
    sys.modules.pop(_PACKAGE, None)
    sys.path.insert(0, str(root))
    graph = grimp.build_graph(_PACKAGE, cache_dir=None)
    counted = [
        (name, *map(str, rooms(graph, name)))
        for package in _PACKAGES
        for name in _packages(graph, package)
    ]
    table("Rooms", ("package", "rooms", "arrows", "floors"), counted)
    table("Start", ("command", "modules", "ours", "CPU s above Python's"), list(_starts(root)))
    counts = list(words(files))
    total = ("all", sum(count for _, count in counts))
    table("Words", ("word", "times"), [(name, str(n)) for name, n in [total, *counts]])
    table("Long files", ("file", "lines"), list(_long(files)))
