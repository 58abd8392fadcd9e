"""The metadata of objects."""

from __future__ import annotations

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    TextForm,
    annotation_map,
    label_map,
    qualified_name,
)
from toolkit.kubernetes.validation.rules import (
    Required,
    Rule,
    always,
    misnamed,
    not_negative,
    parts,
)

_FINALIZERS = ("foregroundDeletion", "kubernetes", "orphan")


def _finalizers(field: ObjectField) -> Errors:
    yield from finalizers(field)
    if {"foregroundDeletion", "orphan"} <= {each.text for each in field.items}:
        yield field.invalid("must not have both `foregroundDeletion` and `orphan`")


def finalizers(field: ObjectField) -> Errors:
    """Judge the names of finalizers."""
    for each in field.items:
        faults = list(qualified_name(each))
        yield from misnamed(iter(faults), each.path, field.path)
        if not faults and "/" not in each.text and each.text not in _FINALIZERS:
            yield each.invalid("must be a standard finalizer, or have a prefix: `example.com/…`")


def _owners(field: ObjectField) -> Errors:
    for each in field.items:
        yield from misnamed(_OWNER(each), each.path, field.path)
        if (each.at("apiVersion").text, each.at("kind").text) == ("v1", "Event"):
            yield each.invalid("must not be an `Event`")._replace(
                path=field.path, written=each.path
            )
    if sum(each.at("controller").flag for each in field.items) > 1:
        yield field.invalid("must have only one with `controller: true`")


def _group_version(field: ObjectField) -> Errors:
    if field.text.count("/") > 1:
        yield field.invalid("must be a group, `/` and a version, such as `apps/v1`")


_OWNER = always(
    apiVersion=Required(_group_version), **dict.fromkeys(("kind", "name", "uid"), Required())
)


def metadata(form: TextForm, *, namespaced: bool = True) -> Rule:
    """Return the rule for an object with metadata.

    Args:
        form: The form of its name.
        namespaced: True if it is in a namespace.
    """

    def name(field: ObjectField) -> Errors:
        beginning = field.at("generateName").text
        if beginning:
            masked = beginning[:-1] + "a" if beginning.endswith("-") else beginning
            for fault in form.faults(masked):
                yield field.at("generateName").invalid(fault)
        if field.at("name").text:
            yield from form(field.at("name"))
        elif not beginning:
            yield field.at("name").required("or `generateName`")

    # The server takes the namespace away from objects that are in none.
    located: dict[str, Rule] = {"namespace": DNS_LABEL} if namespaced else {}
    described = parts(
        name,
        generation=not_negative,
        labels=label_map,
        annotations=annotation_map,
        finalizers=_finalizers,
        ownerReferences=_owners,
        **located,
    )
    return lambda field: described(field.at("metadata"))
