"""The volumes of a pod."""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.kubernetes.validation.claims import CLAIM_TEMPLATE
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    qualified_faults,
)
from toolkit.kubernetes.validation.rules import (
    Required,
    Rule,
    absolute_path,
    between,
    every,
    exclusive,
    file_mode,
    local_path,
    misnamed,
    no_backsteps,
    one_of,
    parts,
    relative_path,
)

_named = parts(name=Required())
_partition = between(0, 255)
_HOST_PATHS = (
    "DirectoryOrCreate",
    "Directory",
    "FileOrCreate",
    "File",
    "Socket",
    "CharDevice",
    "BlockDevice",
)
_RESOURCES = frozenset(
    f"{bound}.{name}"
    for bound in ("limits", "requests")
    for name in ("cpu", "memory", "ephemeral-storage")
)
_OF_VOLUMES = ("name", "namespace", "labels", "annotations", "uid")
FIELDS_OF_VOLUMES = tuple(f"metadata.{each}" for each in _OF_VOLUMES)
"""The fields of its pod that a file can hold."""
_SUBSCRIPT = re.compile(r"(.*)\['(.*)'\]")
_UNITS = ("k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DIVISORS = {"cpu": ("1m", "1"), "": ("1", *(f"1{each}" for each in _UNITS))}


def pod_field(allowed: tuple[str, ...]) -> Rule:
    """Return the rule for a ``fieldRef`` that may name some fields of the pod."""

    def rule(field: ObjectField) -> Errors:
        path = field.at("fieldPath")
        if not path.text:
            yield path.required()
        elif field.at("apiVersion").text != "v1":
            yield path.invalid("needs `apiVersion: v1`")
        elif found := _SUBSCRIPT.fullmatch(path.text):
            if found[1] not in ("metadata.annotations", "metadata.labels"):
                yield path.invalid("must have a key for `metadata.labels` or `.annotations` only")
                return
            key = found[2].lower() if found[1] == "metadata.annotations" else found[2]
            for fault in qualified_faults(key):
                error = path.invalid(fault, value=key)
                yield from misnamed(iter([error]), path.path, field.path)
        elif path.text not in allowed:
            yield path.unsupported(allowed)

    return rule


def container_field(field: ObjectField) -> Errors:
    """Judge a ``resourceFieldRef``, except the name of its container."""
    resource, divisor = field.at("resource"), field.at("divisor")
    name = resource.text.partition(".")[2]
    if not resource.text:
        yield resource.required()
    elif resource.text not in _RESOURCES and not name.startswith("hugepages-"):
        yield resource.unsupported(sorted(_RESOURCES))
    allowed = _DIVISORS.get(name, _DIVISORS[""])
    known = resource.text in _RESOURCES or name.startswith("hugepages-")
    if known and divisor.quantity and str(divisor.value) not in allowed:
        yield divisor.invalid(f"must be one of {', '.join(allowed)} for {name}")


def _file_of_container(field: ObjectField) -> Errors:
    if not field.at("containerName").text:
        yield field.at("containerName").required()
    else:
        yield from container_field(field)


def _file(field: ObjectField) -> Errors:
    """Judge a file with a field of the pod or a resource of a container."""
    of_pod, of_container = field.at("fieldRef"), field.at("resourceFieldRef")
    if not of_pod.set and not of_container.set:
        yield field.required("`fieldRef` or `resourceFieldRef`")
    elif of_pod.set and of_container.set:
        yield field.invalid("must not have both `fieldRef` and `resourceFieldRef`")
    yield from _FILE(field)


_FILE = parts(
    path=Required(local_path),
    fieldRef=pod_field(FIELDS_OF_VOLUMES),
    resourceFieldRef=_file_of_container,
    mode=file_mode,
)


def _files(field: ObjectField) -> Errors:
    for each in field.at("items").items:
        yield from misnamed(_file(each), each.path, field.path)


_items = every(parts(key=Required(), path=Required(local_path), mode=file_mode))


def _token_path(field: ObjectField) -> Errors:
    path = field.at("path")
    errors = local_path(path) if path.text else iter([path.required()])
    yield from misnamed(errors, path.path, (*field.path[:-3], "path"))


_SOURCES: Mapping[str, Rule] = {
    "secret": parts(name=Required(), items=_items),
    "configMap": parts(name=Required(), items=_items),
    "downwardAPI": _files,
    "serviceAccountToken": parts(_token_path, expirationSeconds=between(600, 2**32)),
}


def _projected(field: ObjectField) -> Errors:
    seen = set[str]()
    for source in field.at("sources").items:
        if len([key for key, each in source.entries if each.set]) > 1:
            yield source.forbidden("a source has one type")
        yield from parts(**_SOURCES)(source)
        lists = (source.at(key, "items") for key in ("secret", "configMap", "downwardAPI"))
        for each in (item for found in lists for item in found.items):
            path = each.at("path")
            if path.text and path.text in seen:
                error = path.invalid("must not be in two sources")
                yield from misnamed(iter([error]), path.path, field.path)
            seen.add(path.text)


def _size_limit(field: ObjectField) -> Errors:
    if field.quantity < 0:
        yield field.forbidden("a size is not negative")


def _driver(field: ObjectField) -> Errors:
    if len(field.text) > 63:
        yield field.too_long(63)
    for fault in DNS_SUBDOMAIN.faults(field.text.lower()):
        yield field.invalid(fault)


_iqn_form = re.compile(
    r"iqn\.\d{4}-\d{2}\.([a-z0-9-.]+)(:([^,;*&$|\s]+))?"
    r"|eui\.[0-9A-Fa-f]{16}|naa\.[0-9A-Fa-f]{32}"
)


def _iqn(field: ObjectField) -> Errors:
    if not _iqn_form.match(field.text):
        yield field.invalid("must be a name such as `iqn.2001-04.com.example:disk`")


def _world_wide_names(field: ObjectField) -> Errors:
    names, others = field.at("targetWWNs"), field.at("wwids")
    if not names.given and not others.given:
        yield names.required("or `wwids`")
    elif names.given and others.given:
        yield names.invalid("must not be there with `wwids`")
    if names.given:
        yield from Required(_partition)(field.at("lun")) if not field.at("lun").set else ()


TYPES: Mapping[str, Rule] = {
    "emptyDir": parts(sizeLimit=_size_limit),
    "hostPath": parts(path=Required(no_backsteps), type=one_of(*_HOST_PATHS)),
    "gitRepo": parts(repository=Required(), directory=relative_path),
    "gcePersistentDisk": parts(pdName=Required(), partition=_partition),
    "awsElasticBlockStore": parts(volumeID=Required(), partition=_partition),
    "secret": parts(secretName=Required(), defaultMode=file_mode, items=_items),
    "nfs": parts(server=Required(), path=Required(absolute_path)),
    "iscsi": parts(targetPortal=Required(), iqn=Required(_iqn), lun=_partition),
    "glusterfs": parts(endpoints=Required(), path=Required()),
    "flocker": lambda field: iter(()),
    "persistentVolumeClaim": parts(claimName=Required()),
    "rbd": parts(monitors=Required(), image=Required()),
    "cinder": parts(volumeID=Required(), secretRef=_named),
    "cephfs": parts(monitors=Required()),
    "quobyte": parts(registry=Required(), volume=Required()),
    "downwardAPI": parts(_files, defaultMode=file_mode),
    "fc": parts(_world_wide_names, lun=_partition),
    "flexVolume": parts(driver=Required()),
    "configMap": parts(name=Required(), defaultMode=file_mode, items=_items),
    "azureFile": parts(secretName=Required(), shareName=Required()),
    "vsphereVolume": parts(volumePath=Required()),
    "photonPersistentDisk": parts(pdID=Required()),
    "portworxVolume": parts(volumeID=Required()),
    "azureDisk": parts(
        diskName=Required(),
        diskURI=Required(),
        cachingMode=one_of("None", "ReadOnly", "ReadWrite"),
        kind=one_of("Dedicated", "Managed", "Shared"),
    ),
    "storageos": lambda field: iter(()),
    "projected": parts(_projected, defaultMode=file_mode),
    "scaleIO": parts(gateway=Required(), system=Required(), volumeName=Required()),
    "csi": parts(driver=Required(_driver), nodePublishSecretRef=_named),
    "ephemeral": parts(volumeClaimTemplate=Required(CLAIM_TEMPLATE)),
    "image": parts(pullPolicy=one_of("Always", "IfNotPresent", "Never")),
}
"""The types of volumes, in the server's order."""


def _one_type(field: ObjectField) -> Errors:
    yield from exclusive(field, tuple(TYPES), "type of volume")


_VOLUME = parts(_one_type, name=Required(DNS_LABEL), **TYPES)


def volumes(field: ObjectField) -> Errors:
    """Judge the volumes of a pod."""
    seen = set[str]()
    for each in field.items:
        yield from _VOLUME(each)
        name = each.at("name")
        if name.text in seen:
            yield name.duplicate()
        seen.add(name.text)
