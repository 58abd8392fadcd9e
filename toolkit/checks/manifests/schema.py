"""A manifest that Kubernetes refuses, or silently cuts down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.manifests import manifests
from toolkit.evidence.schemas import SchemaFault, SchemaFaults, SchemaFaultsOf
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

__all__ = ["schema"]


def _asks(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[SchemaFaults]]:
    query = manifests(expected)
    return {"": SchemaFaultsOf(query, expected.versions)} if query else {}


@check(expects=KubernetesExpectation, asks=_asks)
def schema(expected: KubernetesExpectation, observed: SchemaFaults) -> Iterator[Finding]:
    """Every manifest has only fields that Kubernetes knows, of the types it takes.

    ## Why it matters
    A misspelt field is dropped without an error by older clients and by controllers: the
    limit, the probe or the target that was written is simply not there.

    ## How to fix it
    Correct the field. `kubectl explain` prints what is known at each place.

    ## Reference
    https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
    """
    for fault in observed.faults:
        yield from _unknown(fault) if fault.unknown else [_wrong(fault)]


def _unknown(fault: SchemaFault) -> Iterator[Finding]:
    for key in fault.unknown:
        near = get_close_matches(key, fault.known, n=1)
        fix = f"did you mean `{near[0]}`?" if near else "take it out, or put it where it belongs."
        inside = ".".join(map(str, fault.path)) or "the object"
        yield Finding(
            what=f"`{key}` is no field of {fault.manifest.kind} at `{inside}`",
            where=fault.manifest.locate(*fault.path, key),
            why=f"Kubernetes {', '.join(fault.versions)} does not know it",
            fix=fix,
            breaks=(f"manifest {fault.manifest}",),
        )


def _wrong(fault: SchemaFault) -> Finding:
    return Finding(
        what=f"{fault.manifest} is not accepted: {fault.message[:160]}",
        where=fault.manifest.locate(*fault.path),
        why=f"the schema of Kubernetes {', '.join(fault.versions)} says so",
        fix="correct the value; `kubectl explain` prints the form.",
        breaks=(f"manifest {fault.manifest}",),
    )
