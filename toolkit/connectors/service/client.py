"""Sends raw requests and reads what is answered; one connection for each."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

from toolkit.errors import Unavailable
from toolkit.evidence.service.traffic import Exchange, Request
from toolkit.findings import Finding, Location

_REFUSALS = frozenset({400, 405, 408, 411, 413, 414, 417, 421, 431, 501, 505})
_ANYBODYS = frozenset(
    {"server", "date", "connection", "content-type", "content-length", "transfer-encoding"}
)


_LARGEST = 64 * 2**20
"""No answer has more bytes."""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int | None
    headers: frozenset[str]
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class ServiceClient:
    """A client of the service on ``port`` of this machine."""

    port: int
    timeout: float = 10.0
    """Seconds for one answer."""
    at_once: int = 4
    own: list[int] = field(default_factory=list, compare=False)
    """The statuses of what was asked by `text` and `status`."""

    def text(self, path: str) -> str:
        """The body of ``GET path``; raises `Unavailable` unless it is answered with 200."""
        reply = self._ask(path)
        if reply.status != 200:
            raise Unavailable(_no_text(path, self.port, reply))
        return reply.body.decode("utf-8", "replace")

    def status(self, path: str) -> int | None:
        """Return the status of ``GET path``; None without a response."""
        return self._ask(path).status

    def _ask(self, path: str) -> _Reply:
        reply = self._exchange(_get(path, self.port))
        self.own.extend([] if reply.status is None else [reply.status])
        return reply

    def send_all(self, requests: Iterable[Request]) -> tuple[Exchange, ...]:
        """Send the requests concurrently, and return the response of each."""
        with ThreadPoolExecutor(self.at_once) as pool:
            replies = list(pool.map(self._timed, requests))
        ordinary = [
            reply.headers - _ANYBODYS
            for request, _, reply in replies
            if request.expected is not None and reply.status is not None
        ]
        own = frozenset.intersection(*ordinary) if ordinary else frozenset()
        return tuple(
            Exchange(request, reply.status, reply.seconds, sent, _from_application(reply, own))
            for request, sent, reply in replies
        )

    def _timed(self, request: Request) -> tuple[Request, float, _Reply]:
        return request, time.time(), self._exchange(request.raw)

    def _exchange(self, raw: bytes) -> _Reply:
        started = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", self.port), self.timeout) as connection:
                connection.sendall(raw)
                response = HTTPResponse(connection, method="GET")
                response.begin()
                names = frozenset(name.lower() for name, _ in response.getheaders())
                body = _read(response, started + self.timeout)
        except (OSError, HTTPException):
            return _Reply(None, frozenset(), b"", time.monotonic() - started)
        return _Reply(response.status, names, body, time.monotonic() - started)


def _read(response: HTTPResponse, end: float) -> bytes:
    """The body; raises `HTTPException` for one that is too large, or does not end in time."""
    parts, size = list[bytes](), 0
    while part := response.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > _LARGEST or time.monotonic() > end:
            raise HTTPException("the body does not end")
    return b"".join(parts)


def _from_application(reply: _Reply, own: frozenset[str]) -> bool:
    """Return True if the application responded: by the headers only it sets, else by status."""
    if reply.status is None:
        return False
    return own <= reply.headers if own else reply.status not in _REFUSALS


def _get(path: str, port: int) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()


def _no_text(path: str, port: int, reply: _Reply) -> Finding:
    outcome = "no response" if reply.status is None else f"HTTP {reply.status}"
    return Finding(
        what=f"`GET {path}` returned no text: {outcome}",
        where=Location(f"service:{path}"),
        why="according to the contract the service exports its metrics there",
        fix="correct `metrics:` in the contract, or the service.",
    )
