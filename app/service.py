"""The parts of the service put together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from app.config import Config
from app.health import Health
from app.logs import open_log
from app.metrics import UNMATCHED, Metrics
from app.routes import Views
from app.telemetry import ERROR, ROUTE, Telemetry


@dataclass(frozen=True, slots=True)
class Parts:
    """What the server that runs the application may reach, under ``extensions["app"]``."""

    health: Health
    metrics: Metrics
    log: logging.Logger

    def attach(self, threads: int, stopping: Callable[[], bool]) -> None:
        """Learn from the server how many threads there are and whether it is stopping."""
        self.metrics.capacity.set(threads)
        self.health.stopping = stopping


def build(config: Config) -> Flask:
    """Build the application of one configuration; it shares nothing with another."""
    log = open_log(config.log_file)
    health = Health(config.log_file)
    metrics = Metrics(config.version, config.threads, config.metrics_dir)
    metrics.expect(UNMATCHED, (404, 405, 500))
    service = Flask("app", static_folder=None)
    messages = {}
    for route in Views(config, health, metrics).routes():
        service.add_url_rule(route.template, view_func=route.view, provide_automatic_options=False)
        metrics.expect(route.template, route.statuses)
        messages[route.template] = route.message
    service.before_request(_remember_route)
    service.register_error_handler(Exception, _explain)
    service.wsgi_app = Telemetry(service.wsgi_app, log, metrics, messages)  # type: ignore[method-assign]
    service.extensions["app"] = Parts(health, metrics, log)
    return service


def _remember_route() -> None:
    if request.url_rule:
        request.environ[ROUTE] = request.url_rule.rule


def _explain(error: Exception) -> Response:
    """Answer with JSON that says what was wrong with the request, and no more than that."""
    if isinstance(error, HTTPException):
        answer = jsonify(error=error.description)
        answer.status_code = error.code or 500
        answer.headers.extend(
            (name, value) for name, value in error.get_headers() if name != "Content-Type"
        )
        return answer
    request.environ[ERROR] = error
    answer = jsonify(error="the service failed to answer; its log says why")
    answer.status_code = 500
    return answer
