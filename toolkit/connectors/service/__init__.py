"""Starts a service on this machine, sends it its requests, and stops it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.service.client import ServiceClient
from toolkit.connectors.service.process import ServiceProcess
from toolkit.connectors.service.requests import requests_of
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Answer, Leaf

__all__ = ["LocalService"]

_ODD_ZONE = "Asia/Kathmandu"
"""UTC+05:45: a service that logs local time is found out wherever the toolkit runs."""


@dataclass(frozen=True, slots=True)
class LocalService:
    """Runs services as processes of this machine, one after the other."""

    folder: Path
    system: ClassVar[str] = "service"
    _under_way: list[ServiceProcess] = field(default_factory=list, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return answer_each(self._answer, queries)

    def close(self) -> None:
        """Kill the service that runs; who waits for it then learns that it has ended."""
        for process in tuple(self._under_way):
            process.kill()

    def _answer(self, query: ServiceRun) -> Answer[Traffic]:
        traffic = self._run(query.expectation)
        return Answer(traffic, "the service started here", len(traffic.exchanges), "requests")

    def _run(self, expected: ServiceExpectation) -> Traffic:
        with tempfile.TemporaryDirectory(prefix="toolkit-") as scratch:
            zone = expected.environment.get("TZ", _ODD_ZONE)
            process = ServiceProcess.start(expected, self.folder, Path(scratch), zone)
            self._under_way.append(process)
            try:
                return self._observe(expected, process, zone)
            finally:
                process.kill()
                self._under_way.remove(process)

    def _observe(
        self, expected: ServiceExpectation, process: ServiceProcess, zone: str
    ) -> Traffic:
        started = time.time()
        client = ServiceClient(process.port)
        process.wait_until_ready(client, expected.ready)
        scrapes = [client.text(expected.metrics) for _ in range(2)] if expected.metrics else []
        exchanges = client.send_all(requests_of(expected, process.port, uuid4().hex[:8]))
        after = [client.text(expected.metrics) for _ in range(2)] if expected.metrics else []
        exit_code = process.stop(expected.stop_within)
        return Traffic(
            exchanges=exchanges,
            log_name=expected.log or "",
            log=process.log(expected.log),
            scrapes=(*scrapes, *after),
            started_at=started,
            stopped_at=time.time(),
            exit_code=exit_code,
            timezone=zone,
            own=tuple(client.own),
        )
