"""A manifest that Kubernetes refuses, or silently cuts down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.kubernetes.manifests import manifests
from toolkit.evidence.kubernetes.schemas import (
    SchemaFault,
    SchemaFaults,
    SchemaFaultsOf,
    UnknownKind,
)
from toolkit.evidence.kubernetes.versions import versions
from toolkit.findings import Finding, Location, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, dotted, variable
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

_FEW = 8
_ADVICE = (
    (re.compile(r"^`(.+)` is not a text$"), r'write `"\1"`.'),
    (re.compile(r"^the text `(\d+)` is not a (?:whole )?number$"), r"write `\1` without quotes."),
    (re.compile(r"is more than (\S+)$"), r"write `\1`, or less."),
    (re.compile(r"is less than (\S+)$"), r"write `\1`, or more."),
)
"""Fixes by the fault of a value."""


def _queries(expected: KubernetesExpectation, scope: Scope) -> Query[SchemaFaults] | None:
    query = manifests(expected, scope)
    return SchemaFaultsOf(query, versions(expected, scope)) if query else None


@check(expects=KubernetesExpectation, queries=_queries)
def schema(
    expected: KubernetesExpectation, observed: SchemaFaults
) -> Iterator[Finding | Unproven]:
    """Every manifest has only fields that Kubernetes knows, of the types it takes.

    ## Why it matters
    A misspelt field is dropped without an error by older clients and by controllers: the
    limit, the probe or the target that was written is simply not there.

    ## How to fix it
    Correct the field. `kubectl explain` prints what is known at each place. Resources of
    your own are known once their CustomResourceDefinition is among the manifests.

    ## Reference
    https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
    """
    strange = {
        (e.manifest.api_version, e.manifest.kind): e.manifest
        for e in reversed(observed.unknown)
        if e.custom
    }
    for each in (each for each in observed.unknown if not each.custom):
        yield _no_kind(each, observed.versions.places)
    yield from _no_schemas(list(reversed(strange.values())))
    yield from map(_fault, observed.faults)
    for manifest in observed.manifests:
        yield from _twice(manifest)
    yield from observed.manifests.others


def _fault(found: SchemaFault) -> Finding | Unproven:
    if found.fault.unknown:
        return _unknown(found)
    if found.fault.rule:
        return Unproven(_not_evaluated(found))
    name = variable(found.manifest.get(*found.fault.path))
    return Unproven(_filled_in_later(found, name)) if name else _wrong(found)


def _unknown(found: SchemaFault) -> Finding:
    fault, manifest = found.fault, found.manifest
    # A name that is there already would be a duplicate.
    free = [name for name in fault.known if not manifest.has(*fault.path, name)]
    near = get_close_matches(fault.unknown, free, n=1)
    few = (
        ", ".join(fault.known) if len(fault.known) <= _FEW else f"{len(fault.known)} other fields"
    )
    return Finding(
        what=f"`{fault.unknown}` is no field of {_subject(found)}",
        where=manifest.locate(*fault.path, fault.unknown),
        why=f"{_who(found)} knows {few or 'none'} there",
        fix=f"did you mean `{near[0]}`?" if near else "take it out, or put it where it belongs.",
        breaks=(Subject("manifest field", f"{fault.unknown} of {manifest}"),),
    )


def _wrong(found: SchemaFault) -> Finding:
    advice = (
        there.expand(fix) for text, fix in _ADVICE if (there := text.search(found.fault.message))
    )
    kind = found.manifest.kind.lower()
    names = [kind, *(part for part in found.fault.path if isinstance(part, str))]
    return Finding(
        what=f"{_subject(found)}: {found.fault.message}",
        where=found.manifest.locate_value(*found.fault.path),
        why=f"{_who(found)} refuses the object",
        fix=next(advice, f"`kubectl explain {'.'.join(names)}` prints the form."),
    )


def _filled_in_later(found: SchemaFault, name: str) -> Finding:
    return Finding(
        what=f"{_subject(found)} depends on `{name}`",
        where=found.manifest.locate_value(*found.fault.path),
        why="another program fills it in, and what it becomes is not known here",
        fix="name what `helm template`, `envsubst` or the like makes of the file instead.",
    )


def _not_evaluated(found: SchemaFault) -> Finding:
    return Finding(
        what=f"{_subject(found)} may violate the rule `{found.fault.rule}`",
        where=found.manifest.locate_value(*found.fault.path),
        why="its definition has the rule, and it cannot be evaluated here",
        fix="`kubectl apply --dry-run=server` evaluates it.",
    )


def _subject(found: SchemaFault) -> str:
    path = dotted(found.fault.path)
    return f"`{path}` of {found.manifest}" if path else str(found.manifest)


def _who(found: SchemaFault) -> str:
    return f"Kubernetes ({', '.join(found.versions)})" if found.versions else "its definition"


def _no_kind(unknown: UnknownKind, places: Mapping[str, Location | None]) -> Finding:
    manifest = unknown.manifest
    kind, version = manifest.kind, manifest.api_version
    near = get_close_matches(kind, unknown.kinds, n=1)
    fix = "correct `apiVersion` and `kind`; `kubectl api-resources` lists them."
    fix = f"did you mean `{near[0]}`?" if near else fix
    fix = f"write `apiVersion: {unknown.elsewhere[0]}`." if unknown.elsewhere else fix
    return Finding(
        what=f"there is no `{kind}` in `{version}`" if kind and version else _half(manifest),
        where=manifest.locate("apiVersion" if unknown.elsewhere or not kind else "kind"),
        why=f"Kubernetes ({', '.join(unknown.versions)}) has no such objects",
        fix=fix,
        marks=tuple(
            Mark(f"Kubernetes {each}", where)
            for each in unknown.versions
            if (where := places.get(each))
        ),
    )


def _half(manifest: Manifest) -> str:
    return f"`{'kind' if manifest.api_version else 'apiVersion'}` is missing"


def _no_schemas(strange: Sequence[Manifest]) -> Iterator[Unproven]:
    """The first object of each custom kind; they read alike, so that they are one block."""
    kinds = [f"`{each.kind}` (`{each.api_version}`)" for each in strange]
    more = f" and {len(kinds) - _FEW} more kinds" if len(kinds) > _FEW else ""
    for each in strange:
        yield Unproven.of(
            what=f"no schema is known of {', '.join(kinds[:_FEW])}{more}",
            where=each.locate("kind"),
            why="misspelt fields in custom resources are not detected without it",
            fix="add the CustomResourceDefinition to `manifests:`.",
        )


def _twice(manifest: Manifest) -> Iterator[Finding]:
    for path, where in manifest.document.duplicates:
        yield Finding(
            what=f"duplicate key `{path[-1]}` in {manifest}",
            where=where,
            why="kubectl keeps the last one, and kustomize refuses the file",
            fix=f"keep one `{path[-1]}`.",
        )
