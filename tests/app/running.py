"""The service as it really runs: gunicorn, several workers, a scratch log."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.app.reading import Line, Series, read_exposition, read_lines
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]
_PATIENT = ("--timeout", f"{PATIENCE:.0f}", "--graceful-timeout", f"{PATIENCE:.0f}")
"""No worker is taken for stuck on a busy machine."""


def command(*options: str) -> list[str]:
    configuration = ["--config", "app/gunicorn.conf.py", "app:create_app()"]
    return [sys.executable, "-m", "gunicorn", *configuration, *options]


@dataclass(frozen=True, slots=True)
class Server:
    """A running service and what it wrote."""

    process: subprocess.Popen[bytes]
    log_file: Path
    stdout_file: Path
    temporary: Path
    port: int

    def get(self, target: str, **options: object) -> requests.Response:
        url = f"http://127.0.0.1:{self.port}{target}"
        return requests.get(url, timeout=PATIENCE, **options)  # type: ignore[arg-type]

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def lines(self) -> list[Line]:
        return read_lines(self.log_file.read_text("ascii"))

    def requests(self) -> list[Line]:
        return [line for line in self.lines() if line.is_request]

    def series(self) -> Series:
        return read_exposition(self.get("/metrics").text)

    def gauge(self, name: str) -> float:
        return self.series()[name, ()]

    def workers(self) -> list[int]:
        master = self.process.pid
        return [
            int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()
        ]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


def start(scratch: Path, workers: int = 2, threads: int = 4, **environment: str) -> Server:
    """Start the service and return once all its workers serve."""
    logs, temporary = scratch / "logs", scratch / "tmp"
    temporary.mkdir(parents=True)
    settings = {
        "APP_LOG_DIR": str(logs),
        "APP_THREADS": str(threads),
        "TMPDIR": str(temporary),
        "TZ": "America/Sao_Paulo",
        "WEB_CONCURRENCY": str(workers),
    }
    with (scratch / "stdout").open("wb") as stdout:
        process = subprocess.Popen(
            command("--bind", "127.0.0.1:0", *_PATIENT),
            cwd=ROOT,
            env=os.environ | settings | environment,
            stdout=stdout,
        )
    log_file = logs / "app.log"
    try:
        port = until(lambda: _port(log_file))
        server = Server(process, log_file, scratch / "stdout", temporary, port)
        until(lambda: server.gauge("http_requests_capacity") == workers * threads)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return server


def _port(log_file: Path) -> int:
    listening = r"Listening at: http://127\.0\.0\.1:(\d+) "
    match = log_file.exists() and re.search(listening, log_file.read_text())
    return int(match[1]) if match else 0
