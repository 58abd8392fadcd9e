"""Pod Security Standards: which pods a namespace refuses, as its admission plugin decides."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from toolkit.kubernetes.validation.fields import ObjectField
from toolkit.kubernetes.validation.pod_security import security_refusals

CONTAINER = "spec.containers.0.securityContext."
POD = "spec.securityContext."
GOOD: dict[str, Any] = {
    "metadata": {},
    "spec": {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "web",
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
        "volumes": [{"name": "data", "emptyDir": {}}],
    },
}
CASES = [
    ("spec.hostNetwork", True, "baseline restricted"),
    ("spec.hostNetwork", False, ""),
    (f"{CONTAINER}privileged", True, "baseline restricted"),
    (f"{CONTAINER}procMount", "Unmasked", "baseline restricted"),
    (f"{CONTAINER}seLinuxOptions", {"type": "container_engine_t"}, ""),
    (f"{CONTAINER}seLinuxOptions", {"type": "spc_t"}, "baseline restricted"),
    (f"{CONTAINER}seLinuxOptions", {"user": "root"}, "baseline restricted"),
    (f"{CONTAINER}seccompProfile", {"type": "Unconfined"}, "baseline restricted"),
    (f"{CONTAINER}appArmorProfile", {"type": "Unconfined"}, "baseline restricted"),
    (f"{CONTAINER}capabilities", {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, ""),
    (f"{CONTAINER}capabilities", {"drop": ["ALL"], "add": ["CHOWN"]}, "restricted"),
    (f"{CONTAINER}capabilities", {"add": ["NET_RAW"]}, "baseline restricted"),
    (f"{CONTAINER}capabilities", None, "restricted"),
    (f"{CONTAINER}allowPrivilegeEscalation", None, "restricted"),
    (f"{CONTAINER}runAsNonRoot", False, "restricted"),
    (f"{CONTAINER}runAsUser", 0, "restricted"),
    (f"{POD}runAsNonRoot", None, "restricted"),
    (f"{POD}seccompProfile", None, "restricted"),
    (f"{POD}sysctls", [{"name": "net.ipv4.tcp_rmem", "value": "1"}], ""),
    (f"{POD}sysctls", [{"name": "net.core.somaxconn", "value": "1"}], "baseline restricted"),
    ("spec.containers.0.ports", [{"containerPort": 80, "hostPort": 80}], "baseline restricted"),
    (
        "spec.containers.0.livenessProbe",
        {"httpGet": {"port": 80, "host": "10.0.0.1"}},
        "baseline restricted",
    ),
    ("spec.volumes.0", {"name": "data", "nfs": {"server": "nas", "path": "/"}}, "restricted"),
    ("spec.volumes.0", {"name": "data", "hostPath": {"path": "/"}}, "baseline restricted"),
    ("spec.os", {"name": "windows"}, ""),
    (
        "metadata.annotations",
        {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"},
        "baseline restricted",
    ),
]


def changed(path: str, value: Any) -> Any:
    pod = here = deepcopy(GOOD)
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in parents:
        here = here[part]  # type: ignore[index]
    here[last] = value  # type: ignore[index]
    return pod


@pytest.mark.parametrize(("path", "value", "refusing"), CASES)
def test_the_levels_that_refuse_a_pod(path: str, value: Any, refusing: str) -> None:
    pod = ObjectField(changed(path, value))
    levels = ("privileged", "baseline", "restricted")
    assert [level for level in levels if any(security_refusals(pod, level))] == refusing.split()


def test_an_older_version_of_the_standards_lets_probes_ask_other_hosts() -> None:
    pod = ObjectField(
        changed("spec.containers.0.livenessProbe", {"tcpSocket": {"port": 80, "host": "db"}})
    )
    assert list(security_refusals(pod, "baseline", "v1.33")) == []
    assert len(list(security_refusals(pod, "baseline", "v1.34"))) == 1
