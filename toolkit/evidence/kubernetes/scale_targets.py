"""Scale targets that no autoscaler can scale, wherever they are."""

from __future__ import annotations

from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Subject
from toolkit.kubernetes.manifests import Manifest, dig, is_custom, items, mapping
from toolkit.kubernetes.workloads import has_scale

_BUILT_IN = ("CronJob", "DaemonSet", "Job", "Pod", "Service")
"""Kinds of Kubernetes whose objects can never be scaled."""


def wrong_target(scaler: Scaler, observed: Manifests) -> Finding | None:
    """Return the reason why an autoscaler cannot scale what it names; None if it could."""
    hpa, target = scaler.hpa, scaler.target
    stated = mapping(hpa.get("spec", "scaleTargetRef"))
    if why := _no_scale(scaler, observed):
        return about_target(
            scaler,
            "kind",
            what=f"{hpa} scales a {stated.get('kind')}, which cannot be scaled",
            why=why,
            fix="scale a workload that has `replicas`, or remove the autoscaler.",
        )
    if target is None:
        return None
    if _group(stated.get("apiVersion")) != _group(target.api_version):
        return about_target(
            scaler,
            "apiVersion",
            what=f"{hpa} scales a {stated.get('kind')} of `{stated.get('apiVersion')}`",
            why=f"{target} is of `{target.api_version}`",
            fix=f"write `apiVersion: {target.api_version}`.",
        )
    if _apart(hpa, target, observed):
        return about_target(
            scaler,
            "name",
            what=f"{hpa} has no namespace, and its target is in `{target.namespace}`",
            why=f"an autoscaler scales what is in its own namespace, and {target} of the same "
            "file goes elsewhere",
            fix=f"write `namespace: {target.namespace}` in its metadata.",
        )
    return None


def _no_scale(scaler: Scaler, observed: Manifests) -> str:
    """Return the reason why no object of the target's kind can be scaled; empty if some can."""
    stated = mapping(scaler.hpa.get("spec", "scaleTargetRef"))
    group, kind = _group(stated.get("apiVersion")), str(stated.get("kind"))
    if "." not in group:
        target = scaler.target
        known = kind in _BUILT_IN if target is None else not is_custom(target)
        known = known and not any(has_scale(each, kind) for each in ("", "apps"))
        return f"a {kind} has no number of replicas that could be set" if known else ""
    for each in observed.of("CustomResourceDefinition"):
        if (each.get("spec", "group"), each.get("spec", "names", "kind")) == (group, kind):
            versions = [version for _, version in items(each.get("spec", "versions"))]
            if not any(dig(version, "subresources", "scale") for version in versions):
                return f"{each} has no `subresources.scale`"
    return ""


def _apart(hpa: Manifest, target: Manifest, observed: Manifests) -> bool:
    """Return True if one file puts the target into a namespace, and not its autoscaler."""
    open_ended = hpa.namespace is None and observed.namespace is None
    return open_ended and target.namespace is not None and hpa.source == target.source


def about_target(scaler: Scaler, key: str, *, what: str, why: str, fix: str) -> Finding:
    """Return a finding about what an autoscaler scales.

    Args:
        scaler: The autoscaler.
        key: The key of its ``scaleTargetRef`` that is wrong.
        what: The fault.
        why: Its cause.
        fix: The remedy.
    """
    where = scaler.hpa.locate("spec", "scaleTargetRef", key)
    return Finding(what, where, why, fix, breaks=(Subject("autoscaler", f"{scaler.hpa}"),))


def _group(api_version: object) -> str:
    """The API group, which is all of the version that the autoscaler looks at."""
    return str(api_version or "").rpartition("/")[0]
