"""What stands for an API server: it answers what a test says, in clear, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

Answers: TypeAlias = Callable[[str], tuple[int, Any]]
"""The status and the body of the answer to a path."""


def status(code: int, message: str) -> tuple[int, Any]:
    """An answer that is none."""
    return code, {"kind": "Status", "apiVersion": "v1", "code": code, "message": message}


def kubeconfig(folder: Path, url: str, **user: Any) -> Path:
    """A kubeconfig with the one context `stub`."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "stub", "cluster": {"server": url}}],
        "users": [{"name": "stub", "user": user}],
        "contexts": [{"name": "stub", "context": {"cluster": "stub", "user": "stub"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config), "utf-8")
    return path


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that do not wait for the answer."""


@contextmanager
def serving_answers(answers: Answers, *, mute: bool = False) -> Iterator[str]:
    """Serve answers, or let all wait for one, until the end; yields the URL."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if mute:
                ended.wait()
            code, body = answers(self.path)
            said = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
