"""Environment variables and files of containers, from ConfigMaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, dig, items, mapping
from toolkit.kubernetes.workloads import Container, volumes


@dataclass(frozen=True, slots=True)
class ContainerVariable:
    """A variable of a container, its text, and its place."""

    name: str
    text: str
    where: Location


@dataclass(frozen=True, slots=True)
class MountedFile:
    """An entry of a ConfigMap, and its path in the container."""

    name: str
    path: str
    text: str
    where: Location


def variables(manifests: Iterable[Manifest], container: Container) -> dict[str, ContainerVariable]:
    """Return the environment of a container by name, literal or from ConfigMaps."""
    maps = _maps(manifests, container)
    found: dict[str, ContainerVariable] = {}
    for _, source in items(container.body.get("envFrom")):
        for key, text, where in _data(maps.get(str(dig(source, "configMapRef", "name")))):
            name = f"{source.get('prefix') or ''}{key}"
            found[name] = ContainerVariable(name, text, where)
    for index, each in items(container.body.get("env")):
        name = str(each.get("name"))
        if each.get("value") is not None:
            where = container.locate_value("env", index, "value")
            found[name] = ContainerVariable(name, str(each["value"]), where)
        wanted = mapping(dig(each, "valueFrom", "configMapKeyRef"))
        for key, text, where in _data(maps.get(str(wanted.get("name")))):
            if key == wanted.get("key"):
                found[name] = ContainerVariable(name, text, where)
    return found


def mounted(manifests: Iterable[Manifest], container: Container) -> Iterator[MountedFile]:
    """Yield the files that ConfigMaps mount into a container."""
    maps = _maps(manifests, container)
    there = volumes(container.workload)
    by_name = {str(each.get("name")): mapping(each.get("configMap")) for each in there}
    for _, mount in items(container.body.get("volumeMounts")):
        volume = by_name.get(str(mount.get("name")), {})
        renamed = {
            str(each.get("key")): str(each.get("path")) for _, each in items(volume.get("items"))
        }
        folder, chosen = str(mount.get("mountPath")), mount.get("subPath")
        for key, text, where in _data(maps.get(str(volume.get("name")))):
            name = renamed.get(key) if renamed else key
            if name is not None and chosen in (None, name):
                path = folder if chosen else f"{folder.rstrip('/')}/{name}"
                yield MountedFile(key, path, text, where)


def _data(given: Manifest | None) -> Iterator[tuple[str, str, Location]]:
    """Return the entries of a ConfigMap, and their places."""
    if given is not None:
        for key, text in mapping(given.get("data")).items():
            yield key, str(text), given.locate_value("data", key)


def _maps(manifests: Iterable[Manifest], container: Container) -> dict[str, Manifest]:
    """Return the ConfigMaps a container can refer to, by name; without a namespace any matches."""
    own = container.workload.namespace
    return {
        each.name: each
        for each in manifests
        if each.kind == "ConfigMap" and (own is None or each.namespace in (None, own))
    }
