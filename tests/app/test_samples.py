"""The sample lines are lines of the service, and of every kind it writes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.app.reading import Line, read_lines
from tests.app.running import ROOT, Server

FOLDER = ROOT / "pipelines" / "samples"
PROVOKED = [
    "/",
    "/health",
    "/ready",
    "/metrics",
    "/work?ms=1",
    "/work?ms=x",
    "/missing",
    "/%0a%20status=500",
    "/fault",
]


@pytest.fixture(scope="module")
def sampled() -> list[Line]:
    return [line for path in FOLDER.glob("*.log") for line in read_lines(path.read_text("ascii"))]


def kinds(lines: Iterable[Line]) -> set[tuple[object, ...]]:
    """Tell kinds of lines apart by their words, whatever the numbers in them."""
    return {
        (
            line.level,
            re.sub(r"[0-9.:]+", "#", line.message),
            line.fields.get("status"),
            tuple(line.fields),
            bool(line.traceback),
        )
        for line in lines
    }


def test_every_status_is_sampled(sampled: list[Line]) -> None:
    statuses = {line.status for line in sampled if line.is_request}
    assert statuses == {"200", "400", "404", "405", "500", "503"}


def test_every_kind_of_line_is_sampled(server: Server, sampled: list[Line]) -> None:
    for target in PROVOKED:
        server.get(target)
    server.send(b"GET / HTTP/1.1\r\nUser-Agent: \x1b\r\n\r\n")
    assert kinds(server.lines()) - kinds(sampled) == set()


def test_samples_come_from_the_container() -> None:
    text = (FOLDER / "tracebacks.log").read_text()
    folders = set(re.findall(r'File "(/[^/]+/[^/]+)/', text))
    assert folders == {"/app/app", "/usr/local"}
