"""Workloads: ``pkg/apis/apps/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import DNS_SUBDOMAIN, label_selector
from toolkit.kubernetes.validation.rules import Required, Rule, not_negative, parts


def _selector(field: ObjectField) -> Errors:
    yield from label_selector(field)
    if not any(field.at(key).given for key in ("matchLabels", "matchExpressions")):
        yield field.invalid("must not be empty")


def _selects_its_own(spec: ObjectField) -> Errors:
    found = spec.at("template", "metadata", "labels")
    if spec.at("selector").given and not selects(spec.at("selector").value, found.texts):
        yield found.invalid("must be matched by `selector`")


def workload(*rules: Rule, **fields: Rule) -> Rule:
    """Return the rule for an object that runs pods by a selector.

    Args:
        rules: Further rules for its spec.
        fields: Further rules for parts of its spec.
    """
    spec = parts(
        _selects_its_own,
        *rules,
        replicas=not_negative,
        selector=Required(_selector),
        minReadySeconds=not_negative,
        revisionHistoryLimit=not_negative,
        **fields,
    )
    return parts(metadata=Required(metadata(DNS_SUBDOMAIN)), spec=spec)


KINDS: Mapping[str, Rule] = {
    f"apps/v1 {kind}": workload()
    for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
}
