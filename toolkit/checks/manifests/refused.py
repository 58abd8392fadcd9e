"""A manifest that the API server refuses for its values."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.checks._manifests import of_manifests
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import Manifest, dotted
from toolkit.kubernetes.validation import VERSION, refusals
from toolkit.kubernetes.validation.fields import ErrorType, FieldRefusal
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_FEW = 12
_LONG = 60
_WHAT = {
    ErrorType.REQUIRED: "is missing",
    ErrorType.FORBIDDEN: "is not allowed there",
    ErrorType.DUPLICATE: "is there already",
    ErrorType.NOT_FOUND: "is no {detail}",
    ErrorType.UNSUPPORTED: "is not one of {allowed}",
}
_FIX = {
    ErrorType.REQUIRED: "add it.",
    ErrorType.FORBIDDEN: "remove it.",
    ErrorType.DUPLICATE: "give each its own.",
}


@check(expects=KubernetesExpectation, queries=of_manifests)
def refused(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every manifest has values that the API server of Kubernetes accepts.

    The rules are those of Kubernetes 1.34, applied after the defaults; they cover the objects
    that people write most: pods and what makes them. Values that another program fills in, such
    as `${PORT}`, are taken for right.

    ## Why it matters
    The API server refuses the whole object for one wrong value: `kubectl apply` fails in the
    middle of a deployment, or a controller cannot make the pods of an object that was accepted.

    ## How to fix it
    Correct the value. The rules are the server's own, so that
    `kubectl apply --dry-run=server` prints the same.

    ## Reference
    https://kubernetes.io/docs/reference/kubernetes-api/
    """
    for manifest in observed:
        for error in refusals(manifest.written):
            yield _finding(manifest, error)


def _finding(manifest: Manifest, error: FieldRefusal) -> Finding:
    near = get_close_matches(str(error.value), error.allowed, n=1, cutoff=0.5)
    return Finding(
        what=f"`{dotted(error.path)}` of {manifest}: {_fact(error)}",
        where=manifest.locate_value(*error.path),
        why=f"Kubernetes {VERSION} refuses the object" + _reason(error),
        fix=error.fix or (f"did you mean `{near[0]}`?" if near else _fix(manifest, error)),
    )


def _fact(error: FieldRefusal) -> str:
    few = [f"`{each}`" for each in error.allowed[:_FEW]]
    more = ["…"] if len(error.allowed) > _FEW else []
    form = _WHAT.get(error.type, "{detail}")
    said = form.format(detail=error.detail, allowed=", ".join([*few, *more]))
    bare = error.type in (ErrorType.REQUIRED, ErrorType.FORBIDDEN)
    return said if bare else f"{_shown(error.value)} {said}".lstrip()


def _reason(error: FieldRefusal) -> str:
    told = error.type in (ErrorType.REQUIRED, ErrorType.FORBIDDEN) and error.detail
    return f": {error.detail}" if told else ""


def _shown(value: Any) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case str() | int() | float():
            text = str(value)
            return f"`{text[:_LONG]}{'…' if len(text) > _LONG else ''}`"
        case _:
            return ""


def _fix(manifest: Manifest, error: FieldRefusal) -> str:
    names = [manifest.kind.lower(), *(part for part in error.path if isinstance(part, str))]
    return _FIX.get(error.type, f"`kubectl explain {'.'.join(names)}` prints the form.")
