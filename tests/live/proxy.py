"""A proxy that does to requests what networks and busy servers do to them."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, ClassVar
from urllib.parse import urlsplit

Fault = str
"""``busy``, ``reset``, ``lost``, ``cut`` or ``slow``; empty for none."""

_KEPT = frozenset({"content-encoding", "content-type", "x-elastic-product"})


@dataclass
class Proxy:
    """What stands before a server, and what it did."""

    target: str
    fault: Callable[[int, str], Fault]
    url: str = ""
    requests: list[tuple[str, str, Fault]] = field(default_factory=list)
    """Method, path and fault of each request, in order."""
    numbers: Iterator[int] = field(default_factory=count)


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: ClassVar[Proxy]

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        kind = self.proxy.fault(next(self.proxy.numbers), self.path)
        self.proxy.requests.append((self.command, self.path, kind))
        if kind == "busy":
            self._answer(429, {"content-type": "application/json"}, b'{"error": "busy"}')
            return
        found = None if kind == "reset" else self._ask(body)
        if found is None or kind == "lost":
            self.close_connection = True
            return
        if kind == "slow":
            time.sleep(1.5)
        self._answer(*found, cut=kind == "cut")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on  # noqa: N815

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes] | None:
        connection = http.client.HTTPConnection(self.proxy.target, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            kept = {k: v for k, v in answer.headers.items() if k.lower() in _KEPT}
            return answer.status, kept, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _answer(
        self, status: int, headers: dict[str, str], body: bytes, *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def log_message(self, *arguments: Any) -> None:
        """Nothing is printed."""


@contextmanager
def proxied(
    server: str, fault: Callable[[int, str], Fault], tls: ssl.SSLContext | None = None
) -> Iterator[Proxy]:
    """A proxy before ``server``; ``fault`` is told the number and the path of each request.

    ``busy`` answers 429 without asking the server, ``reset`` closes the connection before
    asking, ``lost`` after asking, ``cut`` in the middle of the answer, ``slow`` answers late.
    With ``tls`` it shows a certificate.
    """
    proxy = Proxy(urlsplit(server).netloc, fault)
    handler = type("Passing", (_Passing,), {"proxy": proxy})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listener:
        proxy.url = f"http{'s' if tls else ''}://127.0.0.1:{listener.server_address[1]}"
        if tls:
            listener.socket = tls.wrap_socket(listener.socket, server_side=True)
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown()
            thread.join()
