"""Edits of manifests and of the contract about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from tests.fixes.contract import merged
from tests.fixes.place import Blocks, Place

_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NODE = {"memory": "512Gi", "cpu": 512}
_LIMITS = ("between", "at_least", "at_most", "one_of")


def parts(path: str) -> list[str | int]:
    """The keys and indices of a path such as ``spec.ports[0].name``."""
    return [int(index) if index else key for key, index in _PART.findall(path)]


def in_object(
    place: Place, edit: Callable[[Any, str | int], object], of: int = 0
) -> Blocks | None:
    """Edit the parent of the part that the finding names, and the key of the part."""

    def change(body: Any) -> None:
        *above, last = parts(place.quoted[of])
        for key in above:
            body = body[key] if isinstance(key, int) else body.setdefault(key, {})
        edit(body, last)

    return place.in_yaml(change) if place.name in place.blocks else None


def part_removed(place: Place) -> Blocks | None:
    return in_object(place, lambda body, key: body.pop(key))


def part_set(place: Place, value: str) -> Blocks | None:
    return in_object(place, lambda body, key: body.__setitem__(key, yaml.safe_load(value)))


def part_added(place: Place, name: str) -> Blocks | None:
    """Add a key with a value of one's own."""
    return part_set(place, "x") if place.quoted[0].endswith(name) else None


def secured(place: Place, snippet: str) -> Blocks | None:
    """Add entries to the ``securityContext`` around the part that the finding names."""
    above = parts(place.quoted[0].partition("securityContext")[0])

    def edit(body: Any) -> None:
        for key in above:
            body = body[key]
        merged(body.setdefault("securityContext", {}), yaml.safe_load(snippet))

    return place.in_yaml(edit) if place.name in place.blocks else None


def key_removed(place: Place) -> Blocks | None:
    """Take out the key that is no field of the part that the finding names next."""
    key, *above = place.quoted
    inside = parts(above[0]) if above else []

    def change(body: Any) -> None:
        for each in inside:
            body = body[each]
        body.pop(key)

    return place.in_yaml(change) if place.name in place.blocks else None


def raised(place: Place, value: str) -> Blocks | None:
    """Write a greater value in place of the one that is underlined, as its key has it."""
    where = place.finding.where
    if place.name not in place.blocks or not where.column:
        return None
    under = where.excerpt[where.column - 1 :]
    found = re.match(r"[\"']?([\w./-]+)[\"']?(: *)([\w.\"']+)", under)
    number = re.sub(r"\d+", lambda n: str(int(n[0]) + 1), value, count=1)
    return place.in_line(found[3] if found else under[: where.width], number)


def limits(place: Place) -> Blocks | None:
    """Take the bounds away from a field of the contract."""

    def edit(contract: Any) -> None:
        for each in contract["logs"]:
            field = each["fields"][place.quoted[0]]
            for key in _LIMITS:
                field.pop(key, None)

    return place.in_contract(edit)


def larger_node(place: Place) -> Blocks | None:
    return place.in_contract(lambda contract: merged(contract, {"kubernetes": {"node": _NODE}}))


def off(place: Place, mode: str) -> Blocks | None:
    """Set the mode of the VerticalPodAutoscaler of the finding, wherever it is."""
    changed = dict(place.blocks)
    for name, text in place.blocks.items():
        documents = re.split(r"(?m)^---\n", text) if name.endswith((".yaml", ".yml")) else []
        for index, each in enumerate(documents):
            if "kind: VerticalPodAutoscaler" in each:
                body = merged(
                    yaml.safe_load(each), {"spec": {"updatePolicy": {"updateMode": mode}}}
                )
                documents[index] = yaml.safe_dump(body, sort_keys=False)
        if documents:
            changed[name] = "---\n".join(documents)
    return None if changed == place.blocks else changed


def document_removed(place: Place) -> Blocks | None:
    """Remove the object at the place."""
    if place.name not in place.blocks:
        return None
    documents = re.split(r"(?m)^---\n", place.blocks[place.name])
    ends, end = list[int](), 0
    for each in documents:
        end += len(each.splitlines()) + 1
        ends.append(end)
    line = place.finding.where.line or 1
    del documents[next(number for number, each in enumerate(ends) if line <= each)]
    return place.with_text(place.name, "---\n".join(documents))


