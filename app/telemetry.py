"""One log line and one count for every request the application answers."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

if TYPE_CHECKING:
    from types import TracebackType

    from app.metrics import Metrics

ROUTE = "app.route"
"""The key, in the environment of a request, for the template of the route that took it."""
ERROR = "app.error"
"""The key for the exception that broke it."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FAILURES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    500: "Unhandled exception",
    503: "Not ready",
}


class Telemetry:
    """WSGI middleware: measures, logs and counts, and gives each answer its request id.

    `/metrics` and the probes are no exception, so that requests answered, lines written and
    the increase of `http_requests_total` are one number. Both are done before the first byte
    goes out: whoever has an answer finds it in the log and on the next scrape. Log and
    histogram show the same measurement, in milliseconds and in seconds.
    """

    def __init__(
        self,
        application: WSGIApplication,
        log: logging.Logger,
        metrics: Metrics,
        messages: Mapping[str, str],
    ) -> None:
        self._application = application
        self._log = log
        self._metrics = metrics
        self._messages = messages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        request_id = _request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        environ["PATH_INFO"] = environ["PATH_INFO"] or "/"
        statuses: list[int] = []

        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = None,
        ) -> object:
            statuses.append(int(status[:3]))
            return start_response(status, [*headers, ("X-Request-ID", request_id)], exc_info)

        with self._metrics.in_flight.track_inprogress():
            body = self._application(environ, start)  # type: ignore[arg-type]
            seconds = round(time.perf_counter() - started, 6)
        self._record(environ, statuses[-1], seconds, request_id)
        return body

    def _record(
        self, environ: WSGIEnvironment, status: int, seconds: float, request_id: str
    ) -> None:
        method, route = environ["REQUEST_METHOD"], environ.get(ROUTE)
        self._metrics.count(method, route, status, seconds)
        self._log.log(
            _level(status),
            _FAILURES.get(status) or self._messages.get(route or "", "Request answered"),
            exc_info=environ.get(ERROR),
            extra={
                "fields": {
                    "method": method,
                    "path": environ["PATH_INFO"].encode("latin-1"),
                    "status": status,
                    "latency_ms": f"{seconds * 1000:.3f}",
                    "request_id": request_id,
                }
            },
        )


def _request_id(offered: str) -> str:
    """Take the caller's id if it is well formed, to follow a request across services."""
    return offered if _REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex


def _level(status: int) -> int:
    match status // 100:
        case 5:
            return logging.ERROR
        case 4:
            return logging.WARNING
        case _:
            return logging.INFO
