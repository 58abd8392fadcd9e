"""Every pod of the namespace is admitted under the restricted profile.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.k8s.shipped import one, pods
from toolkit.kubernetes.manifests import Manifest, dig
from toolkit.kubernetes.workloads import pod_path

_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
            "projected", "secret"}  # fmt: skip
_HOST = ("hostNetwork", "hostPID", "hostIPC", "hostUsers")


def violations(pod: dict[str, Any]) -> Iterator[str]:
    """What of a pod's specification the profile does not allow."""
    yield from (key for key in _HOST if key in pod)
    for volume in pod.get("volumes") or ():
        yield from (key for key in volume if key != "name" and key not in _VOLUMES)
    if dig(pod, "securityContext", "runAsNonRoot") is not True:
        yield "runAsNonRoot"
    if dig(pod, "securityContext", "runAsUser") in (None, 0):
        yield "runAsUser"
    if dig(pod, "securityContext", "seccompProfile", "type") != "RuntimeDefault":
        yield "seccompProfile"
    for container in (*(pod.get("initContainers") or ()), *pod["containers"]):
        context = container.get("securityContext") or {}
        if context.get("allowPrivilegeEscalation") is not False:
            yield "allowPrivilegeEscalation"
        if dig(context, "capabilities", "drop") != ["ALL"]:
            yield "capabilities"
        yield from (key for key in ("privileged", "procMount") if key in context)
        yield from ("hostPort" for port in container.get("ports") or () if "hostPort" in port)


def specification(workload: Manifest) -> dict[str, Any]:
    return deepcopy(dict(workload.get(*pod_path(workload), "spec")))


def test_the_namespace_enforces_the_profile() -> None:
    labels = one("Namespace", "sre-app").labels
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("workload", list(pods()), ids=str)
def test_each_pod_is_admitted(workload: Manifest) -> None:
    assert list(violations(specification(workload))) == []


@pytest.mark.parametrize("workload", list(pods()), ids=str)
def test_no_pod_is_given_what_it_does_not_use(workload: Manifest) -> None:
    pod = specification(workload)
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False


def test_the_service_takes_no_writes_but_in_two_folders() -> None:
    pod = specification(one("Deployment", "sre-pleno-app"))
    [container] = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert [each["mountPath"] for each in container["volumeMounts"]] == ["/app/logs", "/tmp"]


_BREACHES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "runAsNonRoot": lambda pod: pod["securityContext"].pop("runAsNonRoot"),
    "runAsUser": lambda pod: pod["securityContext"].update(runAsUser=0),
    "seccompProfile": lambda pod: pod["securityContext"].pop("seccompProfile"),
    "hostNetwork": lambda pod: pod.update(hostNetwork=True),
    "hostPath": lambda pod: pod["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    "capabilities": lambda pod: pod["containers"][0]["securityContext"].pop("capabilities"),
    "privileged": lambda pod: pod["containers"][0]["securityContext"].update(privileged=True),
    "hostPort": lambda pod: pod["containers"][0]["ports"][0].update(hostPort=80),
    "allowPrivilegeEscalation": lambda pod: pod["containers"][0]["securityContext"].clear(),
}


@pytest.mark.parametrize("breach", _BREACHES)
def test_each_breach_would_be_seen(breach: str) -> None:
    pod = specification(one("Deployment", "sre-pleno-app"))
    _BREACHES[breach](pod)
    assert breach in list(violations(pod))
