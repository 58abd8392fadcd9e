"""The real servers the tests of this folder talk to, once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.elasticsearch import VERSIONS, shared


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own


@pytest.fixture(scope="session", params=VERSIONS)
def every_server(request: pytest.FixtureRequest, shared_folder: Path) -> Iterator[str]:
    """The address of an Elasticsearch of each version."""
    with shared(request.param, shared_folder) as url:
        yield url


@pytest.fixture(scope="session")
def server(shared_folder: Path) -> Iterator[str]:
    """The address of an Elasticsearch of the newest version."""
    with shared(next(iter(VERSIONS)), shared_folder) as url:
        yield url
