"""A service that costs CPU: ``service.py PORT [POD]``; ``/work`` burns 20 ms of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        end = time.thread_time() + 0.02 * self.path.startswith("/work")
        while time.thread_time() < end:
            sum(range(500))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        if len(sys.argv) > 2:
            self.send_header("X-Pod", sys.argv[2])
        # A client that is not told tries to use the connection again, and fails.
        self.send_header("Connection", self.headers.get("Connection", "keep-alive"))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def serving(answers: type[BaseHTTPRequestHandler] = Answers) -> Iterator[str]:
    """Serve within this process; the URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
