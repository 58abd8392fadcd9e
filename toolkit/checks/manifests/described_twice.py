"""One object is described in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from toolkit.checks import check
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Mark, Unproven
from toolkit.kubernetes.manifests import Manifest
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query, SubjectsOf

_FEW = 3
"""Objects that are named."""
_WORD = re.compile(r"[-_.]")


def _named(found: Manifests) -> Iterator[Manifest]:
    return (each for each in found if each.name and not each.rendered)


def _queries(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    found = manifests(expected, scope)
    return SubjectsOf(found, _named, "manifests") if found else None


@check(expects=KubernetesExpectation, queries=_queries)
def described_twice(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """No object is described in two ways.

    ## Why it matters
    `kubectl apply` takes one description after the other, and the last one remains. Which one
    that is depends on the order of files and documents, without a warning.

    ## How to fix it
    Keep one description. Where files are for different clusters, name those of one under
    `manifests:`, or let a kustomization put them together.

    ## Reference
    https://kubernetes.io/docs/concepts/overview/working-with-objects/object-management/
    """
    several = []
    for first, *others in _alike(observed):
        for each in others:
            if _applied_together(first, each):
                yield _twice(first, each)
            else:
                several.append(each)
    names = list(dict.fromkeys(map(str, several)))
    few = ", ".join(names[:_FEW])
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    for each in several:
        yield Unproven.of(
            what=f"files describe {few}{more} in different ways",
            where=each.locate("metadata", "name"),
            why="which of them is applied is not known; each is checked by itself",
            fix="name the files of one deployment under `manifests:`.",
        )


def _alike(observed: Manifests) -> Iterator[list[Manifest]]:
    """The descriptions of each object; what is rendered of several folders is meant to differ."""
    found: dict[tuple[str | None, ...], list[Manifest]] = {}
    for each in _named(observed):
        group = each.api_version.rpartition("/")[0]
        found.setdefault((group, each.kind, each.namespace, each.name), []).append(each)
    return iter(found.values())


def _applied_together(first: Manifest, second: Manifest) -> bool:
    """True of one file, and of files of a folder that are no variants of each other.

    Variants have a word of their names in common, such as ``web.yaml`` and ``web-test.yaml``;
    examples, of which one is chosen, leave the namespace to the command.
    """
    one, other = PurePosixPath(first.source), PurePosixPath(second.source)
    unlike = {*_WORD.split(one.stem)}.isdisjoint(_WORD.split(other.stem))
    unlike = unlike and first.namespace is not None
    return one == other or (one.parent == other.parent and unlike)


def _twice(first: Manifest, second: Manifest) -> Finding:
    same = first.source == second.source
    return Finding(
        what=f"{second} is described twice{' in one file' if same else ''}, in different ways",
        where=second.locate("metadata", "name"),
        why="kubectl applies both, and the last one remains",
        fix="keep one of them, or give them different names.",
        marks=(Mark("first", first.locate("metadata", "name")),),
    )
