"""The meaning of the controller's conditions."""

from __future__ import annotations

import re
from typing import NamedTuple


class Advice(NamedTuple):
    """A fault, and its fix."""

    what: str
    fix: str
    passes: bool = False
    """True if it is normal for some time after the start of a pod."""


_SERVER = "install metrics-server, or see why it does not answer."
_CUSTOM = "install what serves that metric, such as prometheus-adapter or KEDA."
_LOOK = "read the message of the controller, and `kubectl describe` the autoscaler."

_MESSAGES: tuple[tuple[str, Advice], ...] = (
    (
        r"missing request for (?P<r>\S+) in container (?P<c>\S+) of Pod (?P<p>\S+)",
        Advice(
            r"`\g<c>` of Pod \g<p> requests no \g<r>", r"set `resources.requests.\g<r>` on it."
        ),
    ),
    (
        r"missing request for (?P<r>\S+)",
        Advice(r"a container requests no \g<r>", r"set `resources.requests.\g<r>` on each."),
    ),
    (
        r"forbidden: User",
        Advice(
            "RBAC forbids its controller what it must do",
            "give the controller back the ClusterRole that Kubernetes binds it to.",
        ),
    ),
    (
        r"could not find the requested resource|no matches for kind",
        Advice("there is no API that serves its metric", _SERVER),
    ),
    (
        r"currently unable to handle the request|error trying to reach service",
        Advice("the metrics API does not answer", _SERVER),
    ),
    (
        r"no metrics returned|did not receive metrics",
        Advice("there are no metrics of its pods", _SERVER, passes=True),
    ),
    (
        r"no pods returned by selector",
        Advice("its selector finds no pods", "see why the workload has none."),
    ),
)
_REASONS = {
    "AmbiguousSelector": Advice(
        "another autoscaler takes the same pods",
        "let each pod meet the selector of one autoscaler's target only.",
    ),
    "FailedGetExternalMetric": Advice("there is no such external metric", _CUSTOM),
    "FailedGetObjectMetric": Advice("there is no such metric of the object", _CUSTOM),
    "FailedGetPodsMetric": Advice("there is no such metric of its pods", _CUSTOM),
    "FailedGetScale": Advice(
        "it finds nothing to scale", "make `scaleTargetRef` name a workload that is there."
    ),
    "FailedUpdateScale": Advice("it may not set the replicas of its target", _LOOK),
    "InvalidSelector": Advice("the target has no selector that it can use", _LOOK),
    "ScalingDisabled": Advice(
        "its target is set to 0 replicas", "set `replicas` to 1 or more: it then takes over."
    ),
}


def advice(reason: str, message: str) -> Advice:
    """Return the meaning of a condition that does not hold.

    >>> advice("FailedGetResourceMetric", "missing request for cpu in container a of Pod b").what
    '`a` of Pod b requests no cpu'
    """
    for form, known in _MESSAGES:
        if found := re.search(form, message):
            return Advice(found.expand(known.what), found.expand(known.fix), known.passes)
    return _REASONS.get(reason, Advice(f"the condition has the reason {reason}", _LOOK))
