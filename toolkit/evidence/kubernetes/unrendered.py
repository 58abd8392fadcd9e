"""The unknown parts of kustomizations and charts that are not rendered."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from toolkit.deployment.assembly import Kustomization
from toolkit.evidence.kubernetes.arrangement import Arrangement, NamedChart
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest, UnreadPart, mentioned_kinds
from toolkit.model.grouping import grouped

UNRENDERED = "unrendered"
"""The kind of the findings on kustomizations and charts whose objects are not known."""


def unbuilt(arranged: Arrangement, top: Kustomization, why: str) -> Iterator[UnreadPart]:
    """Yield the objects that a kustomization makes besides those of its files; often none.

    Args:
        arranged: The contract's kustomizations and charts.
        top: The kustomization.
        why: The reason why it is not rendered.
    """
    reached = arranged.assembly.reached(top)
    kinds = {target.kind for each in reached for target in each.targets}
    elsewhere = any(each.remote or each.makes for each in reached)
    if not kinds and not elsewhere:
        return
    known = frozenset() if elsewhere or "" in kinds else frozenset(kinds)
    finding = Finding(
        what="the kustomization is not built: what it makes of its objects is not known",
        where=top.where,
        why=why,
        fix=f"{_remedy(arranged, top.folder, 'kubectl or kustomize', 'add the resource')}, "
        "or name the output of `kubectl kustomize` instead.",
        kind=UNRENDERED,
    )
    yield UnreadPart(finding, known)


def _remedy(arranged: Arrangement, folder: str, program: str, remedy: str) -> str:
    """Return the step that helps; a program is no help where the repository lacks files."""
    return remedy if folder in arranged.refused else f"install {program}"


def unrendered(arranged: Arrangement, named: NamedChart, why: str) -> UnreadPart:
    """Return the objects of a chart that are not known.

    Args:
        arranged: The files and kustomizations of the repository.
        named: The chart, and the templates that the contract names.
        why: The reason why it is not rendered.
    """
    tree, chart, kinds = arranged.tree, named.chart, named.chart.kinds
    if named.templates:
        each = [mentioned_kinds(tree.text(path)) for path in named.templates]
        kinds = frozenset(kind for found in each for kind in found) if all(each) else frozenset()
    number = len(named.templates or chart.templates)
    finding = Finding(
        what=f"the chart `{chart.name}` is not rendered: {number} "
        f"template{'s are' if number != 1 else ' is'} no manifest yet",
        where=Location(named.first, 1),
        why=why,
        fix=f"{_remedy(arranged, chart.folder, 'helm', 'run `helm dependency build`')}, "
        "or name the output of `helm template` instead.",
        kind=UNRENDERED,
    )
    return UnreadPart(finding, kinds)


def patched(
    arranged: Arrangement, objects: Iterable[Manifest], built: Container[str]
) -> dict[str, str]:
    """The files with objects that a kustomization changes, and the reason to doubt them.

    Args:
        arranged: The files and kustomizations.
        objects: All objects.
        built: The folders of kustomizations that are rendered.
    """
    plain = (each for each in objects if not each.rendered)
    by_file = grouped((arranged.tree.inside(each.source), each) for each in plain)
    found: dict[str, str] = {}
    for folder, top in arranged.assembly.kustomizations.items():
        if folder in built:
            continue
        targets = [t for each in arranged.assembly.reached(top) for t in each.targets]
        for path in arranged.assembly.files(top) if targets else ():
            if any(t.covers(each) for t in targets for each in by_file.get(path, ())):
                where = arranged.tree.shown(path)
                found[where] = f"{arranged.tree.shown(top.path)} changes the object"
    return found
