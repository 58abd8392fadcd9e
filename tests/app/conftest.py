"""The service in its two forms: inside the test, and as a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Config
from tests.app.reading import Line, read_lines
from tests.app.running import Server, start


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(log_dir=tmp_path / "logs", work_limit_ms=50, faults=True, version="1.2.3")


@pytest.fixture
def service(config: Config) -> Iterator[Flask]:
    service = create_app(config)
    yield service
    for destination in service.extensions["app"].log.handlers:
        destination.close()


@pytest.fixture
def client(service: Flask) -> FlaskClient:
    return service.test_client()


@pytest.fixture
def lines(config: Config) -> Callable[[], list[Line]]:
    """Read what the service inside the test has logged so far."""
    return lambda: read_lines(config.log_file.read_text("ascii"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start(tmp_path_factory.mktemp("server"), workers=3, APP_FAULTS="on")
    yield server
    assert server.stop() == 0
