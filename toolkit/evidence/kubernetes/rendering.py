"""The objects that programs render, each with its origin in the repository."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import PurePosixPath

from toolkit.deployment.tree import Tree
from toolkit.evidence.kubernetes.arrangement import NamedChart
from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, dig, read_manifests
from toolkit.languages.positioned import Place, Positioned

_SOURCE = re.compile(r"^# Source: [^/\n]+/(.+?)[ \t\r]*$", re.MULTILINE)
_KEY = re.compile(r"(?:- )?[\"']?([\w./-]+)[\"']?:")
_ORIGIN = "config.kubernetes.io/origin"
_PATH = re.compile(r"^(?:path|configuredIn): (.+)$", re.MULTILINE)


def rendered_by_helm(tree: Tree, named: NamedChart, text: str) -> Iterator[Manifest]:
    """Yield the objects in the output of a chart, of its named templates.

    Args:
        tree: The files of the repository.
        named: The chart, and the templates that the contract names.
        text: The output of ``helm template``.
    """
    folder = named.chart.folder
    sources = [(found.start(), found[1]) for found in _SOURCE.finditer(text)]

    def origin(manifest: Manifest) -> str:
        at = manifest.document.span.start
        inside = [path for start, path in sources if start <= at]
        return f"{folder}/{inside[-1]}" if folder and inside else "".join(inside[-1:])

    for manifest in _with_origin(tree, text, folder, origin):
        path = tree.inside(manifest.source)
        if not named.templates or path in named.templates:
            yield manifest


def rendered_by_kustomize(tree: Tree, folder: str, text: str) -> Iterator[Manifest]:
    """Yield the objects in the output of a kustomization.

    Args:
        tree: The files of the repository.
        folder: The folder of the kustomization.
        text: The output of ``kubectl kustomize``.
    """

    def origin(manifest: Manifest) -> str:
        stated = str(dig(manifest.body, "metadata", "annotations", _ORIGIN) or "")
        found = _PATH.search(stated)
        ups = PurePosixPath(found[1]).parts if found else ()
        return _ending(tree, folder, ups)

    for manifest in _with_origin(tree, text, folder, origin):
        body = deepcopy(dict(manifest.body))
        annotations = dig(body, "metadata", "annotations")
        if isinstance(annotations, dict):
            annotations.pop(_ORIGIN, None)
            if not annotations:
                del body["metadata"]["annotations"]
        yield replace(manifest, body=body)


def _ending(tree: Tree, folder: str, parts: Sequence[str]) -> str:
    """The file of the tree that a path from outside it leads to: the longest end counts."""
    known = [part for part in parts if part != ".."]
    for start in range(len(known)):
        path = "/".join(known[start:])
        if path in tree.contents:
            return path
    return folder


def _with_origin(
    tree: Tree, text: str, folder: str, origin: Callable[[Manifest], str]
) -> Iterator[Manifest]:
    rendered = text.splitlines()
    lines: dict[str, list[str]] = {}
    for manifest in read_manifests(text, source=folder).found:
        path = origin(manifest)
        source = tree.shown(path)
        if path not in lines:
            lines[path] = tree.text(path).splitlines() if path in tree.contents else []
        document = manifest.document
        place = _relocated(document, rendered, source, lines[path])
        moved = Positioned(document.text, document.value, place, document.scan)
        yield replace(manifest, source=source, document=moved, rendered=folder or ".")


def _relocated(
    document: Positioned, rendered: Sequence[str], source: str, lines: Sequence[str]
) -> Place:
    """Places in the origin of a rendered text.

    Meant is the one line that reads the same or has the same key, else that of the nearest
    parent for which there is one.
    """

    def found(at: int, width: int) -> Location:
        here = document.place(at, width)
        for number in _with_parents(rendered, (here.line or 1) - 1):
            wanted = rendered[number].strip()
            same = _same(wanted, lines)
            if same is not None:
                break
        else:
            return Location(source)
        line = lines[same]
        start = line.index(line.strip()) + 1
        if number + 1 == here.line and line.strip() == wanted:
            inside = (here.column or 1) - 1 - here.excerpt.index(wanted)
            return Location(source, same + 1, start + inside, line, here.width)
        return Location(source, same + 1, start, line, len(line.strip()))

    return found


def _with_parents(lines: Sequence[str], number: int) -> Iterator[int]:
    """A line of YAML, then each line before it that is indented less than all since."""
    yield number
    least = _indent(lines[number]) if number < len(lines) else 0
    for above in range(number - 1, -1, -1):
        if lines[above].strip() and _indent(lines[above]) < least:
            least = _indent(lines[above])
            yield above


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _same(wanted: str, lines: Sequence[str]) -> int | None:
    """The only line that reads the same, or that has the same key."""
    same = [n for n, line in enumerate(lines) if line.strip() == wanted]
    if not same and (key := _KEY.match(wanted)):
        held = re.compile(rf"(?<![\w./-])[\"']?{re.escape(key[1])}[\"']?:")
        same = [n for n, line in enumerate(lines) if held.search(line)]
    return same[0] if len(same) == 1 else None
