"""The heaps of Java and Node.js in containers, and the memory limits they need."""

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
_OLD_SPACE = re.compile(r"--max[-_]old[-_]space[-_]size[= ](\d+)")
_IGNORED = ("JAVA_OPTS", "JAVA_TOOL_OPTIONS")
"""Variables that the start scripts of Elasticsearch and Logstash leave out."""
_OPTIONS = (
    "NODE_OPTIONS",
    *("ES_JAVA_OPTS", "LS_JAVA_OPTS", "JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"),
)
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
    hidden_by: str = ""
    """Why the setting has no effect, if another one has precedence."""


@dataclass(frozen=True, slots=True)
class _Setting:
    size: float
    option: str
    where: Location
    share: bool = False
    program: str = ""
    """That of the option, if it is not that of the image."""


def heaps(manifests: Manifests) -> Iterator[Heap]:
    """Yield the heaps of all containers that set one, or whose image has a default."""
    return (each for each in settings(manifests) if not each.hidden_by)


def settings(manifests: Manifests) -> Iterator[Heap]:
    """Yield all settings of heaps, also those that have no effect because of others."""
    for workload in manifests.workloads():
        for container in containers(workload):
            yield from _settings(manifests, container)


def _settings(manifests: Manifests, container: Container) -> Iterator[Heap]:
    program = _program(container)
    stated = list(_stated(manifests, container))
    default = _default(container)
    java = [each for each in stated if not each.program]
    ignored = [e for e in java if program != "Java" and e.option in _IGNORED]
    heeded = [each for each in java if each not in ignored]
    # A size goes before a share, wherever the two are.
    first = next(iter(sorted(heeded, key=lambda each: each.share)), default)
    for each in [*stated, *([default] if default and first is default else ())]:
        hidden = ""
        if each in ignored:
            hidden = f"{program} itself ignores {each.option}"
        elif each in heeded and each is not first:
            hidden = f"{first.option if first else ''} has precedence"
        yield _sized(container, each.program or program, each, hidden)


def _stated(manifests: Manifests, container: Container) -> Iterator[_Setting]:
    limit = container.limit("memory")
    for option in _options(manifests, container):
        # The last one counts, as in Java.
        if sizes := _SIZE.findall(option.text):
            number, unit = sizes[-1]
            yield _Setting(float(number) * _UNITS[unit.lower()], option.name, option.where)
        elif (shares := _SHARE.findall(option.text)) and limit is not None:
            size = mebibytes(limit) * float(shares[-1]) / 100
            yield _Setting(size, option.name, option.where, share=True)
        elif spaces := _OLD_SPACE.findall(option.text):
            yield _Setting(float(spaces[-1]), option.name, option.where, program="Node.js")


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


def _sized(container: Container, program: str, heap: _Setting, hidden: str) -> Heap:
    match program:
        case "Elasticsearch":
            needed, formula = heap.size * 1.5 + 350, "heap × 1.5 + 350"
        case "Logstash":
            needed, formula = heap.size + 400, "heap + 400"
        case "Node.js":
            needed, formula = heap.size + 64, "heap + 64"
        case _:
            needed, formula = heap.size * 1.25 + 64, "heap × 1.25 + 64"
    return Heap(
        *(container, program, heap.size, needed, formula, heap.option, heap.where, heap.share),
        hidden_by=hidden,
    )
