"""A port-forward is known by who listens."""

from __future__ import annotations

import subprocess
import sys

from toolkit.connectors.cluster.forwards import forwarded

LISTEN = (
    "import socket; s = socket.create_server(('127.0.0.1', 0));"
    "print(s.getsockname()[1], flush=True); input()"
)


def listener(*words: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTEN, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, f"http://localhost:{process.stdout.readline().strip()}/"


def test_who_listens_is_looked_at() -> None:
    process, url = listener("kubectl", "port-forward", "service/shop", "8080:80")
    with process:
        found = forwarded(url)
        elsewhere = forwarded(url.replace("localhost", "192.0.2.1"))
        process.communicate("\n")
    assert "port-forward service/shop 8080:80" in found
    assert elsewhere == ""


def test_another_program_is_none() -> None:
    process, url = listener("balancer")
    with process:
        found = forwarded(url)
        process.communicate("\n")
    assert found == ""


def test_nobody_listens() -> None:
    assert forwarded("http://127.0.0.1:9") == ""
