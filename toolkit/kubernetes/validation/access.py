"""Namespaces, accounts, roles and their bindings: ``pkg/apis/rbac/validation`` and core."""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import finalizers, metadata
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    PATH_SEGMENT,
    label_selector,
)
from toolkit.kubernetes.validation.rules import Required, Rule, always, both, every, one_of, parts

_GROUP = "rbac.authorization.k8s.io"


def _rule(*, namespaced: bool) -> Rule:
    """Return the rule for a rule of a role."""

    def rule(field: ObjectField) -> Errors:
        urls = field.at("nonResourceURLs")
        if not field.at("verbs").items:
            yield field.at("verbs").required("at least one is needed")
        if not urls.items:
            for key in ("apiGroups", "resources"):
                if not field.at(key).items:
                    yield field.at(key).required("at least one is needed, unless there are URLs")
            return
        if namespaced:
            yield urls.invalid("is possible only in a ClusterRole")
        if any(field.at(key).items for key in ("apiGroups", "resources", "resourceNames")):
            yield urls.invalid("must not be with `apiGroups` or `resources` in one rule")

    return rule


def _subject(*, namespaced: bool) -> Rule:
    """Return the rule for a subject of a binding."""

    def rule(field: ObjectField) -> Errors:
        kind, group, name = (field.at(key) for key in ("kind", "apiGroup", "name"))
        account = kind.text == "ServiceAccount"
        if kind.text not in ("ServiceAccount", "User", "Group"):
            yield kind.unsupported(("ServiceAccount", "User", "Group"))
        elif group.text and (account or group.text != _GROUP):
            yield group.unsupported(("",) if account else (_GROUP,))
        yield from Required(*((DNS_SUBDOMAIN,) if account else ()))(name)
        if account and not namespaced and not field.at("namespace").text:
            yield field.at("namespace").required("an account is in a namespace")

    return rule


def _binding(*kinds: str) -> Rule:
    """Return the rule for a binding to roles of some kinds."""
    namespaced = "Role" in kinds
    return both(
        metadata(PATH_SEGMENT, namespaced=namespaced),
        always(
            roleRef=both(
                parts(apiGroup=one_of(_GROUP)),
                always(kind=one_of(*kinds), name=Required(PATH_SEGMENT)),
            ),
        ),
        parts(subjects=every(_subject(namespaced=namespaced))),
    )


def _role(*, namespaced: bool) -> Rule:
    return both(
        metadata(PATH_SEGMENT, namespaced=namespaced),
        parts(
            rules=every(_rule(namespaced=namespaced)),
            aggregationRule=always(clusterRoleSelectors=Required(every(label_selector))),
        ),
    )


def _finalizers(field: ObjectField) -> Errors:
    for each in finalizers(field):
        yield each._replace(path=field.path, written=each.written or each.path)


_PODS_MAY = one_of("privileged", "baseline", "restricted")


_VERSION = re.compile(r"latest|v1\.(0|[1-9][0-9]*)")


def _pod_security(field: ObjectField) -> Errors:
    for mode in ("enforce", "audit", "warn"):
        name = f"pod-security.kubernetes.io/{mode}"
        level, version = (field.at("metadata", "labels", f"{name}{e}") for e in ("", "-version"))
        if level.set:
            yield from _PODS_MAY(level)
        if version.set and not _VERSION.fullmatch(version.text):
            yield version.invalid("must be `latest`, or a version such as `v1.34`")


_ACCESS = f"{_GROUP}/v1"
KINDS: Mapping[str, Rule] = {
    "v1 Namespace": both(
        metadata(DNS_LABEL, namespaced=False),
        parts(_pod_security, spec=parts(finalizers=_finalizers)),
    ),
    "v1 ServiceAccount": metadata(DNS_SUBDOMAIN),
    f"{_ACCESS} Role": _role(namespaced=True),
    f"{_ACCESS} ClusterRole": _role(namespaced=False),
    f"{_ACCESS} RoleBinding": _binding("ClusterRole", "Role"),
    f"{_ACCESS} ClusterRoleBinding": _binding("ClusterRole"),
}
