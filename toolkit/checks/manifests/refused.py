"""A manifest that the API server refuses for its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from re import search
from typing import Any

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, dig, dotted, mapping
from toolkit.kubernetes.validation import KINDS, VERSION, is_validated, refusals
from toolkit.kubernetes.validation.fields import ErrorType, FieldRefusal, ObjectField
from toolkit.kubernetes.validation.pod_security import LEVELS, security_refusals
from toolkit.kubernetes.workloads import KINDS as WORKLOADS
from toolkit.kubernetes.workloads import pod_path
from toolkit.languages.positioned import Path
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

_ENFORCE = "pod-security.kubernetes.io/enforce"
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
    ErrorType.FORBIDDEN: "remove it.",
    ErrorType.DUPLICATE: "give each its own.",
}
_ADVICE = (
    (r"^must be from (\S+) to (\d+)", r"write a number from \1 to \2."),
    (r"which is not from (\d+) to (\d+)$", r"write one from \1 to \2 there."),
    (r"which is no number, range or step$", "write `3`, `1-5` or `*/5`, or the like, there."),
    (r"which has the step 0$", "write `/1` or more there."),
    (r"which ends before it begins$", "write the smaller number first."),
    (r"^must have 5 fields", "write minute, hour, day of the month, month and day of the week."),
    (r"^must be at least `?([\d.]+)`?(?:,|$)", r"write `\1`, or more."),
    (r"^must be at most (?:the pod's limit of `)?([\d.]\w*)`?$", r"write `\1`, or less."),
    (r"^must not be more than (\d+%)$", r"write `\1`, or less."),
    (r"^must be at least (`\w+`)$", r"raise it to \1, or beyond."),
    (r"^must be at most (`\w+`)$", r"lower it to \1, or below."),
    (r"^is wrong since (`\w+`) must not be more than (`\w+`)$", r"lower \1, or raise \2."),
    (r"^must (?:be more than|not be) 0\b", r"write `1`, or more."),
    (r"^must be (\d+)$", r"write `\1`."),
    (r"^must be `([\w./]+)`(?: with(?:out)? .*)?$", r"write `\1`."),
    (
        r"^must (?:have the type|be) ((?:`\w+`, )*`\w+`) or (`\w+`)$",
        r"decide between \1 and \2.",
    ),
    (r"^must (?:be|have) (one of .+)$", r"write \1."),
    (
        r"^must (?:have|not have both).*? (`\w+`) (?:and|or) (?:a )?(`\w+`)(?:$|, not both)",
        r"write either \1 or \2.",
    ),
    (r"^must (?:be|have) .*such as (`[^`]+`)$", r"write one such as \1."),
    (r"^must be an IP address$", "write one such as `192.0.2.1`."),
    (r"^must be (IPv\d)\b", r"write an \1 address."),
    (r"^must have (?:no more than|at most) (\d+) characters", r"shorten it to \1 characters."),
    (r"^must have at most (\w+)", r"keep \1 of them at the most."),
    (r"^must not (?:contain|begin with|end with) (`[^`]+`)$", r"take \1 out of it."),
    (r"^must not be (?:there|set|in)\b|^is (?:possible only|not possible) ", "remove it."),
    (r"^must be (a multiple of \w+)$", r"write \1."),
    (r"^needs (?:a )?(`[^`]+`)$", r"add \1 beside it, or remove it."),
    (r"must (consist of .+)$", r"let it \1."),
)
"""Patterns of rules, and the fix that follows from one; the first that matches counts."""


def _validated(found: Manifests) -> Iterator[Manifest]:
    return (each for each in found if is_validated(each.api_version, each.kind))


def _queries(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    return counted(manifests(expected, scope), "manifests", _validated, *KINDS)


@check(expects=KubernetesExpectation, queries=_queries)
def refused(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding | Unproven]:
    """Every manifest has values that the API server of Kubernetes accepts.

    The rules are those of Kubernetes 1.34, applied after the defaults; they cover pods and
    what makes them, Services, Ingresses, NetworkPolicies, autoscalers, PodDisruptionBudgets,
    storage, ConfigMaps, Secrets, limits and quotas, Namespaces, accounts and roles. Of other
    versions only the fields are known, to `manifests/schema`. Values that another program fills
    in, such as `${PORT}`, are taken for right, and a `nodePort` that an API server with another
    `--service-node-port-range` accepts is not proved. Where the Namespace is among the manifests
    and has the label `pod-security.kubernetes.io/enforce`, pods must follow the Pod Security
    Standard too.

    ## Why it matters
    The API server refuses the whole object for one wrong value: `kubectl apply` fails in the
    middle of a deployment, or a controller cannot make the pods of an object that was accepted.

    ## How to fix it
    Correct the value. The rules are the server's own, so that
    `kubectl apply --dry-run=server` prints the same.

    ## Reference
    https://kubernetes.io/docs/reference/kubernetes-api/
    """
    enforcing = {each.name: each for each in observed.of("Namespace")}
    for manifest in _validated(observed):
        errors = [*refusals(manifest.written)]
        found = [_finding(manifest, error) for error in errors if not error.unless]
        if space := enforcing.get(manifest.namespace or observed.namespace or ""):
            found += _insecure(manifest, space)
        yield from sorted(found, key=lambda each: (each.where.line or 0, each.where.column or 0))
        yield from (Unproven(_finding(manifest, error)) for error in errors if error.unless)


def _insecure(manifest: Manifest, space: Manifest) -> Iterator[Finding]:
    """Yield the errors for which a namespace refuses the pods of a manifest."""
    level, version = space.labels.get(_ENFORCE), space.labels.get(f"{_ENFORCE}-version")
    if manifest.kind not in WORKLOADS or level not in LEVELS:
        return
    path = pod_path(manifest)
    pod = ObjectField(dig(manifest.body, *path), path)
    for error in security_refusals(pod, level, str(version or "latest")):
        found = _finding(manifest, error, f"the namespace {space.name} refuses the pods")
        mark = Mark(f"enforces `{level}`", space.locate("metadata", "labels", _ENFORCE))
        yield replace(found, marks=(mark,))


def _finding(
    manifest: Manifest,
    error: FieldRefusal,
    why: str = f"Kubernetes {VERSION} refuses the object",
) -> Finding:
    path = error.written or error.path
    default = error.value is not None and dig(manifest.written, *path) is None
    near = _near(str(error.value), error.allowed)
    return Finding(
        what=f"`{dotted(error.path)}` of {manifest}: {'its default ' * default}{_fact(error)}",
        where=manifest.locate(*path) if default else manifest.locate_value(*path),
        why=why + _reason(error),
        fix=error.fix or (f"did you mean `{near}`?" if near else _fix(manifest, error)),
        marks=tuple(_other(manifest, error.against)),
        follows=tuple(_causes(manifest, error, path)),
    )


def _other(manifest: Manifest, path: Path) -> Iterator[Mark]:
    """Yield the place of the part that an error is about as well, if it is written."""
    if path and dig(manifest.written, *path) is not None:
        yield Mark(f"`{dotted(path[-2:])}`", manifest.locate_value(*path))


def _causes(manifest: Manifest, error: FieldRefusal, path: Path) -> Iterator[Subject]:
    """Yield what other checks find, and explains the error."""
    if path[-1:] == ("maxReplicas",):
        yield Subject("autoscaler", f"{manifest}")
    if error.type is ErrorType.REQUIRED and path:
        beside = mapping(dig(manifest.written, *path[:-1]))
        for key in get_close_matches(str(path[-1]), beside, n=1, cutoff=0.8):
            yield Subject("manifest field", f"{key} of {manifest}")


def _near(value: str, allowed: Sequence[str]) -> str:
    same = [each for each in allowed if each.lower() == value.lower()]
    return (same or get_close_matches(value, allowed, n=1) or [""])[0]


def _fact(error: FieldRefusal) -> str:
    few = [f"`{each}`" for each in error.allowed[:_FEW]]
    more = ["…"] if len(error.allowed) > _FEW else []
    one = len(error.allowed) == 1 and error.type is ErrorType.UNSUPPORTED
    form = "must be {allowed}" if one else _WHAT.get(error.type, "{detail}")
    said = form.format(detail=error.detail, allowed=", ".join([*few, *more]))
    bare = error.type in (ErrorType.REQUIRED, ErrorType.FORBIDDEN)
    return said if bare else f"{_shown(error.value)} {said}".lstrip()


def _reason(error: FieldRefusal) -> str:
    if error.unless:
        return f" unless its API server has another `{error.unless}`"
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
    few = [f"`{each}`" for each in error.allowed] if len(error.allowed) <= _FEW else []
    match error.type:
        case ErrorType.UNSUPPORTED if few:
            *others, last = few
            return (
                f"decide between {', '.join(others)} and {last}." if others else f"write {last}."
            )
        case ErrorType.NOT_FOUND:
            return f"add `{error.value}`{', or name one of ' * bool(few)}{', '.join(few)}."
        case ErrorType.REQUIRED:
            there = error.detail and dig(manifest.written, *error.path) is not None
            return f"complete it: {error.detail}." if there else f"add `{error.path[-1]}`."
    advice = ((search(pattern, error.detail), fix) for pattern, fix in _ADVICE)
    names = [manifest.kind.lower(), *(part for part in error.path if isinstance(part, str))]
    general = _FIX.get(error.type, f"`kubectl explain {'.'.join(names)}` prints the form.")
    return next((found.expand(fix) for found, fix in advice if found), general)
