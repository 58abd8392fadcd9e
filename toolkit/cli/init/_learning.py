"""Learns the fields of a pipeline from sample lines, for the contract of `toolkit init`."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from toolkit.cli._bugs import on_bug
from toolkit.cli.init._declared_types import as_yaml
from toolkit.connectors.files import FileSystem
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.deployment import DeploymentOf
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.files import File, FileSet
from toolkit.evidence.logs.events import Events, Record, events
from toolkit.evidence.logs.failures import failure_tags, is_parsed
from toolkit.evidence.logs.field_types import is_of_type
from toolkit.evidence.logs.lines import sample_files
from toolkit.evidence.logs.pipelines import CompiledFrom
from toolkit.evidence.logs.quantities import (
    is_label,
    is_latency,
    is_number,
    is_quantity,
    is_status,
)
from toolkit.evidence.repository import Repository
from toolkit.findings import Location
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Answers, Query, QueryFailure
from toolkit.verification import gather

_KEPT = (Repository, DeploymentOf, CompiledFrom)
"""Queries whose answers do not rest on samples."""
_GIVEN = frozenset({"message", "@timestamp"})
Ecs = Literal["disabled", "v1", "v8"]

_FIRST = 50
"""Lines by which the pipeline of a sample is chosen."""
_NOWHERE = Location("toolkit init")
_OWN = re.compile(
    r"@version|tags|type|host|event\.original|log\.offset|(?:host|agent|ecs|input|log\.file)\..*"
)


@dataclass(frozen=True, slots=True)
class Learned:
    """The fields of parsed lines with their types, and the number of lines."""

    fields: Mapping[str, str]
    """YAML by field name: ``short`` or ``{type: short, role: status}``."""
    parsed: int
    lines: int
    bare: bool = False
    """True if no parsed line has fields of its own, besides its text."""


class Learner:
    """Runs sample lines through the pipelines of a folder; each is compiled once."""

    def __init__(self, folder: Path) -> None:
        """Prepare for the files of a folder, that of the contract."""
        self._folder, self._now = folder, time.time_ns()
        self._known: dict[Query[Any], Answer[Any] | QueryFailure] = {}

    def learn(
        self,
        pipeline: tuple[str, ...],
        samples: tuple[str, ...],
        shipper: str | None = None,
        mapped: str | None = None,
        ecs: Ecs = "v8",
    ) -> Learned:
        """Run all lines of some samples through a pipeline.

        Args:
            pipeline: Globs of the configurations.
            samples: Globs of the sample lines.
            shipper: Path of a Filebeat configuration.
            mapped: Path of an index template, whose types win.
            ecs: Logstash's ``pipeline.ecs_compatibility``.

        Returns:
            The fields; none if the pipeline has faults.
        """
        expected = LogExpectation(
            declared=_NOWHERE,
            pipeline=pipeline,
            samples=samples,
            shipper=shipper,
            template=mapped,
            ecs_compatibility=ecs,
        )
        return self._learned(expected, {})

    def parsed(self, pipeline: tuple[str, ...], sample: str) -> int:
        """Return how many of the first lines of a sample a pipeline parses.

        0 if it makes no field of their texts, as a pipeline without filters.
        """
        found = self._begun(pipeline, sample)
        return 0 if found.bare else found.parsed

    def refuses(self, pipeline: tuple[str, ...], sample: str) -> bool:
        """Return whether a pipeline can be run, and parses none of the first lines."""
        found = self._begun(pipeline, sample)
        return bool(found.lines and not found.parsed)

    def _begun(self, pipeline: tuple[str, ...], sample: str) -> Learned:
        expected = LogExpectation(declared=_NOWHERE, pipeline=pipeline, samples=(sample,))
        return self._learned(expected, self._beginning(sample))

    def _learned(self, expected: LogExpectation, given: Answers) -> Learned:
        scope = Scope(Contract(declared=_NOWHERE, logs=(expected,)), str(self._folder), self._now)
        asked: dict[str, Query[Any]] = dict(events(expected, scope))
        if query := template(expected):
            asked["template"] = query
        known = {**self._known, **given}
        files = [FileSystem(self._folder)]
        answers = gather(asked.values(), files, lambda system: None, on_bug, known)
        kept = ((query, each) for query, each in answers.items() if isinstance(query, _KEPT))
        self._known |= kept
        found = {name: answers[query] for name, query in asked.items()}
        ran, types = found.get("samples"), found.get("template")
        if not isinstance(ran, Answer):
            return Learned({}, 0, 0, bare=True)
        mapping = types.evidence if isinstance(types, Answer) else None
        return _learned(ran.evidence, mapping, ran.sampled)

    def _beginning(self, sample: str) -> Answers:
        """Return the answer by which only the first lines of a sample are read."""
        with (self._folder / sample).open("rb") as lines:
            data = b"".join(islice(lines, _FIRST))
        file = File((self._folder / sample).as_posix(), data)
        query = sample_files((sample,), _NOWHERE)
        return {query: Answer(FileSet((file,)), sample, 1, query.unit)}


def template_types(folder: Path, mapped: str) -> Mapping[str, str]:
    """Return the types of a template's fields; none if it cannot be read."""
    query = template(LogExpectation(declared=_NOWHERE, template=mapped))
    answers = gather([query] if query else [], [FileSystem(folder)], lambda system: None, on_bug)
    answer = answers[query] if query else None
    if not isinstance(answer, Answer):
        return {}
    found: Template = answer.evidence
    return {name: str(found.type_of(name)) for name in found.fields()}


