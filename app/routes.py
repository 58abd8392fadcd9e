"""The addresses of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest

from app.config import Config
from app.health import Health
from app.metrics import Metrics
from app.work import burn, milliseconds


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its template, what answers, what the log calls it, how it can end."""

    template: str
    view: Callable[[], Response]
    message: str
    statuses: tuple[int, ...] = (200, 500)


@dataclass(frozen=True, slots=True)
class Views:
    """What answers, and what it needs for that."""

    config: Config
    health: Health
    metrics: Metrics

    def routes(self) -> Iterator[Route]:
        """Yield the routes that the configuration switches on."""
        yield Route("/", self.root, "Root endpoint accessed")
        yield Route("/health", self.alive, "Health checked")
        yield Route("/ready", self.ready, "Readiness checked", (200, 500, 503))
        yield Route("/metrics", self.scrape, "Metrics scraped")
        yield Route("/work", self.work, "Work done", (200, 400, 500))
        if self.config.faults:
            yield Route("/fault", self.fault, "Fault provoked", (500,))

    def root(self) -> Response:
        return jsonify(service="app", version=self.config.version)

    def alive(self) -> Response:
        return jsonify(status="alive")

    def ready(self) -> Response:
        obstacles = self.health.obstacles()
        answer = jsonify(status="not ready" if obstacles else "ready", obstacles=obstacles)
        answer.status_code = 503 if obstacles else 200
        return answer

    def scrape(self) -> Response:
        page, content_type = self.metrics.exposition(request.headers.get("Accept", ""))
        return Response(page, content_type=content_type)

    def work(self) -> Response:
        try:
            asked = milliseconds(request.args.getlist("ms"), self.config.work_limit_ms)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        burn(asked)
        return jsonify(burnt_ms=asked)

    def fault(self) -> Response:
        raise RuntimeError("this route always fails")
