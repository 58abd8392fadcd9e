"""Turns the requests a contract promises into the bytes that are sent."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.evidence.service.hostile import hostile_requests
from toolkit.evidence.service.traffic import Request
from toolkit.model.expectations.service import RequestExpectation, ServiceExpectation


def requests_of(expected: ServiceExpectation, port: int, run: str) -> Iterator[Request]:
    """Yield all requests of a run, each with an id of its own.

    Args:
        expected: The requests of the contract.
        port: The port of the service on this machine.
        run: The id of the run, part of the id of each request.
    """
    number = 0
    for promise in expected.requests:
        if promise.hostile:
            yield from hostile_requests(run)
            continue
        for _ in range(promise.times):
            number += 1
            yield _request(promise, port, f"toolkit-{run}-{number:05d}")


def _request(promise: RequestExpectation, port: int, request_id: str) -> Request:
    method, target = ("POST", promise.post) if promise.post is not None else ("GET", promise.get)
    body = promise.body.encode()
    headers = {
        "Host": f"127.0.0.1:{port}",
        "User-Agent": "toolkit",
        "X-Request-ID": request_id,
        "Connection": "close",
        **({"Content-Length": str(len(body))} if body or method == "POST" else {}),
        **promise.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    raw = f"{method} {target or '/'} HTTP/1.1\r\n{head}\r\n".encode() + body
    return Request(f"{method} {target or '/'}", raw, promise.status, request_id)
