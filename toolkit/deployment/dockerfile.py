"""Dockerfiles: the image a stage starts from, its environment and the files copied into it.

Source: the Dockerfile reference.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from toolkit.deployment.site import Image, Mount, Port
from toolkit.deployment.tree import Tree, resolved
from toolkit.deployment.variables import Variable, interpolate, values_of
from toolkit.findings import Location
from toolkit.languages.positioned import Place, placed_in

_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_INSTRUCTION = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+(.*)", re.DOTALL)


class Instruction(NamedTuple):
    """One instruction, its lines joined."""

    name: str
    """In upper case."""
    arguments: str
    at: int
    """The offset of its first character."""


@dataclass(frozen=True, slots=True)
class Built:
    """An image that a Dockerfile builds."""

    image: Image | None = None
    """The image of the first stage that it rests on."""
    environment: Mapping[str, Variable] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    command: tuple[str, ...] = ()
    folder: str = "/"
    """The working directory."""


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions without comments and the bodies of here-documents."""
    at, start, joined, until = 0, 0, "", ""
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if until:
            until = "" if stripped == until else until
        elif joined or (stripped and not stripped.startswith("#")):
            start = start if joined else at
            if stripped.endswith("\\"):
                joined += stripped[:-1] + " "
            elif not stripped.startswith("#"):
                if found := _INSTRUCTION.match(joined + stripped):
                    yield Instruction(found[1].upper(), found[2].strip(), start)
                    heredoc = _HEREDOC.search(found[2])
                    until = heredoc[1] if heredoc else ""
                joined = ""
        at += len(line)


def read_dockerfile(
    tree: Tree, path: str, context: str, arguments: Mapping[str, str], target: str = ""
) -> Built:
    """Read the image that a Dockerfile builds.

    Args:
        tree: The repository.
        path: The Dockerfile in it.
        context: The folder of the repository that COPY copies from.
        arguments: The build arguments by name.
        target: The name of the stage that is built; the last one if empty.
    """
    text = tree.text(path)
    reader = _Reader(tree, context, arguments, placed_in(tree.shown(path), text))
    for instruction in instructions(text):
        if instruction.name == "FROM" and target and reader.name == target.lower():
            break
        reader.read(instruction)
    return reader.built


class _Reader:
    """Reads the instructions in order."""

    def __init__(
        self, tree: Tree, context: str, arguments: Mapping[str, str], place: Place
    ) -> None:
        self.tree, self.context, self.given, self.place = tree, context, arguments, place
        self.arguments: dict[str, str] = {}
        self.stages: dict[str, Built] = {}
        self.built = Built()
        self.name = ""

    def read(self, instruction: Instruction) -> None:
        """Apply one instruction; those without effect on files and variables are passed over."""
        where = self.place(instruction.at, len(instruction.name))
        match instruction.name:
            case "ARG":
                self._argument(instruction.arguments)
            case "FROM":
                self._from(instruction.arguments, where)
            case "ENV":
                self._environment(instruction.arguments, where)
            case "WORKDIR":
                folder = str(
                    PurePosixPath(self.built.folder) / self._filled(instruction.arguments)
                )
                self.built = replace(self.built, folder=folder)
            case "COPY" | "ADD":
                self._copy(instruction.arguments, where)
            case "EXPOSE":
                ports = [part.partition("/")[0] for part in instruction.arguments.split()]
                added = (Port(int(port)) for port in ports if port.isdigit())
                self.built = replace(self.built, ports=(*self.built.ports, *added))
            case "CMD" | "ENTRYPOINT":
                self.built = replace(self.built, command=_words(instruction.arguments))

    def _lookup(self, name: str) -> str | None:
        known = {**self.arguments, **values_of(self.built.environment)}
        return known.get(name)

    def _filled(self, text: str) -> str:
        return interpolate(text, self._lookup)[0] or text

    def _argument(self, text: str) -> None:
        name, given, default = text.partition("=")
        if name in self.given:
            self.arguments[name] = self.given[name]
        elif given:
            self.arguments[name] = self._filled(default.strip("\"'"))

    def _from(self, text: str, where: Location) -> None:
        words = [word for word in text.split() if not word.startswith("--")]
        name = self._filled(words[0])
        self.name = words[2].lower() if len(words) > 2 else str(len(self.stages))
        base = self.stages.get(name.lower())
        self.built = base or Built(image=Image(name, where))
        self.stages[self.name] = self.built

    def _environment(self, text: str, where: Location) -> None:
        found = dict(self.built.environment)
        words = _words(text)
        if words and "=" not in words[0]:
            name, _, value = text.partition(" ")
            words = (f"{name}={value.strip()}",)
        for word in words:
            name, _, raw = word.partition("=")
            filled, missing = interpolate(raw, self._lookup)
            reason = f"it needs {', '.join(f'`{each}`' for each in missing)}" if missing else ""
            found[name] = Variable(filled, where, reason)
        self.built = replace(self.built, environment=found)
        self.stages[self.name] = self.built

    def _copy(self, text: str, where: Location) -> None:
        words = _words(text)
        flags = [word for word in words if word.startswith("--")]
        *sources, target = [self._filled(word) for word in words if word not in flags] or [""]
        stage = next((f.partition("=")[2] for f in flags if f.startswith("--from=")), "")
        found = [
            mount
            for source in sources
            for mount in self._copied(source, target, len(sources) > 1, stage, where)
        ]
        self.built = replace(self.built, mounts=(*self.built.mounts, *found))
        self.stages[self.name] = self.built

    def _copied(
        self, source: str, target: str, several: bool, stage: str, where: Location
    ) -> Iterator[Mount]:
        absolute = str(PurePosixPath(self.built.folder) / target)
        if stage or source.startswith(("http://", "https://", "git@", "<<")):
            yield Mount(absolute, None, where, reason=f"`{source}` is not copied from this folder")
            return
        pattern = resolved(self.context, source.lstrip("/"))
        if pattern is None:
            return
        names = [pattern] if pattern in self.tree or pattern in self.tree.folders else []
        for name in names or self.tree.matching(pattern):
            is_file = name in self.tree
            inside = is_file and (several or target.endswith(("/", ".")) or not names)
            end = f"{absolute.rstrip('/')}/{PurePosixPath(name).name}" if inside else absolute
            yield Mount(end, name, where)


def _words(text: str) -> tuple[str, ...]:
    """The words of an instruction in either of its forms."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            return ()
        return tuple(map(str, found)) if isinstance(found, list) else ()
    try:
        return tuple(shlex.split(text, posix=True))
    except ValueError:
        return tuple(text.split())
