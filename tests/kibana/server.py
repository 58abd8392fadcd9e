"""A Kibana that can only import, held to the published form of that request and its answers.

https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

__all__ = ["Stub", "running"]


@dataclass
class Stub:
    """What it is told, and what it holds."""

    api_key: str | None = None
    spaces: tuple[str, ...] = ()
    not_ready: int = 0
    """How many requests are answered as a Kibana does that starts."""
    objects: dict[tuple[str, str], Any] = field(default_factory=dict)
    url: str = ""

    def take(self, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Answer one request."""
        if self.not_ready:
            self.not_ready -= 1
            return 503, "Kibana server is not ready yet"
        parts = urlsplit(path)
        space, tail = self._space(parts.path)
        if tail != "/api/saved_objects/_import" or (space and space not in self.spaces):
            return _error(404, "Not Found")
        if self.api_key and headers.get("authorization") != f"ApiKey {self.api_key}":
            return _error(401, "[security_exception]: unable to authenticate")
        if "kbn-xsrf" not in headers:
            return _error(400, "Request must contain a kbn-xsrf header.")
        if parse_qs(parts.query) != {"overwrite": ["true"]}:
            return _error(409, "the stub is only ever asked to overwrite")
        name, text = _file(headers, body)
        if not name.endswith(".ndjson"):
            return _error(400, f"Invalid file extension .{name.rpartition('.')[2]}")
        return 200, self._imported([json.loads(line) for line in text.splitlines() if line])

    def _space(self, path: str) -> tuple[str, str]:
        if not path.startswith("/s/"):
            return "", path
        space, _, tail = path.removeprefix("/s/").partition("/")
        return space, f"/{tail}"

    def _imported(self, lines: list[Any]) -> dict[str, Any]:
        given = {(each["type"], each["id"]): each for each in lines if "type" in each}
        errors = [each for each in map(self._missing(given), given.values()) if each]
        if errors:
            return {"success": False, "successCount": len(given) - len(errors), "errors": errors}
        self.objects |= given
        return {"success": True, "successCount": len(given), "warnings": []}

    def _missing(self, given: dict[tuple[str, str], Any]) -> Any:
        def missing(each: Any) -> dict[str, Any] | None:
            absent = [
                {"type": r["type"], "id": r["id"]}
                for r in each.get("references", ())
                if r["type"] in ("index-pattern", "search")
                and (r["type"], r["id"]) not in {**given, **self.objects}
            ]
            if not absent:
                return None
            meta = {"title": each["attributes"].get("title"), "icon": "lensApp"}
            cause = {"type": "missing_references", "references": absent}
            return {"type": each["type"], "id": each["id"], "meta": meta, "error": cause}

        return missing


def _error(status: int, message: str) -> tuple[int, Any]:
    names = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 409: "Conflict"}
    return status, {"statusCode": status, "error": names[status], "message": message}


def _file(headers: Any, body: bytes) -> tuple[str, str]:
    """The name and the text of the part called ``file``."""
    head = f"content-type: {headers['content-type']}\r\n\r\n".encode()
    for part in BytesParser().parsebytes(head + body).get_payload():
        if part.get_param("name", header="content-disposition") == "file":  # type: ignore[union-attr]
            payload: bytes = part.get_payload(decode=True)  # type: ignore[union-attr, assignment]
            return str(part.get_filename()), payload.decode()  # type: ignore[union-attr]
    return "", ""


class _Requests(BaseHTTPRequestHandler):
    stub: ClassVar[Stub]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status, answer = self.stub.take(self.path, self.headers, body)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        self.send_response(status)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running(stub: Stub) -> Iterator[Stub]:
    """Serve on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Requests,), {"stub": stub}))
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
