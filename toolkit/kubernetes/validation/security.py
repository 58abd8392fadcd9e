"""Security contexts of pods and containers."""

from __future__ import annotations

import re

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import DNS_SUBDOMAIN
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    every,
    identity,
    one_of,
    parts,
    relative_path,
)

_PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
_SYSCTL = re.compile(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DOMAIN = re.compile(
    r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}'
    r"|[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_USER = re.compile(r'(?![. ]+$)[^"/\\:;|=,+*?<>@\[\]]{1,104}')


def _profile(local: Rule) -> Rule:
    """Return the rule for a profile of seccomp or AppArmor.

    Args:
        local: The rule for the name of a profile on the node.
    """

    def localhost(field: ObjectField) -> Errors:
        found, wanted = field.at("localhostProfile"), field.at("type").text == "Localhost"
        if wanted and not found.set:
            yield found.required("with `type: Localhost`")
        elif wanted:
            yield from local(found)
        elif found.set:
            yield found.invalid("must not be there without `type: Localhost`")

    return parts(localhost, type=Required(one_of(*_PROFILES)))


def _padded(field: ObjectField) -> Errors:
    if field.text != field.text.strip():
        yield field.invalid("must not begin or end with white space")
    elif not field.text:
        yield field.required("with `type: Localhost`")
    if len(field.text.encode()) > 4095:
        yield field.too_long(4095)


_SECCOMP = _profile(relative_path)
_APP_ARMOR = _profile(_padded)


def _run_as_user_name(field: ObjectField) -> Errors:
    domain, slash, user = field.text.rpartition("\\")
    known = not slash or (_DOMAIN.fullmatch(domain) and len(domain) < 256)
    if _CONTROL.search(field.text) or not known or not _USER.fullmatch(user):
        yield field.invalid(r"must be a user of Windows, such as `NT AUTHORITY\LocalService`")


def _windows(field: ObjectField) -> Errors:
    for key in ("runAsUserName", "gmsaCredentialSpec"):
        if field.at(key).value == "":
            yield field.at(key).invalid("must not be empty")
    if len(field.at("gmsaCredentialSpec").text) > 64 * 1024:
        yield field.at("gmsaCredentialSpec").invalid("must be shorter than 64 KiB")


_WINDOWS = parts(_windows, gmsaCredentialSpecName=DNS_SUBDOMAIN, runAsUserName=_run_as_user_name)


def _escalation(field: ObjectField) -> Errors:
    escalates = field.at("allowPrivilegeEscalation")
    if not escalates.set or escalates.flag:
        return
    if field.at("privileged").flag:
        fix = "remove `allowPrivilegeEscalation: false`, or `privileged: true`."
        yield field.invalid("must not be `privileged` without privilege escalation", fix=fix)
    if "CAP_SYS_ADMIN" in (each.text for each in field.at("capabilities", "add").items):
        yield field.invalid("must not have CAP_SYS_ADMIN without privilege escalation")


_CONTAINER = parts(
    _escalation,
    runAsUser=identity,
    runAsGroup=identity,
    procMount=NotEmpty(one_of("Default", "Unmasked")),
    seccompProfile=_SECCOMP,
    windowsOptions=_WINDOWS,
    appArmorProfile=_APP_ARMOR,
)


def container_security(field: ObjectField, *, host_users: bool) -> Errors:
    """Judge the security context of a container.

    Args:
        field: The security context.
        host_users: True unless the pod has a user namespace of its own.
    """
    yield from _CONTAINER(field)
    if host_users and field.at("procMount").value == "Unmasked":
        yield field.at("procMount").invalid("needs `hostUsers: false`")


def _sysctls(field: ObjectField) -> Errors:
    seen = set[str]()
    for each in field.items:
        name = each.at("name")
        if not name.text:
            yield name.required()
        elif len(name.text) > 253 or not _SYSCTL.fullmatch(name.text):
            yield name.invalid(
                "must be the name of a kernel parameter, such as `net.core.somaxconn`"
            )
        elif name.text in seen:
            yield name.duplicate()
        seen.add(name.text)


_NAMESPACED = {
    "hostNetwork": ("net.",),
    "hostIPC": ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."),
}
"""The kernel parameters that the host keeps where the pod shares its namespace."""


def _shared(spec: ObjectField) -> Errors:
    """Judge what a pod must not have together with the namespaces of its host."""
    context = spec.at("securityContext")
    for each in context.at("sysctls").items:
        name = each.at("name")
        for key, prefixes in _NAMESPACED.items():
            if spec.at(key).flag and name.text.replace("/", ".").startswith(prefixes):
                yield name.invalid(f"must not be set with `{key}: true`")
    if spec.at("hostPID").flag and spec.at("shareProcessNamespace").flag:
        path = (*context.path, "shareProcessNamespace")
        found = spec.at("shareProcessNamespace").invalid("must not be there with `hostPID`")
        yield found._replace(path=path, written=found.path)


def host_users(spec: ObjectField) -> bool:
    """Return False if a pod has a user namespace of its own."""
    return not spec.at("hostUsers").set or spec.at("hostUsers").flag


def _own_users(spec: ObjectField) -> Errors:
    if host_users(spec):
        return
    for key, path in (
        ("hostNetwork", "hostNetwork"),
        ("hostPID", "HostPID"),
        ("hostIPC", "HostIPC"),
    ):
        if spec.at(key).flag:
            found = spec.at(key).forbidden("`hostUsers` is false")
            yield found._replace(path=(*spec.path, path), written=found.path)


pod_security = parts(
    _shared,
    _own_users,
    securityContext=parts(
        fsGroup=identity,
        runAsUser=identity,
        runAsGroup=identity,
        supplementalGroups=every(identity),
        sysctls=_sysctls,
        fsGroupChangePolicy=NotEmpty(one_of("Always", "OnRootMismatch")),
        seccompProfile=_SECCOMP,
        windowsOptions=_WINDOWS,
        appArmorProfile=_APP_ARMOR,
        supplementalGroupsPolicy=NotEmpty(one_of("Merge", "Strict")),
        seLinuxChangePolicy=NotEmpty(one_of("MountOption", "Recursive")),
    ),
)
"""The rule for the spec of a pod, as far as its security is concerned."""
