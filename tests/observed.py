"""Connectors that answer from the blocks of a case instead of from the world."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from tests.kibana.cases import capabilities
from toolkit.evidence.elasticsearch.es_simulate import SimulatedDocuments, SimulationState
from toolkit.evidence.elasticsearch.indices import LiveIndex, LiveState
from toolkit.evidence.files import File, Files, FileSet
from toolkit.evidence.kibana.field_caps import FieldCaps
from toolkit.evidence.kubernetes.arrangement import Rendering, Renderings, RenderQuery
from toolkit.evidence.repository import Repository, RepositoryFiles
from toolkit.evidence.service.traffic import Exchange, Request, ServiceRun, Traffic
from toolkit.findings import Finding
from toolkit.model.queries import Answer, Leaf, QueryFailure


@dataclass(frozen=True)
class CaseFiles:
    """The blocks of a case as files."""

    blocks: Mapping[str, str]
    system: str = "files"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        return {query: self._answer(query) for query in queries}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Leaf[Any]) -> Answer[Any] | QueryFailure:
        if isinstance(query, Repository):
            return Answer(RepositoryFiles(self._files("*")), "the case", len(self.blocks), "files")
        if isinstance(query, RenderQuery):
            outputs = (Rendering(e.folder, "", "it is not rendered") for e in query.targets)
            return Answer(Renderings(tuple(outputs)), "the case", 0, "renderings")
        assert isinstance(query, Files)
        found = self._files(*query.globs)
        if not found and not query.optional:
            missing = f"`{query.globs[0]}` names no file"
            return QueryFailure((Finding(missing, query.declared, "it is not there", "add it."),))
        return Answer(FileSet(found), ", ".join(query.globs), len(found), query.unit)

    def _files(self, *globs: str) -> tuple[File, ...]:
        return tuple(
            File(name, text.encode("utf-8", "surrogateescape"))
            for name, text in sorted(self.blocks.items())
            if any(fnmatch(name, glob.removeprefix("**/")) for glob in globs)
        )


@dataclass(frozen=True)
class CaseService:
    """The blocks ``log``, ``before``, ``after`` and ``exchanges`` as a run of a service.

    A line of ``exchanges`` is ``GET /path 200``, then what is not as usual: ``x3`` three
    times, ``0.5s`` its time, ``id=abc`` its marker, ``refused`` by the server, ``hostile``. One
    that ends in ``own`` is a request of the toolkit itself.
    """

    blocks: Mapping[str, str]
    system: str = "service"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        return {query: self._answer(query) for query in queries if isinstance(query, ServiceRun)}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: ServiceRun) -> Answer[Traffic]:
        before = self.blocks.get("before", self.blocks.get("after", ""))
        after = self.blocks.get("after", "")
        exchanges = tuple(_exchanges(self.blocks.get("exchanges", "GET / 200\n")))
        traffic = Traffic(
            exchanges=exchanges,
            log_name=query.expectation.log or "",
            log=self.blocks.get("log", "").encode("utf-8", "surrogateescape"),
            scrapes=(before, before, after, after),
            started_at=1_767_994_800.0,
            stopped_at=1_768_077_600.0,
            exit_code=None if "never ends" in self.blocks.get("exchanges", "") else 0,
            timezone="Asia/Kathmandu",
            own=tuple(_own(self.blocks.get("exchanges", ""))),
        )
        return Answer(traffic, "the service started here", len(exchanges), "requests")


def _own(block: str) -> Iterator[int]:
    for line in block.splitlines():
        if line.endswith(" own"):
            yield int(line.split()[2])


def _exchanges(block: str) -> Iterator[Exchange]:
    for line in block.splitlines():
        if line == "never ends" or line.endswith(" own"):
            continue
        method, path, status, *odd = line.split()
        request = f"{method} {path}"
        seconds = next((float(o[:-1]) for o in odd if o[0].isdigit()), 0.01)
        marker = next((o[3:] for o in odd if o.startswith("id=")), "")
        expected = next((int(o[7:]) for o in odd if o.startswith("wanted=")), int(status))
        for number in range(next((int(o[1:]) for o in odd if o[0] == "x"), 1)):
            yield Exchange(
                Request(
                    request,
                    f"{request} HTTP/1.1\r\n\r\n".encode(),
                    None if "hostile" in odd else expected,
                    marker or f"id-{line}-{number}",
                ),
                None if status == "0" else int(status),
                seconds,
                1_768_000_000.0,
                "refused" not in odd,
            )


@dataclass(frozen=True)
class CaseElasticsearch:
    """The block ``elasticsearch`` as what a server answers: ``indices``, ``search``.

    ``simulation`` lists what it would make of each event; without it, it takes them all.
    """

    blocks: Mapping[str, str]
    system: str = "elasticsearch"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        held = json.loads(self.blocks["elasticsearch"])
        found: dict[Leaf[Any], Answer[Any] | QueryFailure] = {}
        for query in queries:
            if isinstance(query, LiveIndex):
                found[query] = self._state(query, held)
            elif isinstance(query, SimulatedDocuments):
                found[query] = self._simulated(query, held)
            elif isinstance(query, FieldCaps):
                found[query] = capabilities(query, held["indices"])
        return found

    def close(self) -> None:
        """Nothing is ever under way."""

    def _state(self, query: LiveIndex, held: Any) -> Answer[LiveState]:
        state = LiveState(json.dumps(held["indices"]), json.dumps(held.get("search", {})))
        origin = f"{query.index} at localhost:9200"
        return Answer(state, origin, len(held["indices"]), "index mappings")

    def _simulated(self, query: SimulatedDocuments, held: Any) -> Answer[SimulationState]:
        *documents, _ = query.documents
        canary = {"error": {"type": "document_parsing_exception", "reason": "no number"}}
        found = [*held.get("simulation", [{}] * len(documents)), canary]
        origin = f"{query.index} at localhost:9200"
        return Answer(SimulationState(json.dumps(found)), origin, len(found), "events")
