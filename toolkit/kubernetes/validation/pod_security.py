"""The Pod Security Standards `baseline` and `restricted`, as a namespace enforces them.

They are those of Kubernetes 1.34; a namespace that pins an older version of them is judged by
the rules that hold in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from toolkit.kubernetes.validation.fields import Errors, FieldRefusal, ObjectField
from toolkit.kubernetes.validation.rules import Rule, judged
from toolkit.kubernetes.validation.volumes import TYPES

LEVELS = ("baseline", "restricted")
"""The levels with rules, the stricter one last."""

_CAPABILITIES = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
_OF_TCP = ("fin_timeout", "keepalive_intvl", "keepalive_probes", "keepalive_time")
_OF_IP = ("local_port_range", "local_reserved_ports", "unprivileged_port_start")
_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ping_group_range",
    *(f"net.ipv4.ip_{name}" for name in _OF_IP),
    *(f"net.ipv4.tcp_{name}" for name in (*_OF_TCP, "rmem", "syncookies", "wmem")),
)
_PROFILES = ("Localhost", "RuntimeDefault")
_CONTEXTS: Mapping[tuple[str, ...], Collection[Any]] = {
    ("privileged",): (False,),
    ("procMount",): ("Default",),
    ("windowsOptions", "hostProcess"): (False,),
    ("seLinuxOptions", "type"): (
        *("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"),
    ),
    ("seLinuxOptions", "user"): ("",),
    ("seLinuxOptions", "role"): ("",),
    ("seccompProfile", "type"): _PROFILES,
    ("appArmorProfile", "type"): _PROFILES,
}
"""The values that are allowed in a security context, if there are any."""
_RESTRICTED_VOLUMES = (
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
)
_HOOKS = (
    *((f"{each}Probe",) for each in ("liveness", "readiness", "startup")),
    *(("lifecycle", each) for each in ("postStart", "preStop")),
)
_SINCE_HOSTS = 34
"""The minor version since which probes must not name a host."""


def security_refusals(
    pod: ObjectField, level: str, version: str = "latest"
) -> Iterator[FieldRefusal]:
    """Yield the errors for which a namespace refuses a pod.

    Args:
        pod: The pod, or the template of its workload.
        level: One of `LEVELS`; every pod is accepted at others.
        version: That of the standards, such as ``v1.30``.
    """
    rules: list[Rule] = []
    if level in LEVELS:
        rules += [_host, _annotations, _contexts, _sysctls, _host_ports]
        rules += [_hosts] if _minor(version) >= _SINCE_HOSTS else []
    rules += [_capabilities, _host_paths] if level == "baseline" else []
    rules += [_volumes, _users, _linux] if level == "restricted" else []
    for rule in rules:
        yield from judged(rule, pod)


def _minor(version: str) -> int:
    number = version.rpartition(".")[2]
    return int(number) if number.isdecimal() else _SINCE_HOSTS


def _containers(pod: ObjectField) -> list[ObjectField]:
    keys = ("initContainers", "containers", "ephemeralContainers")
    return [each for key in keys for each in pod.at("spec", key).items]


def _host(pod: ObjectField) -> Errors:
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.at("spec", key).flag:
            yield pod.at("spec", key).forbidden("pods must not share what belongs to their node")


def _annotations(pod: ObjectField) -> Errors:
    for key, each in pod.at("metadata", "annotations").entries:
        of_app_armor = key.startswith("container.apparmor.security.beta.kubernetes.io/")
        allowed = ("", "runtime/default")
        if of_app_armor and each.text not in allowed and not each.text.startswith("localhost/"):
            yield each.unsupported(("runtime/default", "localhost/<profile>"))


def _contexts(pod: ObjectField) -> Errors:
    for one in (pod.at("spec"), *_containers(pod)):
        for path, allowed in _CONTEXTS.items():
            found = one.at("securityContext", *path)
            if found.set and found.value not in allowed:
                named = [_shown(each) for each in allowed if each != ""]
                yield found.unsupported(named) if named else found.forbidden("nodes set it")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sysctls(pod: ObjectField) -> Errors:
    for each in pod.at("spec", "securityContext", "sysctls").items:
        if each.at("name").text not in _SYSCTLS:
            yield each.at("name").unsupported(_SYSCTLS)


def _host_ports(pod: ObjectField) -> Errors:
    for each in _containers(pod):
        for port in each.at("ports").items:
            if port.at("hostPort").number:
                yield port.at("hostPort").forbidden("pods must not listen on their node")


def _hosts(pod: ObjectField) -> Errors:
    for each in _containers(pod):
        for hook in _HOOKS:
            for handler in ("httpGet", "tcpSocket"):
                host = each.at(*hook, handler, "host")
                if host.text:
                    yield host.forbidden("a probe must not ask other hosts")


def _capabilities(pod: ObjectField) -> Errors:
    for each in _containers(pod):
        for added in each.at("securityContext", "capabilities", "add").items:
            if added.text not in _CAPABILITIES:
                yield added.forbidden(f"only {', '.join(_CAPABILITIES)} may be added")


def _host_paths(pod: ObjectField) -> Errors:
    for each in pod.at("spec", "volumes").items:
        if each.at("hostPath").set:
            yield each.at("hostPath").forbidden("pods must not read the files of their node")


def _volumes(pod: ObjectField) -> Errors:
    for each in pod.at("spec", "volumes").items:
        types = [key for key in TYPES if each.at(key).set]
        if types and not {*types} & {*_RESTRICTED_VOLUMES}:
            allowed = ", ".join(_RESTRICTED_VOLUMES)
            yield each.at(types[0]).forbidden(f"volumes must be of the types {allowed}")


def _users(pod: ObjectField) -> Errors:
    whole = pod.at("spec", "securityContext", "runAsNonRoot")
    contexts = [each.at("securityContext") for each in _containers(pod)]
    for each in (pod.at("spec", "securityContext"), *contexts):
        if each.at("runAsUser").set and each.at("runAsUser").number == 0:
            yield each.at("runAsUser").invalid("must not be 0", fix="give it another number.")
        if each.at("runAsNonRoot").set and not each.at("runAsNonRoot").flag:
            yield each.at("runAsNonRoot").unsupported(("true",))
    for each in contexts:
        if not whole.flag and not each.at("runAsNonRoot").set:
            yield _missing(each.at("runAsNonRoot"), "runAsNonRoot: true", inherited=True)


def _missing(field: ObjectField, wanted: str, *, inherited: bool = False) -> FieldRefusal:
    pod = ", or to that of the pod" if inherited else ""
    return field.required()._replace(fix=f"add `{wanted}` to its `securityContext`{pod}.")


def _linux(pod: ObjectField) -> Errors:
    """Judge what containers of Linux must have, and those of Windows cannot."""
    if pod.at("spec", "os", "name").value == "windows":
        return
    whole = pod.at("spec", "securityContext", "seccompProfile", "type").value in _PROFILES
    for each in _containers(pod):
        context = each.at("securityContext")
        yield from _escalation(context.at("allowPrivilegeEscalation"))
        if not whole and not context.at("seccompProfile").set:
            wanted = "seccompProfile: {type: RuntimeDefault}"
            yield _missing(context.at("seccompProfile"), wanted, inherited=True)
        yield from _dropped(context.at("capabilities"))


def _escalation(field: ObjectField) -> Errors:
    if not field.set:
        yield _missing(field, "allowPrivilegeEscalation: false")
    elif field.flag:
        yield field.unsupported(("false",))


def _dropped(field: ObjectField) -> Errors:
    drop = field.at("drop")
    if "ALL" not in (each.text for each in drop.items):
        yield _missing(drop, 'capabilities: {drop: ["ALL"]}')
    for each in field.at("add").items:
        if each.text != "NET_BIND_SERVICE":
            yield each.forbidden("only NET_BIND_SERVICE may be added")
