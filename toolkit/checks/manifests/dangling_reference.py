"""An object names another object, an entry or a port that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.kubernetes.port_names import PortName, port_names
from toolkit.evidence.kubernetes.references import (
    CLASSES,
    Reference,
    References,
    of_references,
)
from toolkit.findings import Finding, Mark, Unproven
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.kubernetes.selectors import alike
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_FEW = 5
"""Names that are listed."""


@check(expects=KubernetesExpectation, queries=of_references)
def dangling_reference(
    expected: KubernetesExpectation, observed: References
) -> Iterator[Finding | Unproven]:
    """Every object that another one names is there, with the entry or port that it names.

    A Secret is mostly created outside the repository, and so may be what operators, charts and
    generators make: what is not here is broken only if its neighbours are here, or if one of
    them has almost the same name and nothing else names it.

    ## Why it matters
    `kubectl apply` accepts a name that leads nowhere. The pod waits for a ConfigMap that is never
    there, a claim stays pending, a probe fails without end, and the old version goes on serving.

    ## How to fix it
    Correct the name, or add the manifest of what is named. A reference that may lead nowhere has
    `optional: true`.

    ## Reference
    https://kubernetes.io/docs/concepts/configuration/configmap/
    """
    doubtful: dict[tuple[str, str], list[Reference]] = {}
    for reference in observed.dangling():
        if found := _missing(observed, reference):
            yield found
        elif not _brought(observed, reference):
            doubtful.setdefault(_doubt(observed, reference), []).append(reference)
    for (kind, why), several in doubtful.items():
        yield from _unproven(kind, why, several)
    for reference in observed:
        yield from _entries(reference, observed.targets(reference))
    yield from (_no_port(each) for each in port_names(observed.manifests) if not each.known)


def _missing(observed: References, reference: Reference) -> Finding | None:
    """A fault, if the name is a slip or what belongs to the deployment is known to be here."""
    there = observed.near(reference)
    names = list(dict.fromkeys(each.name for each in there))
    near = get_close_matches(reference.name, names, n=1)
    meant = next((each for each in there if each.name in near), None)
    slipped = (
        meant is not None
        and alike(meant.name, reference.name)
        and not observed.is_referenced(meant)
    )
    if not (slipped or observed.manifests.complete or _neighbours(observed, reference, there)):
        return None
    return Finding(
        what=f"{reference.owner} names the {reference.kind} `{reference.name}`, "
        "which does not exist",
        where=reference.owner.locate_value(*reference.path),
        why=f"its namespace has {reference.kind} {_few(names)}; {reference.without}",
        fix=f"did you mean `{near[0]}`?" if near else "correct the name, or add its manifest.",
        marks=(Mark("there", meant.locate_value("metadata", "name")),) if meant else (),
    )


def _neighbours(observed: References, reference: Reference, there: Sequence[Manifest]) -> bool:
    """True if the objects of this kind that belong to the deployment are all here."""
    kind, found = reference.kind, observed.manifests
    if kind == "Secret" or kind in CLASSES or found.elsewhere(reference.owner, kind):
        return False
    beside = any(found.surely_together(reference.owner, each) for each in there)
    charts = kind == "Service" and observed.charts
    return beside and not charts and observed.created(reference) is None


def _brought(observed: References, reference: Reference) -> bool:
    """True for a class that clusters bring themselves, if none of its kind is here."""
    own = reference.kind != "ClusterRole" and reference.kind in CLASSES
    return own and not observed.near(reference)


def _doubt(observed: References, reference: Reference) -> tuple[str, str]:
    """The kind, and why such an object may be there; alike for what is in the same doubt."""
    if created := observed.created(reference):
        return reference.kind, f"{created} creates it"
    return reference.kind, "something else may create it, such as a command or an operator"


def _unproven(kind: str, why: str, several: Sequence[Reference]) -> Iterator[Unproven]:
    names = list(dict.fromkeys(f"`{each.name}`" for each in several))
    for each in several:
        yield Unproven.of(
            what=f"no manifest here has the {kind} {_few(names)}",
            where=each.owner.locate_value(*each.path),
            why=why,
            fix="add its manifest; if something else creates it, accept this under `suppress:`.",
        )


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"


def _entries(reference: Reference, targets: Sequence[Manifest]) -> Iterator[Finding | Unproven]:
    """Yield a finding for each entry that none of the objects of the name has."""
    held = list(dict.fromkeys(key for each in targets for key in _held(each)))
    for path, key in reference.keys if targets else ():
        if key in held:
            continue
        near = get_close_matches(key, held, n=1)
        finding = Finding(
            what=f"{targets[0]} has no entry `{key}`, which {reference.owner} names",
            where=reference.owner.locate_value(*path),
            why=f"its entries are {_few(held) or 'not here'}; {reference.without}",
            fix=f"did you mean `{near[0]}`?" if near else "name an entry that it has.",
            marks=(Mark(targets[0].kind, targets[0].locate("metadata", "name")),),
        )
        yield finding if held else Unproven(finding)


def _held(manifest: Manifest) -> Iterator[str]:
    for part in ("data", "stringData", "binaryData"):
        yield from map(str, mapping(manifest.get(part)))


def _no_port(port: PortName) -> Finding:
    near = get_close_matches(str(port.port), port.there, n=1, cutoff=0.5)
    return Finding(
        what=f"{port.owner} names port `{port.port}` of {port.whose}, which has no such port",
        where=port.owner.locate_value(*port.path),
        why=f"its ports are {', '.join(port.there) or 'without a name'}; {port.without}",
        fix=f"did you mean `{near[0]}`?" if near else "name a port that it declares.",
    )
