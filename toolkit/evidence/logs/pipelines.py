"""Logstash configurations, compiled: a pipeline that can be run, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from toolkit.errors import InputError, PipelineError
from toolkit.evidence.files import File, Files, FileSet, decode
from toolkit.findings import Finding, Location
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.nodes import Configuration
from toolkit.logstash.config.parser import parse
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline import compiler as logstash
from toolkit.logstash.source import Source
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.frozen import FrozenMapping
from toolkit.model.queries import Answer, Derived, Query

_NEIGHBOUR = 2**20
"""Pattern files and dictionaries beside a configuration are smaller than this; bytes."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pipeline, or why Logstash would not start it."""

    pipeline: logstash.Pipeline | None
    faults: tuple[Finding, ...] = ()
    configuration: Configuration | None = None
    """The syntax tree; None where the text cannot be parsed."""

    def started(self) -> logstash.Pipeline:
        """The pipeline; raises `PipelineError` where Logstash would not start it."""
        if self.pipeline is None:
            raise PipelineError(_not_started(self.faults))
        return self.pipeline


@dataclass(frozen=True, slots=True)
class CompiledFrom(Derived[Compiled]):
    """Compile the configurations of a pipeline."""

    configurations: Query[FileSet]
    neighbours: Query[FileSet]
    environment: tuple[tuple[str, str], ...] = ()
    ecs_compatibility: str = "v8"
    timezone: str = "UTC"
    now: int = 0
    """Nanoseconds since 1970."""
    stand_ins: FrozenMapping[Mapping[str, Any]] = field(default_factory=FrozenMapping)
    """Fields and values by the id of a plugin that is not emulated."""

    def derive(
        self, configurations: Answer[FileSet], neighbours: Answer[FileSet]
    ) -> Answer[Compiled]:
        sources = [
            Source(file.name, decode(file, "a configuration")) for file in configurations.evidence
        ]
        here = tuple(PurePosixPath(source.name).parent for source in sources)
        found = self._compiled(sources, self._context(neighbours.evidence, here))
        return Answer(found, configurations.origin, len(sources), "configurations")

    def _compiled(self, sources: Sequence[Source], context: Context) -> Compiled:
        tree = None
        try:
            tree = parse(sources, environment=dict(self.environment))
            _refuse_unknown(self.stand_ins, tree)
            running = logstash.compile(tree, context, stand_ins=self.stand_ins)
            return Compiled(running, configuration=tree)
        except PipelineError as error:
            return Compiled(None, error.findings, tree)

    def _context(self, neighbours: FileSet, here: tuple[PurePosixPath, ...]) -> Context:
        folder = _Folder({file.name: file for file in neighbours}, here)
        return Context(
            clock=lambda: self.now,
            random=Random(0),
            read_file=folder.read,
            list_files=folder.names,
            ecs_compatibility=self.ecs_compatibility,  # type: ignore[arg-type]
            timezone=ZoneInfo(self.timezone),
        )


@dataclass(frozen=True, slots=True)
class _Folder:
    """The files around a configuration, found by the paths of another machine.

    A path such as ``/usr/share/logstash/patterns/app`` is looked for as it is, then by ever
    shorter ends: ``share/logstash/patterns/app``, …, ``patterns/app``. Of several folders that
    answer to it, the nearest to a configuration is meant.
    """

    files: Mapping[str, File]
    here: tuple[PurePosixPath, ...]
    """The folders of the configurations."""

    def read(self, path: str) -> bytes:
        """The bytes of the file; raises `FileNotFoundError`."""
        for name in self.names(path):
            return self.files[name].data
        raise FileNotFoundError(f"no file here answers to {path}")

    def names(self, glob: str) -> Sequence[str]:
        """The names of the files ``glob`` stands for, sorted."""
        parts = [part for part in PurePosixPath(glob).parts if part not in ("/", ".", "..")]
        for start in range(len(parts)):
            end = "/".join(parts[start:])
            found = [name for name in self.files if _ends(name, end)]
            if found and (start < len(parts) - 1 or len(parts) == 1):
                return self._nearest(found, end.count("/") + 1)
        return []

    def _nearest(self, names: Sequence[str], depth: int) -> Sequence[str]:
        """Those of ``names`` whose folder, ``depth`` parts up, is nearest."""
        bases = {name: PurePosixPath(name).parents[depth - 1] for name in names}
        nearest = min(sorted(set(bases.values())), key=self._distance)
        return sorted(name for name, base in bases.items() if base == nearest)

    def _distance(self, base: PurePosixPath) -> int:
        return min(len(_apart(base, folder)) for folder in self.here)


def _apart(one: PurePosixPath, other: PurePosixPath) -> tuple[str, ...]:
    """The parts of both paths behind those they share."""
    shared = 0
    for left, right in zip(one.parts, other.parts, strict=False):
        if left != right:
            break
        shared += 1
    return (*one.parts[shared:], *other.parts[shared:])


def _ends(name: str, end: str) -> bool:
    depth = end.count("/") + 1
    tail = "/".join(PurePosixPath(name).parts[-depth:])
    return fnmatchcase(tail, end)


def pipeline(expected: LogExpectation, now: int, timezone: str = "UTC") -> Query[Compiled] | None:
    """The pipeline the contract names, on a machine in ``timezone``; None without one."""
    if not expected.pipeline:
        return None
    return CompiledFrom(
        Files(expected.pipeline, expected.declared, "configurations"),
        Files(_around(expected.pipeline), expected.declared, optional=True, largest=_NEIGHBOUR),
        tuple(sorted(expected.environment.items())),
        expected.ecs_compatibility,
        timezone,
        now,
        FrozenMapping(expected.stand_ins),
    )


def _around(globs: Sequence[str]) -> tuple[str, ...]:
    """Where files that a configuration names may lie: beside it, below, and beside its folder."""
    found = dict.fromkeys(("patterns/**/*",))
    for glob in globs:
        folder = PurePosixPath(glob).parent
        above = folder.parent if folder.parent != PurePosixPath() else folder
        found |= dict.fromkeys(
            ("*", "*/*") if folder == PurePosixPath() else (f"{above}/**/*", f"{folder}/**/*")
        )
    return tuple(found)


def _refuse_unknown(stand_ins: Mapping[str, Any], tree: Configuration) -> None:
    """Raise `InputError` for a stand-in that stands for no plugin."""
    plugins = [node for node in nodes.walk(tree) if isinstance(node, nodes.Plugin)]
    ids = {str(attributes.values(each).get("id")) for each in plugins}
    for name in stand_ins:
        if name not in ids:
            near = get_close_matches(name, ids, n=1)
            raise InputError(
                Finding(
                    what=f"no plugin has the id `{name}` that a stand-in is given for",
                    where=Location("stand_ins"),
                    why="a stand-in takes the place of the plugin with its id",
                    fix=f"did you mean `{near[0]}`?" if near else "give that plugin its `id`.",
                )
            )


def _not_started(faults: Sequence[Finding]) -> Finding:
    first = faults[0]
    return Finding(
        what="Logstash would not start this pipeline, so no line goes through it",
        where=first.where,
        why=first.what,
        fix="correct the configuration first.",
        follows=("pipeline",),
    )
