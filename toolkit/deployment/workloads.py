"""Containers of Kubernetes' workloads as sites, their ConfigMaps and Secrets as files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from toolkit.deployment.site import Entrance, Image, Mount, Port, Site
from toolkit.deployment.variables import Variable
from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.workloads import containers, pod_labels, pod_path


def read_workloads(manifests: Iterable[Manifest]) -> Iterator[Site]:
    """Yield a site for each container of the workloads."""
    known = list(manifests)
    reader = _Reader(
        {(m.kind, m.namespace, m.name): m for m in known if m.kind in ("ConfigMap", "Secret")},
        [m for m in known if m.kind == "Service"],
    )
    for manifest in known:
        if isinstance(manifest.get(*pod_path(manifest), "spec", "containers"), list):
            yield from reader.sites(manifest)


@dataclass(frozen=True, slots=True)
class _Reader:
    held: Mapping[tuple[str, str | None, str], Manifest]
    services: list[Manifest]
    names: dict[str, list[str]] = field(default_factory=dict)

    def sites(self, workload: Manifest) -> Iterator[Site]:
        entrances = tuple(_reached(self.services, workload, pod_labels(workload)))
        pod = (*pod_path(workload), "spec")
        for container in containers(workload):
            at, body = container.path, container.body
            environment, opened = self._environment(workload, at)
            yield Site(
                f"{workload.name}/{container.name or at[-1]}",
                "kubernetes",
                workload.locate(*at),
                Image(container.image, workload.locate_value(*at, "image"))
                if container.image
                else None,
                environment,
                opened,
                tuple(self._mounts(workload, pod, at)),
                tuple(_ports(workload, at, body)),
                entrances,
                tuple(map(str, (*_list(body, "command"), *_list(body, "args")))),
                PurePosixPath(workload.source).parent.as_posix(),
                labels=pod_labels(workload),
                namespace=workload.namespace,
            )

    def _find(self, kind: str, workload: Manifest, name: str) -> Manifest | None:
        exact = self.held.get((kind, workload.namespace, name))
        return exact or next(
            (
                each
                for (k, namespace, n), each in self.held.items()
                if (k, n) == (kind, name) and None in (namespace, workload.namespace)
            ),
            None,
        )

    def _environment(
        self, workload: Manifest, at: tuple[str | int, ...]
    ) -> tuple[dict[str, Variable], str]:
        found: dict[str, Variable] = {}
        opened = ""
        for index, source in items(workload.get(*at, "envFrom")):
            kind, name = _reference(source, "configMapRef", "secretRef")
            held = self._find(kind, workload, name)
            if held is None:
                opened = f"{kind} `{name}`"
                continue
            prefix = str(source.get("prefix") or "")
            for key, text in _data(held).items():
                found[prefix + key] = Variable(text, workload.locate(*at, "envFrom", index))
        for index, entry in items(workload.get(*at, "env")):
            name = str(entry.get("name"))
            found[name] = self._variable(workload, entry, workload.locate(*at, "env", index))
        return found, opened

    def _variable(self, workload: Manifest, entry: Mapping[str, Any], where: Location) -> Variable:
        source = mapping(entry.get("valueFrom"))
        if not source:
            return Variable(str(entry.get("value") or ""), where)
        kind, name = _reference(source, "configMapKeyRef", "secretKeyRef")
        if not kind:
            return Variable(None, where, "the cluster sets it")
        key = str(next(iter(mapping(v).get("key") for v in source.values())))
        held = self._find(kind, workload, name)
        text = _data(held).get(key) if held else None
        reason = "" if text is not None else f"it comes from key `{key}` of {kind} `{name}`"
        return Variable(text, where, reason)

    def _mounts(
        self, workload: Manifest, path: tuple[str | int, ...], at: tuple[str | int, ...]
    ) -> Iterator[Mount]:
        volumes = {str(v.get("name")): v for _, v in items(workload.get(*path, "volumes"))}
        for index, mount in items(workload.get(*at, "volumeMounts")):
            where = workload.locate(*at, "volumeMounts", index)
            volume = volumes.get(str(mount.get("name")), {})
            target, part = str(mount.get("mountPath")), str(mount.get("subPath") or "")
            yield from self._volume(workload, volume, target.rstrip("/"), part, where)

    def _volume(
        self,
        workload: Manifest,
        volume: Mapping[str, Any],
        target: str,
        part: str,
        where: Location,
    ) -> Iterator[Mount]:
        sources = [s for _, s in items(mapping(volume.get("projected")).get("sources"))] or [
            volume
        ]
        for source in sources:
            kind, name = _reference(source, "configMap", "secret")
            if not kind:
                yield Mount(
                    target, None, where, reason=f"volume `{volume.get('name', '')}` holds it"
                )
                continue
            held = self._find(kind, workload, name)
            if held is None:
                yield Mount(
                    target, None, where, reason=f"{kind} `{name}` is not in the repository"
                )
                continue
            data = _data(held)
            wanted = _items(source, data)
            for file, key in wanted.items():
                if part and file != part:
                    continue
                end = target if part else f"{target}/{file}"
                yield Mount(end, None, held.locate("data", key), data.get(key))


def _list(container: Mapping[str, Any], key: str) -> list[Any]:
    value = container.get(key)
    return value if isinstance(value, list) else []


def _reference(source: Mapping[str, Any], config_map: str, secret: str) -> tuple[str, str]:
    """The kind and name of what a volume or variable comes from; empty if it is neither."""
    for key, kind in ((config_map, "ConfigMap"), (secret, "Secret")):
        if key in source:
            inside = mapping(source[key])
            return kind, str(inside.get("name") or inside.get("secretName") or "")
    return "", ""


def _items(source: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, str]:
    """The keys by the path of the file that each becomes."""
    inside = mapping(source.get("configMap") or source.get("secret"))
    chosen = {
        str(each.get("path")): str(each.get("key")) for _, each in items(inside.get("items"))
    }
    return chosen or {key: key for key in data}


def _data(held: Manifest) -> dict[str, str]:
    found = {str(k): str(v) for k, v in mapping(held.get("data")).items()}
    if held.kind == "Secret":
        found = {key: _decoded(text) for key, text in found.items()}
        found |= {str(k): str(v) for k, v in mapping(held.get("stringData")).items()}
    return found


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except binascii.Error:
        return text


def _ports(
    workload: Manifest, at: tuple[str | int, ...], container: Mapping[str, Any]
) -> Iterator[Port]:
    for index, port in items(container.get("ports")):
        number = port.get("containerPort")
        if isinstance(number, int):
            protocol = str(port.get("protocol") or "TCP").lower()
            where = workload.locate(*at, "ports", index, "containerPort")
            yield Port(number, str(port.get("name") or ""), port.get("hostPort"), protocol, where)


def _reached(
    services: Iterable[Manifest], workload: Manifest, labels: Mapping[str, Any]
) -> Iterator[Entrance]:
    """The host names of the Services that select a workload's pods."""
    for service in services:
        selector = mapping(service.get("spec", "selector"))
        same = None in (service.namespace, workload.namespace) or (
            service.namespace == workload.namespace
        )
        if selector and same and selector.items() <= labels.items():
            # A Service without an address of its own is only a name of the pods.
            own = None if service.get("spec", "clusterIP") == "None" else _forwarded(service)
            where = service.locate("metadata", "name")
            places = [dict(_places(service, key)) for key in ("port", "targetPort")]
            yield from (Entrance(host, where, own, *places) for host in hosts_of(service))


def hosts_of(service: Manifest) -> Iterator[str]:
    """The host names of a Service."""
    yield service.name
    if service.namespace:
        inside = f"{service.name}.{service.namespace}"
        yield from (inside, f"{inside}.svc", f"{inside}.svc.cluster.local")


def _places(service: Manifest, key: str) -> Iterator[tuple[int, Location]]:
    """The place of a key of each port of a Service; that of the port if there is no such key."""
    for index, port in items(service.get("spec", "ports")):
        if isinstance(port.get("port"), int):
            found = key if key in port else "port"
            yield port["port"], service.locate("spec", "ports", index, found)


def _forwarded(service: Manifest) -> dict[int, int | str]:
    """The ports of pods by those of a Service."""
    return {
        port["port"]: port.get("targetPort") or port["port"]
        for _, port in items(service.get("spec", "ports"))
        if isinstance(port.get("port"), int)
    }
