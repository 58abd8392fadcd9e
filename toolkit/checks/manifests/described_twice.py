"""One object is described in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Mark, Unproven
from toolkit.kubernetes.manifests import Manifest
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query, SubjectsOf

_FEW = 3
"""Objects that are named."""


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
            if each.source == first.source:
                yield _in_one_file(first, each)
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


def _in_one_file(first: Manifest, second: Manifest) -> Finding:
    return Finding(
        what=f"{second} is described twice in one file, in different ways",
        where=second.locate("metadata", "name"),
        why="kubectl applies both, and the last one remains",
        fix="keep one of them, or give them different names.",
        marks=(Mark("first", first.locate("metadata", "name")),),
    )