def _learned(ran: Events, known: Template | None, lines: int) -> Learned:
    marks = failure_tags(ran.pipeline)
    good = [record for record in ran.records if record.events and is_parsed(record, marks)]
    values: dict[str, list[Any]] = {}
    for record in good:
        for event in record.events:
            for name, value in _leaves(event):
                values.setdefault(name, []).append(value)
    typed = ((name, _type(name, seen, known), seen) for name, seen in sorted(values.items()))
    fields = {name: _declared(name, kind, seen, known) for name, kind, seen in typed if kind}
    return Learned(fields, len(good), lines, bare=not any(_own(values, good)))


def _own(values: Mapping[str, Sequence[Any]], good: Sequence[Record]) -> Iterator[str]:
    """Yield the fields that differ among the lines; of one line, those that it contains."""
    for name, seen in values.items():
        alone = len(good) == 1 and str(seen[0]) in good[0].line.text
        if name not in _GIVEN and (alone or any(each != seen[0] for each in seen)):
            yield name


def _leaves(event: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, value in event.items():
        here = (*path, name)
        if isinstance(value, Mapping):
            yield from _leaves(value, here)
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            continue
        elif value is not None and not _OWN.fullmatch(".".join(here)):
            yield ".".join(here), value


def _type(name: str, values: list[Any], known: Template | None) -> str | None:
    """The type that a field is meant to have; None where it is not clear."""
    if known and (held := known.type_of(name)):
        return held
    if name == "@timestamp":
        return "date"
    if any(isinstance(value, bool) for value in values):
        return "boolean"
    numbers = all(map(is_number, values))
    if numbers and (is_quantity(name, values) or not any(isinstance(v, str) for v in values)):
        if is_status(name, values):
            return "short"
        fraction = is_latency(name) or any("." in str(value) for value in values)
        return "float" if fraction else "long"
    if numbers and not is_label(name):
        return None
    if known and all(is_of_type(value, "date") for value in values):
        return None  # It depends on the date detection of its index.
    return "text" if known or name == "message" else "keyword"


def _declared(name: str, kind: str, values: list[Any], known: Template | None) -> str:
    other = any(isinstance(value, str) and not is_of_type(value, kind) for value in values)
    if other and known and known.type_of(name):
        return f"{{type: {kind}, coerced: true}}"
    return _with_role(name, kind, values)


def _with_role(name: str, kind: str, values: list[Any]) -> str:
    if is_status(name, values) and kind in ("short", "integer", "long"):
        return f"{{type: {kind}, role: status, between: [100, 599]}}"
    return as_yaml(name, kind)
