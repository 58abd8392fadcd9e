"""The load tests by themselves, as people run them with plain Locust."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

from tests.scaling.service import Answers, serving
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
LOCUST = (sys.executable, "-m", "locust")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def locust(host: str, *options: str, file: str = "loadtests/locustfile.py") -> int:
    words = [*LOCUST, "-f", file, "-H", host, "--headless", *options]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode


def test_what_is_answered_is_a_pass() -> None:
    answered: list[str] = []

    class Counting(Answers):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            answered.append(self.path)

    # It ends after requests, not after a time, in which a busy machine may send none.
    with serving(Counting) as host:
        words = [*LOCUST, "-f", "loadtests/locustfile.py", "-H", host, "--headless", "-u", "2"]
        process = subprocess.Popen(words, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True)
        until(lambda: len(answered) > 9, "requests are answered")
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output


def test_what_nobody_answers_is_none() -> None:
    assert locust(f"http://127.0.0.1:{free_port()}", "-u", "2", "-t", "2s") == 1


def test_nobody_to_ask_is_no_pass() -> None:
    with serving() as host:
        assert locust(host, "-u", "0", "-t", "1s") == 1


def test_a_host_that_is_not_on_the_list_is_not_loaded() -> None:
    assert locust("http://192.0.2.1", "-u", "1", "-t", "2s") == 2


@pytest.mark.parametrize("shape", ["steps", "spike"])
def test_the_shapes_can_be_loaded(shape: str) -> None:
    file = f"loadtests/locustfile.py,loadtests/shapes/{shape}.py"
    assert locust("http://127.0.0.1:1", "--list", file=file) == 0
