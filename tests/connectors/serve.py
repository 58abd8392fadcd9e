"""A tiny real service, for tests: ``serve.py PORT SCRATCH [HABIT…]``.

Habits: ``exits`` at once · ``deaf`` to SIGTERM · ``unready`` for ever · ``twice`` logs each
request twice · ``forks`` a child that stays · ``mute`` answers nothing · ``noisy`` on stdout.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_, PORT, SCRATCH, *_habits = sys.argv if __name__ == "__main__" else ["", "0", "."]
HABITS = frozenset(_habits)
LOG = Path(SCRATCH) / "app.log"
STATUS = {"/": 200, "/ready": 200, "/metrics": 200, "/fault": 500}


class Requests(BaseHTTPRequestHandler):
    """Answers, logs and counts."""

    counted: dict[int, int] = {200: 0, 404: 0, 500: 0}  # noqa: RUF012
    seconds = 0.0

    def do_GET(self) -> None:
        started = time.perf_counter()
        if "mute" in HABITS and self.path == "/":
            time.sleep(60)
        status = STATUS.get(self.path.partition("?")[0], 404)
        if "unready" in HABITS and self.path == "/ready":
            status = 503
        body = exposition().encode() if self.path == "/metrics" else b"ok\n"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Service", "tiny")
        self.end_headers()
        self.wfile.write(body)
        self.counted[status] = self.counted.get(status, 0) + 1
        elapsed = time.perf_counter() - started
        Requests.seconds += elapsed
        self.log_line(status, elapsed * 1000)

    do_POST = do_GET  # noqa: N815

    def log_line(self, status: int, ms: float) -> None:
        marker = self.headers.get("X-Request-ID", "-")
        line = f"{self.command} {self.path} status={status} ms={ms:.3f} id={marker}\n"
        with LOG.open("a", encoding="utf-8") as file:
            file.write(line * (2 if "twice" in HABITS else 1))
        if "noisy" in HABITS:
            sys.stdout.write(line)
            sys.stdout.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing beside the log."""


def exposition() -> str:
    lines = ["# TYPE http_requests_total counter"]
    lines += [
        f'http_requests_total{{status="{s}"}} {n}' for s, n in sorted(Requests.counted.items())
    ]
    total = sum(Requests.counted.values())
    lines += [
        "# TYPE http_seconds histogram",
        f'http_seconds_bucket{{le="0.25"}} {total}',
        f'http_seconds_bucket{{le="+Inf"}} {total}',
        f"http_seconds_sum {Requests.seconds}",
        f"http_seconds_count {total}",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Serve until SIGTERM."""
    if "exits" in HABITS:
        sys.exit("no database to talk to")
    if "deaf" in HABITS:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    if "noisy" in HABITS:
        sys.stdout.write(f"zone {os.environ['TZ']}\n")
    pids = [os.getpid()]
    if "forks" in HABITS:
        pids.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5000)"]).pid)
    if note := os.environ.get("PIDS"):
        Path(note).write_text(" ".join(map(str, pids)), "utf-8")
    ThreadingHTTPServer(("127.0.0.1", int(PORT)), Requests).serve_forever(poll_interval=0.01)


if __name__ == "__main__":
    main()
