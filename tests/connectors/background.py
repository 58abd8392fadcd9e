"""A service that leaves its process group, as daemons do."""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Service(BaseHTTPRequestHandler):
    """Answers everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


def main() -> None:
    port, pids = sys.argv[1:]
    if os.fork():
        return
    os.setsid()
    Path(pids).write_text(f"{os.getpid()}\n", "utf-8")
    HTTPServer(("127.0.0.1", int(port)), Service).serve_forever()


if __name__ == "__main__":
    main()
