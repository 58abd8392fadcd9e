"""What stands in front of the replicas."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.waiting import PATIENCE
from toolkit.connectors.scaling.spreader import Spreader


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = str(self.connection.getsockname()[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def ports() -> Iterator[list[int]]:
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answers) for _ in range(2)]
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    yield [server.server_port for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(port: int, times: int = 1) -> list[str]:
    """Who answers requests that share one connection."""
    found = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _ in range(times):
            connection.request("GET", "/")
            found.append(connection.getresponse().read().decode())
    return found


def test_each_connection_gets_the_next_replica(ports: list[int]) -> None:
    with Spreader() as spreader:
        spreader.spread(ports)
        answered = [ask(spreader.port)[0] for _ in range(6)]
    assert sorted(answered) == sorted(3 * [str(port) for port in ports])
    assert spreader.requests == spreader.connections == {ports[0]: 3, ports[1]: 3}


def test_a_connection_that_is_kept_stays_with_its_replica(ports: list[int]) -> None:
    with Spreader() as spreader:
        spreader.spread(ports)
        answered = ask(spreader.port, times=5)
    assert len(set(answered)) == 1
    assert sorted(spreader.requests.values()) == [5]
    assert sorted(spreader.connections.values()) == [1]


def test_a_replica_that_leaves_gets_nothing_new(ports: list[int]) -> None:
    with Spreader() as spreader:
        spreader.spread(ports)
        ask(spreader.port)
        spreader.spread(ports[:1])
        assert {ask(spreader.port)[0] for _ in range(4)} == {str(ports[0])}


def test_nobody_answers_where_no_replica_is_ready() -> None:
    with Spreader() as spreader, pytest.raises(ConnectionResetError):
        ask(spreader.port)


def test_what_is_no_request_is_not_counted(ports: list[int]) -> None:
    """A body may come in pieces of its own."""
    with Spreader() as spreader:
        spreader.spread(ports[:1])
        address = ("127.0.0.1", spreader.port)
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\n")
            connection.recv(100)
            connection.sendall(b"body")
    assert spreader.requests == {ports[0]: 1}
