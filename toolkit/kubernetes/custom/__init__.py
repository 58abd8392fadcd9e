"""Schemas of custom resources: shipped ones, and those that manifests declare.

Those of the Prometheus Operator (0.85 and newer) are shipped, names and types only; and those
of KEDA, Argo Rollouts and the VerticalPodAutoscaler of August 2026, without templates of pods.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from toolkit.kubernetes.expressions import RULES
from toolkit.kubernetes.limits import KEYWORDS
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.schema import Form

__all__ = ["declared", "shipped"]


@cache
def shipped(group: str) -> Mapping[str, Form]:
    """Return the definitions of an API group, by kind; empty if none are shipped."""
    file = files(__name__) / f"{group}.json"
    if not group or not file.is_file():
        return {}
    found: Mapping[str, Form] = json.loads(file.read_bytes())["$defs"]
    return found


def declared(manifests: Iterable[Manifest]) -> dict[tuple[str, str], Form]:
    """Return the forms in CustomResourceDefinitions, by API version and kind."""
    return {
        (f"{each.get('spec', 'group')}/{version.get('name')}", kind): _closed(form, whole=True)
        for each in manifests
        if each.kind == "CustomResourceDefinition"
        for _, version in items(each.get("spec", "versions"))
        if (form := mapping(mapping(version.get("schema")).get("openAPIV3Schema")))
        if (kind := str(each.get("spec", "names", "kind")))
    }


_IMPLIED: Form = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object"},
}
"""The keys of every object, even if its definition does not have them."""
_KEPT = frozenset({"type", "enum", "default", RULES, *KEYWORDS})


def _closed(form: Mapping[str, Any], *, whole: bool = False) -> Form:
    """Return a form without unknown keys, which the API server prunes."""
    kept = {key: form[key] for key in form if key in _KEPT}
    if form.get("x-kubernetes-int-or-string"):
        return {**kept, "type": ["integer", "string"]}
    own = mapping(form.get("properties"))
    # The server fills in what has a default before it looks for what is missing.
    kept["required"] = [
        key for key in form.get("required", ()) if "default" not in mapping(own.get(key))
    ]
    if form.get("nullable") and "type" in kept:
        kept["type"] = [kept["type"], "null"]
    if isinstance(form.get("items"), Mapping):
        kept["items"] = _closed(form["items"])
    others = form.get("additionalProperties")
    if isinstance(others, Mapping):
        kept["additionalProperties"] = _closed(others)
    elif "properties" in form:
        named = {key: _closed(mapping(value)) for key, value in own.items()}
        implied = whole or form.get("x-kubernetes-embedded-resource")
        kept["properties"] = {**_IMPLIED, **named} if implied else named
        kept["additionalProperties"] = bool(form.get("x-kubernetes-preserve-unknown-fields"))
    return kept
