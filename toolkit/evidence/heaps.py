"""The Java heaps of containers, and the memory that must hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.evidence.manifests import Manifests
from toolkit.kubernetes.manifests import dig
from toolkit.kubernetes.workloads import Container, containers

__all__ = ["Heap", "heaps", "variables_of"]

_XMX = re.compile(r"-Xmx(\d+)([kKmMgG]?)")
_UNITS = {"": 2**-20, "k": 2**-10, "m": 1.0, "g": 1024.0}
_OPTIONS = ("ES_JAVA_OPTS", "LS_JAVA_OPTS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
_LOGSTASH_DEFAULT = 1024.0
"""MiB that Logstash's image takes where no option says otherwise."""


@dataclass(frozen=True, slots=True)
class Heap:
    """The heap of one container; sizes in MiB."""

    container: Container
    program: str
    mebibytes: float
    needed: float
    """What the container needs in all."""
    option: str
    """What sets it: a variable's name, or the image's default."""
    reason: str


def heaps(manifests: Manifests) -> Iterator[Heap]:
    """The heaps of all containers that set one, or whose image has a default.

    Elasticsearch sizes its heap by the limit itself where no option says otherwise.
    """
    for workload in manifests.workloads():
        for container in containers(workload):
            found = _heap(manifests, container)
            if found:
                yield found


def _heap(manifests: Manifests, container: Container) -> Heap | None:
    program = _program(container)
    variables = variables_of(manifests, container)
    for option in _OPTIONS:
        sizes = _XMX.findall(variables.get(option, ""))
        if sizes:
            # The last one wins, as in Java.
            number, unit = sizes[-1]
            return _sized(container, program, float(number) * _UNITS[unit.lower()], option)
    if program == "Logstash":
        return _sized(container, program, _LOGSTASH_DEFAULT, "LS_JAVA_OPTS; the image's default")
    return None


def _sized(container: Container, program: str, size: float, option: str) -> Heap:
    match program:
        case "Elasticsearch":
            return Heap(container, program, size, size * 1.5 + 350, option, "heap × 1.5 + 350")
        case "Logstash":
            return Heap(container, program, size, size + 400, option, "heap + 400")
        case _:
            return Heap(container, program, size, size * 1.25 + 64, option, "heap × 1.25 + 64")


def _program(container: Container) -> str:
    image = str(container.body.get("image", "")).rpartition("/")[2]
    for program in ("Elasticsearch", "Logstash"):
        if program.lower() in image or program.lower() in container.name:
            return program
    return "Java"


def variables_of(manifests: Manifests, container: Container) -> dict[str, str]:
    """The environment of a container, ConfigMaps it refers to read as well."""
    maps = {
        each.name: each.get("data") or {}
        for each in manifests.of("ConfigMap")
        if manifests.together(each, container.workload)
    }
    found: dict[str, str] = {}
    for source in container.body.get("envFrom") or ():
        found |= maps.get(str(dig(source, "configMapRef", "name")), {})
    for each in container.body.get("env") or ():
        key = dig(each, "valueFrom", "configMapKeyRef", "key")
        if key is not None:
            name = str(dig(each, "valueFrom", "configMapKeyRef", "name"))
            found[str(each.get("name"))] = str(maps.get(name, {}).get(key, ""))
    return found | container.environment()
