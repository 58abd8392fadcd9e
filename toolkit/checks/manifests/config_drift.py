"""A ConfigMap or a PrometheusRule differs from the repository's file."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from toolkit.checks import check
from toolkit.evidence.files import File
from toolkit.evidence.kubernetes.copies import Copies, Copy, RuleCopy, copies
from toolkit.findings import Finding, Location, Mark
from toolkit.languages.positioned import Path
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_WHY = "the cluster runs the copy, and everything else was proved of the file"


@check(expects=KubernetesExpectation, queries=copies)
def config_drift(expected: KubernetesExpectation, observed: Copies) -> Iterator[Finding]:
    """Every copy of a file in a ConfigMap or PrometheusRule is equal to the file.

    ## Why it matters
    What is tested is the file, what runs is the copy. A pipeline that was corrected in one
    of the two only is correct in every test, and wrong in production.

    ## How to fix it
    Generate the manifests from the files, and generate them anew after each edit.

    ## Reference
    https://kubernetes.io/docs/concepts/configuration/configmap/
    """
    for copy in observed.entries:
        if not any(_lines(copy.text) == _lines(_text(each)) for each in copy.originals):
            yield _differs(copy)
    for rules in observed.rules:
        yield from _rules_differ(rules)


def _text(file: File) -> str:
    return file.text.removeprefix("\ufeff")


def _lines(text: str) -> list[str]:
    """The lines; how the last one ends is lost in YAML, and means nothing."""
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _differs(copy: Copy) -> Finding:
    held = _lines(copy.text)
    file = max(copy.originals, key=lambda each: _likeness(held, _lines(_text(each))))
    pairs = zip_longest(held, _lines(_text(file)))
    index, (ours, theirs) = next((i, pair) for i, pair in enumerate(pairs) if pair[0] != pair[1])
    same = _shared(ours or "", theirs or "")
    block = copy.manifest.block(*copy.path)
    where = copy.manifest.locate(*copy.path)
    if block is not None and ours is not None:
        where = block.locate(index + 1, same + 1, len(ours) - same)
    excerpt = theirs or ""
    mark = Location(file.name, index + 1, same + 1, excerpt, max(1, len(excerpt) - same))
    return Finding(
        what=f"`{copy.path[-1]}` of {copy.manifest} differs from {file.name} in line {index + 1}",
        where=where,
        why=_WHY,
        fix=f"copy {file.name} into the ConfigMap anew.",
        marks=(Mark("file", mark),),
    )


def _shared(one: str, other: str) -> int:
    """How many characters two lines begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _likeness(ours: list[str], theirs: list[str]) -> float:
    return SequenceMatcher(None, ours, theirs, autojunk=False).quick_ratio()


def _rules_differ(copy: RuleCopy) -> Iterator[Finding]:
    original = copy.original.value["groups"]
    path = _difference(copy.manifest.get("spec", "groups"), original, ())
    if path is None:
        return
    yield Finding(
        what=f"{copy.manifest} differs from {copy.original.source} in `{_dotted(path)}`",
        where=copy.manifest.locate("spec", "groups", *path),
        why=_WHY,
        fix=f"copy the groups of {copy.original.source} into the PrometheusRule anew.",
        marks=(Mark("file", copy.original.locate_key("groups", *path)),),
    )


def _difference(one: Any, other: Any, path: Path) -> Path | None:
    """The path of the first part in which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        parts: list[tuple[Any, Any, Any]] = [(k, one.get(k), other.get(k)) for k in keys]
    elif isinstance(one, list) and isinstance(other, list):
        parts = [(i, *pair) for i, pair in enumerate(zip_longest(one, other))]
    else:
        return None if one == other else path
    inside = (_difference(a, b, (*path, key)) for key, a, b in parts)
    return next((each for each in inside if each is not None), None)


def _dotted(path: Path) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in ("groups", *path))[1:]
