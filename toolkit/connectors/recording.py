"""Keeps what was observed in a file, and answers from it later: only leaves are recorded.

The file is JSON Lines, one leaf each: ``system``, ``key``, ``at`` and either ``evidence``
with ``origin``, ``sampled``, ``unit``, or ``unanswered`` with the findings of the failure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.connectors import Batch, Connector
from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.forms import plain, restored
from toolkit.model.queries import Answer, Leaf, QueryFailure


def recorded(connectors: Iterable[Connector], path: Path) -> list[Connector]:
    """Wrap ``connectors`` so that all they answer is written to ``path``."""
    path.write_text("", "utf-8")
    return [_Recorder(connector, path, connector.system) for connector in connectors]


def replayed(path: Path) -> list[Connector]:
    """Connectors that answer from the recording at ``path``; raises `InputError`."""
    by_system: dict[str, dict[str, dict[str, Any]]] = {}
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        try:
            entry = json.loads(line)
            by_system.setdefault(entry["system"], {})[entry["key"]] = entry
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError.of(
                what="the file is no recording",
                where=Location(path.as_posix(), number, 1, line[:200]),
                why="each line of a recording is a JSON object with `system` and `key`",
                fix="give a file that `toolkit verify --record` wrote.",
            ) from error
    return [_Replay(entries, path, system) for system, entries in by_system.items()]


@dataclass(frozen=True, slots=True)
class _Recorder:
    connector: Connector
    path: Path
    system: str

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        answers = self.connector.answer(queries)
        lines = [
            json.dumps(_entry(query, answer)) + "\n"
            for query, answer in answers.items()
            if not (isinstance(answer, QueryFailure) and answer.declined)
        ]
        with self.path.open("a", encoding="utf-8") as file:
            file.write("".join(lines))
        return answers

    def close(self) -> None:
        self.connector.close()


@dataclass(frozen=True, slots=True)
class _Replay:
    entries: Mapping[str, Mapping[str, Any]]
    path: Path
    system: str

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return {query: self._answer(query) for query in queries}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Leaf[Any]) -> Answer[Any] | QueryFailure:
        entry = self.entries.get(query.key)
        if entry is None:
            return QueryFailure((_not_recorded(self.path, query),))
        try:
            if "unanswered" in entry:
                return QueryFailure(restored(tuple[Finding, ...], entry["unanswered"]))
            evidence = restored(query.evidence, entry["evidence"])
            origin = f"{entry['origin']} (recorded {entry['at']})"
            return Answer(evidence, origin, entry["sampled"], entry["unit"])
        except (ValueError, TypeError, LookupError) as error:
            return QueryFailure((_of_another_form(self.path, query, error),))


def _entry(query: Leaf[Any], answer: Answer[Any] | QueryFailure) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    head = {"system": query.system, "key": query.key, "at": at}
    if isinstance(answer, QueryFailure):
        return {**head, "unanswered": plain(answer.findings)}
    looked = {"origin": answer.origin, "sampled": answer.sampled, "unit": answer.unit}
    return {**head, **looked, "evidence": plain(answer.evidence)}


def _not_recorded(path: Path, query: Leaf[Any]) -> Finding:
    return Finding(
        what=f"the recording holds nothing of {query.system}: `{query.key}`",
        where=Location(path.as_posix()),
        why="a replay answers only what was asked when it was recorded",
        fix="record again with `toolkit verify --record`.",
    )


def _of_another_form(path: Path, query: Leaf[Any], error: Exception) -> Finding:
    return Finding(
        what=f"the recording of {query.system} `{query.key}` cannot be read",
        where=Location(path.as_posix()),
        why=f"its evidence has another form ({type(error).__name__}: {error})",
        fix="record again with `toolkit verify --record`.",
    )
