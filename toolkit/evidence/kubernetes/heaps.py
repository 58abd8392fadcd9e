"""The Java heaps of containers, and the memory limits they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Location
from toolkit.kubernetes.configuration import ContainerVariable, mounted, variables
from toolkit.kubernetes.quantities import mebibytes
from toolkit.kubernetes.workloads import Container, containers

_SIZE = re.compile(r"(?:-Xmx|-XX:MaxHeapSize=)(\d+)([kKmMgGtT]?)(?!\w)")
_SHARE = re.compile(r"-XX:MaxRAMPercentage=(\d+(?:\.\d+)?)")
_UNITS = {"": 2**-20, "k": 2**-10, "m": 1.0, "g": 1024.0, "t": 2.0**20}
_OPTIONS = ("ES_JAVA_OPTS", "LS_JAVA_OPTS", "JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")
_IMAGE = re.compile(
    r"(?:.*/)?(?P<name>elasticsearch|logstash)(?:-(?:oss|full|wolfi|ubi\d*))?"
    r"(?::v?(?P<major>\d+)\.(?P<minor>\d+).*|[:@].*)?"
)


@dataclass(frozen=True, slots=True)
class Heap:
    """The heap of one container; sizes in MiB."""

    container: Container
    program: str
    mebibytes: float
    needed: float
    """The memory that the container needs in total."""
    formula: str
    """The calculation of ``needed``."""
    option: str
    """The source of the setting: a variable, a file, or the image's default."""
    where: Location
    """The place of the setting; that of the limit for a default."""
    share: bool = False
    """True if it is a share of the limit."""


@dataclass(frozen=True, slots=True)
class _Setting:
    size: float
    option: str
    where: Location
    share: bool = False


def heaps(manifests: Manifests) -> Iterator[Heap]:
    """Yield the heaps of all containers that set one, or whose image has a default."""
    for workload in manifests.workloads():
        for container in containers(workload):
            found = _stated(manifests, container) or _default(container)
            if found:
                yield _sized(container, _program(container), found)


def _stated(manifests: Manifests, container: Container) -> _Setting | None:
    for option in _options(manifests, container):
        if sizes := _SIZE.findall(option.text):
            # The last one wins, as in Java.
            number, unit = sizes[-1]
            return _Setting(float(number) * _UNITS[unit.lower()], option.name, option.where)
        limit = container.limit("memory")
        if (shares := _SHARE.findall(option.text)) and limit is not None:
            size = mebibytes(limit) * float(shares[-1]) / 100
            return _Setting(size, option.name, option.where, share=True)
    return None


def _options(manifests: Manifests, container: Container) -> Iterator[ContainerVariable]:
    """Yield the settings of a heap, the strongest first: variables, arguments, ``jvm.options``."""
    found = variables(manifests.manifests, container)
    yield from (found[name] for name in _OPTIONS if name in found)
    for part in ("command", "args"):
        words = container.body.get(part)
        if isinstance(words, list):
            yield ContainerVariable(part, " ".join(map(str, words)), container.locate(part))
    for file in mounted(manifests.manifests, container):
        if "jvm.options" in file.path:
            lines = (line for line in file.text.split("\n") if not line.startswith("#"))
            yield ContainerVariable(file.name, "\n".join(lines), file.where)


def _default(container: Container) -> _Setting | None:
    """Return the default of the image; Elasticsearch 7.11 and newer goes by the limit."""
    image = _IMAGE.fullmatch(container.image)
    if image is None:
        return None
    old = image["major"] is not None and (int(image["major"]), int(image["minor"])) < (7, 11)
    if image["name"] == "elasticsearch" and not old:
        return None
    where = container.locate("resources", "limits", "memory")
    return _Setting(1024.0, "the image's default, as no option sets it", where)


def _program(container: Container) -> str:
    image = _IMAGE.fullmatch(container.image)
    name = image["name"] if image else container.name
    return name.capitalize() if name in ("elasticsearch", "logstash") else "Java"


def _sized(container: Container, program: str, heap: _Setting) -> Heap:
    match program:
        case "Elasticsearch":
            needed, formula = heap.size * 1.5 + 350, "heap × 1.5 + 350"
        case "Logstash":
            needed, formula = heap.size + 400, "heap + 400"
        case _:
            needed, formula = heap.size * 1.25 + 64, "heap × 1.25 + 64"
    where = heap.where
    return Heap(container, program, heap.size, needed, formula, heap.option, where, heap.share)
