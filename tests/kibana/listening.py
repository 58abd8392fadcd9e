"""Listens on a free port of this machine, and can do all that goes wrong on the way."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.parser import BytesParser
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What becomes of a request instead of its answer."""

    RESET = "the connection is reset"
    SLOW = "there is no answer for a long time"
    DRIP = "the answer comes a byte at a time"
    CUT = "the body is cut off"
    SHORT = "the body is cut off, and its length corrected"
    STARTING = "it starts"
    BUSY = "it is too busy"
    EXPIRED = "the session is expired"
    FORBIDDEN = "it is not allowed"
    LOGIN = "it sends people to the page where they log in"
    MOVED = "it is under another path"
    PAGE = "a proxy shows a page"


_ANSWERS: Mapping[Fault, tuple[int, str, str]] = {
    Fault.STARTING: (503, "", "Kibana server is not ready yet"),
    Fault.BUSY: (429, "", '{"statusCode":429,"error":"Too Many Requests","message":"later"}'),
    Fault.EXPIRED: (
        401,
        "",
        '{"statusCode":401,"error":"Unauthorized","message":"api key hunter2 has expired"}',
    ),
    Fault.FORBIDDEN: (
        403,
        "",
        '{"statusCode":403,"error":"Forbidden","message":"Unable to bulk_get lens"}',
    ),
    Fault.LOGIN: (302, "/login?next=%2Fapi%2Fstatus", ""),
    Fault.MOVED: (302, "/kibana/api", ""),
    Fault.PAGE: (200, "", "<!doctype html><html><title>Sign in to Shop</title></html>"),
}


@dataclass(frozen=True)
class Request:
    """What was sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


class _Answering(BaseHTTPRequestHandler):
    take: ClassVar[Callable[[Request], tuple[int, str]]]
    faults: ClassVar[list[Fault]]
    ended: ClassVar[Event]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, body)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and fault in _ANSWERS:
            self.write(*_ANSWERS[fault])
        elif fault is Fault.SLOW:
            self.ended.wait()
        elif fault is Fault.RESET:
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            self.connection.close()
        else:
            status, text = type(self).take(request)
            self.write(status, "", text, fault)

    do_GET = do_POST = answer  # noqa: N815

    def write(self, status: int, location: str, text: str, fault: Fault | None = None) -> None:
        data = text.encode()
        if fault is Fault.SHORT:
            data = text.rpartition("\n")[0].encode()
        self.send_response(status)
        if location:
            self.send_header("location", location)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if fault is Fault.DRIP:
            self.drip(data)
            return
        self.wfile.write(data[: len(data) // 2] if fault is Fault.CUT else data)

    def drip(self, data: bytes) -> None:
        with suppress(ConnectionError):
            for at in range(len(data)):
                if self.ended.wait(0.02):
                    return
                self.wfile.write(data[at : at + 1])

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(
    take: Callable[[Request], tuple[int, str]], faults: list[Fault], certificate: Any = None
) -> Iterator[str]:
    """Serve until the end of the block; gives the address."""
    ended = Event()
    names = {"take": staticmethod(take), "faults": faults, "ended": ended}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Answering,), names))
    server.daemon_threads = True
    if certificate is not None:
        server.socket = certificate.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def uploaded(request: Request) -> tuple[str, str]:
    """The name and the text of the part called ``file``."""
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    for part in BytesParser().parsebytes(head + request.body).get_payload():
        if part.get_param("name", header="content-disposition") == "file":  # type: ignore[union-attr]
            payload: bytes = part.get_payload(decode=True)  # type: ignore[union-attr, assignment]
            return str(part.get_filename()), payload.decode()  # type: ignore[union-attr]
    return "", ""
