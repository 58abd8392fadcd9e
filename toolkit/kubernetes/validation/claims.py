"""Claims of volumes, in objects of their own and in templates."""

from __future__ import annotations

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    annotation_map,
    label_map,
    label_selector,
)
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    misnamed,
    one_of,
    parts,
    quantity_positive,
)

_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


def access_modes(field: ObjectField) -> Errors:
    """Judge the access modes of a claim or a volume."""
    for each in field.items:
        yield from misnamed(one_of(*_MODES)(each), each.path, field.path)
    found = {each.text for each in field.items} & {*_MODES}
    if "ReadWriteOncePod" in found and len(found) > 1:
        yield field.forbidden("`ReadWriteOncePod` allows no other mode")


def _storage(field: ObjectField) -> Errors:
    found, path = (
        field.at("resources", "requests", "storage"),
        (*field.path, "resources", "storage"),
    )
    errors = quantity_positive(found) if found.set else iter([found.required()])
    yield from misnamed(errors, found.path, path)


def _source(field: ObjectField) -> Errors:
    if not field.at("apiGroup").text and field.at("kind").text != "PersistentVolumeClaim":
        yield field.invalid("must be a `PersistentVolumeClaim` without an `apiGroup`")


_SOURCE = parts(
    _source,
    name=Required(),
    kind=Required(),
    apiGroup=DNS_SUBDOMAIN,
    namespace=DNS_LABEL,
)


def _sources(field: ObjectField) -> Errors:
    source, reference = field.at("dataSource"), field.at("dataSourceRef")
    if not source.set or not reference.set:
        return
    if reference.at("namespace").text:
        yield field.invalid("must not have `dataSource` with a namespace in `dataSourceRef`")
    elif any(source.at(k).value != reference.at(k).value for k in ("apiGroup", "kind", "name")):
        yield field.invalid("must have the same in `dataSource` and `dataSourceRef`")


CLAIM_SPEC = parts(
    _storage,
    _sources,
    accessModes=Required(access_modes),
    selector=label_selector,
    storageClassName=DNS_SUBDOMAIN,
    volumeMode=NotEmpty(one_of("Block", "Filesystem")),
    dataSource=_SOURCE,
    dataSourceRef=_SOURCE,
    volumeAttributesClassName=DNS_SUBDOMAIN,
)
"""The rule for the spec of a claim."""


def _template_metadata(field: ObjectField) -> Errors:
    yield from label_map(field.at("labels"))
    yield from annotation_map(field.at("annotations"))
    for key, each in field.entries:
        if key not in ("labels", "annotations") and each.given:
            yield each.forbidden("the claim takes only labels and annotations")


CLAIM_TEMPLATE = parts(metadata=_template_metadata, spec=Required(CLAIM_SPEC))
"""The rule for the template of a claim in a volume."""
