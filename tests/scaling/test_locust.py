"""The load tests by themselves, as people run them with plain Locust."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, STDOUT
from threading import Thread

import pytest

from tests.waiting import PATIENCE, until

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LOCUST = (sys.executable, "-m", "locust")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), PATIENCE):
        return True
    return False


@contextmanager
def counting() -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything, and the paths it was asked for."""
    answered: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            answered.append(self.path)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answered
        server.shutdown()


@pytest.fixture
def port() -> Iterator[int]:
    """Where a service answers."""
    number = free_port()
    process = subprocess.Popen([sys.executable, str(HERE / "service.py"), str(number)])
    until(lambda: listens(number), "the service listens")
    yield number
    process.kill()
    process.wait()


def locust(host: str, *options: str, file: str = "loadtests/locustfile.py") -> int:
    words = [*LOCUST, "-f", file, "-H", host, "--headless", *options]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode


def test_what_is_answered_is_a_pass() -> None:
    # It ends after requests, not after a time, in which a busy machine may send none.
    with counting() as (host, answered):
        words = [*LOCUST, "-f", "loadtests/locustfile.py", "-H", host, "--headless", "-u", "2"]
        process = subprocess.Popen(words, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True)
        until(lambda: len(answered) > 9, "requests are answered")
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output


def test_what_nobody_answers_is_none() -> None:
    assert locust(f"http://127.0.0.1:{free_port()}", "-u", "2", "-t", "2s") == 1


def test_nobody_to_ask_is_no_pass(port: int) -> None:
    assert locust(f"http://127.0.0.1:{port}", "-u", "0", "-t", "1s") == 1


def test_a_host_that_is_not_on_the_list_is_not_loaded() -> None:
    assert locust("http://192.0.2.1", "-u", "1", "-t", "2s") == 2


@pytest.mark.parametrize("shape", ["steps", "spike"])
def test_the_shapes_can_be_loaded(shape: str) -> None:
    file = f"loadtests/locustfile.py,loadtests/shapes/{shape}.py"
    assert locust("http://127.0.0.1:1", "--list", file=file) == 0
