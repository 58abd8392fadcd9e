"""A field that the API server drops, since its feature is not enabled."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Severity, Subject
from toolkit.kubernetes.gates import FIELDS, GatedField
from toolkit.kubernetes.manifests import Manifest, dotted
from toolkit.kubernetes.workloads import KINDS
from toolkit.languages.positioned import Path
from toolkit.model.expectations.kubernetes import KubernetesExpectation


def _gated(found: Manifests) -> Iterator[tuple[Manifest, GatedField, Path]]:
    for manifest in found:
        for field in FIELDS:
            yield from ((manifest, field, path) for path in field.paths(manifest))


@check(
    expects=KubernetesExpectation,
    queries=lambda expected, scope: counted(
        manifests(expected, scope), "gated fields", _gated, *KINDS, "HorizontalPodAutoscaler"
    ),
)
def disabled_field(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """No manifest sets a field that the versions of Kubernetes drop by default.

    ## Why it matters
    Fields of features in development are known, and so no error; where the feature gate is
    closed, the API server removes them without a word. The autoscaler that was to react earlier
    keeps its 10 % of tolerance. Volumes and variables that are removed are errors.

    ## How to fix it
    Open the feature gate on the API server and name only such clusters under
    `kubernetes: versions:`, or remove the field.

    ## Reference
    https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
    """
    for manifest, field, path in _gated(observed):
        if versions := field.dropped_by(expected.versions):
            yield Finding(
                what=f"`{dotted(path)}` of {manifest} has no effect",
                where=manifest.locate(*path),
                why=f"Kubernetes {', '.join(versions)} drops it unless the feature gate "
                f"{field.gate} is open",
                fix="open the gate, or remove the field.",
                severity=Severity.ERROR if field.needed else Severity.WARNING,
                breaks=(Subject("manifest field", f"{path[-1]} of {manifest}"),),
            )
