"""Claims, volumes and their classes: ``pkg/apis/core/validation`` and ``storage/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.claims import CLAIM_SPEC, access_modes
from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import DNS_SUBDOMAIN, qualified_faults
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    absolute_path,
    always,
    both,
    exclusive,
    no_backsteps,
    one_of,
    parts,
    quantity_positive,
)

_SOURCES: Mapping[str, Rule] = {
    "hostPath": always(path=Required(no_backsteps)),
    "nfs": always(server=Required(), path=Required(absolute_path)),
    "local": always(path=Required(no_backsteps)),
    "csi": always(driver=Required(DNS_SUBDOMAIN), volumeHandle=Required()),
}
_OTHERS = (
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "photonPersistentDisk",
    "portworxVolume",
    "azureFile",
    "vsphereVolume",
    "azureDisk",
    "scaleIO",
    "storageos",
)
"""The types of volumes whose parts are not judged."""


def _known_source(field: ObjectField) -> Errors:
    """Judge a claim as the server does, which drops a source of data that it does not know."""
    source = field.at("dataSource")
    known = {("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot")}
    kept = {key: each.value for key, each in field.entries}
    if (source.at("apiGroup").text, source.at("kind").text) not in known:
        kept.pop("dataSource", None)
    yield from CLAIM_SPEC(ObjectField(kept, field.path))


def _capacity(field: ObjectField) -> Errors:
    if {key for key, _ in field.entries} != {"storage"}:
        yield field.unsupported(("storage",))
    for _, each in field.entries:
        yield from quantity_positive(each)


def _source(spec: ObjectField) -> Errors:
    yield from exclusive(spec, (*_SOURCES, *_OTHERS), "type of volume")
    if spec.at("local").set and not spec.at("nodeAffinity").set:
        yield spec.at("nodeAffinity").required("a `local` volume is on one node")


_VOLUME = both(
    always(accessModes=Required(access_modes), capacity=Required(_capacity)),
    parts(
        _source,
        **_SOURCES,
        persistentVolumeReclaimPolicy=one_of("Delete", "Recycle", "Retain"),
        storageClassName=DNS_SUBDOMAIN,
        volumeMode=NotEmpty(one_of("Block", "Filesystem")),
    ),
)


def _provisioner(field: ObjectField) -> Errors:
    yield from (field.invalid(fault) for fault in qualified_faults(field.text.lower()))


_CLUSTER_WIDE = metadata(DNS_SUBDOMAIN, namespaced=False)
KINDS: Mapping[str, Rule] = {
    "v1 PersistentVolumeClaim": both(metadata(DNS_SUBDOMAIN), always(spec=_known_source)),
    "v1 PersistentVolume": both(_CLUSTER_WIDE, always(spec=_VOLUME)),
    "storage.k8s.io/v1 StorageClass": both(
        _CLUSTER_WIDE,
        always(provisioner=Required(_provisioner)),
        parts(
            reclaimPolicy=one_of("Delete", "Retain"),
            volumeBindingMode=NotEmpty(one_of("Immediate", "WaitForFirstConsumer")),
        ),
    ),
}