def only_manifests(place: Place) -> Blocks | None:
    """Name the one file of the finding under ``manifests:``."""
    return place.in_contract(
        lambda contract: contract["kubernetes"].update(manifests=[place.name])
    )


def namespaced(place: Place, namespace: str) -> Blocks | None:
    return place.in_yaml(lambda body: merged(body["metadata"], {"namespace": namespace}))


def labels_of(place: Place, kind: str, name: str) -> Blocks | None:
    """Make a selector equal to the labels of a workload's pods."""
    bodies = [
        body
        for file, text in place.blocks.items()
        if file.endswith((".yaml", ".yml")) and file != "toolkit.yml"
        for body in yaml.safe_load_all(text)
    ]
    found = next(e for e in bodies if e and (e["kind"], e["metadata"]["name"]) == (kind, name))
    labels = found["spec"]["template"]["metadata"]["labels"]

    def edit(body: Any) -> None:
        old = body["spec"]["selector"]
        body["spec"]["selector"] = {"matchLabels": labels} if "matchLabels" in old else labels

    return place.in_yaml(edit) if place.name in place.blocks else None


def own_labels(place: Place) -> Blocks | None:
    def edit(body: Any) -> None:
        labels = body["spec"]["template"]["metadata"]["labels"]
        body["spec"]["selector"]["matchLabels"] = labels

    return place.in_yaml(edit)


def other_labels(place: Place, kind: str, name: str) -> Blocks | None:
    """Give the pods of a workload, and its selector, labels of its own."""

    def edit(text: str) -> str:
        documents = re.split(r"(?m)^---\n", text)
        for index, each in enumerate(documents):
            body = yaml.safe_load(each)
            if body and (body.get("kind"), body["metadata"].get("name")) == (kind, name):
                spec = body["spec"].get("jobTemplate", body)["spec"]
                spec["template"]["metadata"]["labels"] = {"own": name}
                if "selector" in spec:
                    spec["selector"]["matchLabels"] = {"own": name}
                documents[index] = yaml.safe_dump(body, sort_keys=False)
        return "---\n".join(documents)

    changed = {
        file: edit(text) if file.endswith((".yaml", ".yml")) and file != "toolkit.yml" else text
        for file, text in place.blocks.items()
        if file != "kubernetes"
    }
    return None if "kubernetes" in place.blocks or changed == place.blocks else changed


def secret(place: Place, name: str, key: str) -> Blocks | None:
    """Add the manifest of a Secret."""
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name},
        "stringData": {key: "x"},
    }
    text = f"{place.blocks[place.name]}---\n{yaml.safe_dump(body)}"
    return place.with_text(place.name, text) if place.name in place.blocks else None


def groups_copied(place: Place, source: str) -> Blocks | None:
    groups = yaml.safe_load(place.blocks[source])["groups"]
    return place.in_yaml(lambda body: body["spec"].update(groups=groups))


def injected(place: Place) -> Blocks | None:
    """Declare the container that the finding names as one that a webhook adds."""
    found = {"kubernetes": {"injected": [{"name": place.quoted[0]}]}}
    return place.in_contract(lambda contract: merged(contract, found))


def limited(place: Place, resource: str, container: str) -> Blocks | None:
    """Set a limit of a container."""

    def edit(body: Any) -> None:
        for each in body["spec"]["template"]["spec"]["containers"]:
            if each["name"] == container:
                merged(each, {"resources": {"limits": {resource: "64Mi"}}})

    return place.in_yaml(edit)


def key_in_secret(place: Place) -> Blocks | None:
    """Add the key that the finding names to the Secret that it names."""
    key, name = place.quoted[:2]
    changed = dict(place.blocks)
    for file, text in place.blocks.items():
        documents = re.split(r"(?m)^---\n", text) if file.endswith(".yaml") else []
        for index, each in enumerate(documents):
            body = yaml.safe_load(each)
            if (body["kind"], body["metadata"]["name"]) == ("Secret", name):
                documents[index] = yaml.safe_dump(merged(body, {"stringData": {key: "x"}}))
        if documents:
            changed[file] = "---\n".join(documents)
    return None if changed == place.blocks else changed
