"""A stand-in for an Elasticsearch that lets in who shows a key."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


class _Guard(BaseHTTPRequestHandler):
    """Answers like an empty Elasticsearch whoever shows the key."""

    key: ClassVar[str | None]
    refused: ClassVar[list[str]]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        shown = self.headers.get_all("authorization")
        known = self.key is None or shown == [f"ApiKey {self.key}"]
        if not known:
            self.refused.append(self.path)
        data = json.dumps(self._said(body) if known else {"error": "who?"}).encode()
        self.send_response(200 if known else 401)
        self.send_header("content-type", "application/json")
        self.send_header("x-elastic-product", "Elasticsearch")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815

    def _said(self, body: bytes) -> Any:
        match self.path.partition("?")[0].rpartition("/")[2]:
            case "_bulk":
                return {"items": [{"create": {"status": 201}}] * (body.count(b"\n") // 2)}
            case "_search":
                return {"hits": {"total": {"value": 0}, "hits": []}}
            case "_simulate":
                return {"docs": [{"doc": {}} for _ in json.loads(body)["docs"]]}
        return {}

    def log_message(self, *arguments: Any) -> None:
        """Nothing is printed."""


@contextmanager
def guarded(key: str | None) -> Iterator[tuple[str, list[str]]]:
    """The address of a listener that demands a key, and the paths it did not answer.

    It takes all that is sent, and keeps nothing; without a key, of everybody.
    """
    refused: list[str] = []
    handler = type("Guard", (_Guard,), {"key": key, "refused": refused})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.server_address[1]}", refused
        listener.shutdown()
        thread.join()
