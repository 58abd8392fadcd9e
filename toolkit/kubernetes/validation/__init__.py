"""Validation of objects as the API server of Kubernetes 1.34 does it, after defaulting.

Each module judges a family of kinds by rules that stand in the order of the server's
``Validate*`` functions (``pkg/apis/*/validation`` of its source).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from toolkit.kubernetes.defaulting import defaulted
from toolkit.kubernetes.manifests import variable
from toolkit.kubernetes.validation.fields import FieldRefusal, ObjectField
from toolkit.kubernetes.validation.rules import Rule, judged

__all__ = ["KINDS", "VERSION", "is_validated", "refusals"]

VERSION = "1.34"
"""The version of Kubernetes whose rules these are."""
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "pods": ("v1 Pod", "v1 PodTemplate"),
    "workloads": (
        "apps/v1 DaemonSet",
        "apps/v1 Deployment",
        "apps/v1 ReplicaSet",
        "apps/v1 StatefulSet",
        "v1 ReplicationController",
    ),
    "batch": ("batch/v1 CronJob", "batch/v1 Job"),
    "services": ("v1 Service",),
    "autoscalers": (
        "autoscaling/v1 HorizontalPodAutoscaler",
        "autoscaling/v2 HorizontalPodAutoscaler",
    ),
    "disruptions": ("policy/v1 PodDisruptionBudget",),
    "networking": ("networking.k8s.io/v1 Ingress", "networking.k8s.io/v1 NetworkPolicy"),
    "storage": (
        "storage.k8s.io/v1 StorageClass",
        "v1 PersistentVolume",
        "v1 PersistentVolumeClaim",
    ),
    "entries": ("v1 ConfigMap", "v1 Secret"),
    "quotas": ("v1 LimitRange", "v1 ResourceQuota"),
    "access": (
        "v1 Namespace",
        "v1 ServiceAccount",
        *(
            f"rbac.authorization.k8s.io/v1 {kind}"
            for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
        ),
    ),
}
"""The kinds of each module, which has a rule for each in its ``KINDS``."""
_MODULES = {kind: module for module, kinds in _FAMILIES.items() for kind in kinds}


KINDS = frozenset(each.rpartition(" ")[2] for each in _MODULES)
"""The kinds for which there are rules."""


def is_validated(api_version: str, kind: str) -> bool:
    """Return True if there are rules for a kind."""
    return f"{api_version} {kind}" in _MODULES


def refusals(body: Mapping[str, Any]) -> Iterator[FieldRefusal]:
    """Yield the errors for which the API server refuses an object.

    Where a value is not known, since another program fills it in, or has a type that the
    decoder refuses, the rules that depend on it yield nothing.

    Args:
        body: The object as it is written.
    """
    kind = f"{body.get('apiVersion')} {body.get('kind')}"
    module = _MODULES.get(kind)
    if module is None:
        return
    rules: Mapping[str, Rule] = import_module(f"{__name__}.{module}").KINDS
    yield from judged(rules[kind], ObjectField(defaulted(_without_variables(body))))


def _without_variables(value: Any) -> Any:
    """Return a copy with `...` in place of texts that another program fills in."""
    match value:
        case str():
            return ... if variable(value) else value
        case dict():
            return {key: _without_variables(each) for key, each in value.items()}
        case list():
            return [_without_variables(each) for each in value]
        case _:
            return value
