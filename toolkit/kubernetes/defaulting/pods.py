"""The defaults of pods and of their templates."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from toolkit.kubernetes.defaulting.forms import Body, Form
from toolkit.kubernetes.manifests import dig, items, mapping
from toolkit.kubernetes.requests import aggregate

_IMAGE = re.compile(
    r"(?:[\w.-]+(?::\d+)?/)?[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?P<digest>@.+)?"
)


def _pull_policy(image: Any) -> str:
    """Return the policy for an image: a tag may move if it is ``latest`` or missing.

    >>> [_pull_policy(each) for each in ("web", "reg:5000/web:latest", "web:1", "web@sha256:0")]
    ['Always', 'Always', 'IfNotPresent', 'IfNotPresent']
    """
    found = _IMAGE.fullmatch(str(image or ""))
    latest = found and (found["tag"] or ("" if found["digest"] else "latest")) == "latest"
    return "Always" if latest else "IfNotPresent"


def _container(body: Body) -> None:
    body["imagePullPolicy"] = body.get("imagePullPolicy") or _pull_policy(body.get("image"))


def _volume(body: Body) -> None:
    if all(value is None for key, value in body.items() if key != "name"):
        body["emptyDir"] = {}


def _account(spec: Body) -> None:
    """Let the two names of the service account be the same."""
    if name := spec.get("serviceAccountName") or spec.get("serviceAccount"):
        spec["serviceAccountName"] = spec["serviceAccount"] = name


def _pod(pod: Body) -> None:
    """Set what the pod has, and its template has not."""
    spec = dict(mapping(pod.get("spec")))
    for key in ("initContainers", "containers"):
        if isinstance(spec.get(key), list):
            spec[key] = [_started(each, spec) for each in spec[key]]
    if (limits := mapping(dig(spec, "resources", "limits"))) and limits:
        own = {**mapping(dig(spec, "resources", "requests"))}
        asked = aggregate(spec, "requests")
        own |= {k: _plain(asked[k]) for k in ("cpu", "memory") if k in asked and k not in own}
        spec["resources"] = {**spec["resources"], "requests": {**limits, **own}}
    pod["spec"] = spec


def _plain(quantity: Decimal) -> str:
    """Return a quantity as a text that parses as the same; in thousandths if it is no integer."""
    whole = quantity == quantity.to_integral_value()
    return str(int(quantity)) if whole else f"{(quantity * 1000).to_integral_value():f}m"


def _started(container: Any, spec: Body) -> Any:
    """Return a container with requests from its limits, and host ports in the host's network."""
    body = dict(mapping(container))
    if limits := mapping(dig(body, "resources", "limits")):
        own = mapping(dig(body, "resources", "requests"))
        body["resources"] = {**body["resources"], "requests": {**limits, **own}}
    if spec.get("hostNetwork") is True and isinstance(body.get("ports"), list):
        body["ports"] = [
            {**each, "hostPort": each.get("hostPort") or each.get("containerPort")}
            for _, each in items(body["ports"])
        ]
    return body


_HTTP = Form(empty={"path": "/", "scheme": "HTTP"})
_FIELD = Form(empty={"apiVersion": "v1"})
_PROBE = Form(
    empty={"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    parts={"httpGet": _HTTP, "grpc": Form(unset={"service": ""})},
)
_HOOK = Form(parts={"httpGet": _HTTP})
_CONTAINER = Form(
    empty={
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    },
    parts={
        "ports": Form(empty={"protocol": "TCP"}),
        "env": Form(
            parts={
                "valueFrom": Form(
                    parts={"fieldRef": _FIELD, "fileKeyRef": Form(unset={"optional": False})}
                )
            }
        ),
        "livenessProbe": _PROBE,
        "readinessProbe": _PROBE,
        "startupProbe": _PROBE,
        "lifecycle": Form(parts={"postStart": _HOOK, "preStop": _HOOK}),
    },
    rule=_container,
)
_MODE = {"defaultMode": 0o644}
_FIELDS = {"items": Form(parts={"fieldRef": _FIELD})}
CLAIM_SPEC = Form(unset={"volumeMode": "Filesystem"})
_VOLUME = Form(
    parts={
        "hostPath": Form(unset={"type": ""}),
        "secret": Form(_MODE),
        "configMap": Form(_MODE),
        "downwardAPI": Form(_MODE, parts=_FIELDS),
        "projected": Form(
            _MODE,
            parts={
                "sources": Form(
                    parts={
                        "downwardAPI": Form(parts=_FIELDS),
                        "serviceAccountToken": Form({"expirationSeconds": 3600}),
                    }
                )
            },
        ),
        "ephemeral": Form(
            parts={"volumeClaimTemplate": Form({"spec": {}}, parts={"spec": CLAIM_SPEC})}
        ),
        "iscsi": Form(empty={"iscsiInterface": "default"}),
        "rbd": Form(empty={"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"}),
        "azureDisk": Form(
            {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"}
        ),
        "scaleIO": Form(empty={"storageMode": "ThinProvisioned", "fsType": "xfs"}),
    },
    rule=_volume,
)
_SPEC = Form(
    unset={"securityContext": {}, "terminationGracePeriodSeconds": 30},
    empty={
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
    },
    parts={
        "volumes": _VOLUME,
        "initContainers": _CONTAINER,
        "containers": _CONTAINER,
        "ephemeralContainers": _CONTAINER,
    },
    rule=_account,
)
_POD_SPEC = Form({"enableServiceLinks": True, **_SPEC.unset}, _SPEC.empty, _SPEC.parts, _account)

TEMPLATE = Form({"spec": {}}, parts={"spec": _SPEC})
"""The template of a workload's pods."""
POD = Form({"spec": {}}, parts={"spec": _POD_SPEC}, rule=_pod)
"""A pod, such as one that is made from a template."""
