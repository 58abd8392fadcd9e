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
from toolkit.kubernetes.validation.rules import Rule, every, not_negative, parts


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

    def namespace(field: ObjectField) -> Errors:
        if namespaced:
            yield from DNS_LABEL(field)
        else:
            yield field.forbidden("objects of this kind are in no namespace")

    described = parts(
        name,
        namespace=namespace,
        generation=not_negative,
        labels=label_map,
        annotations=annotation_map,
        finalizers=every(qualified_name),
    )
    return lambda field: described(field.at("metadata"))
