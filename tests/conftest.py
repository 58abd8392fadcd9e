"""Options and fixtures of the whole test suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# The speed of a loaded machine proves nothing: no example has a deadline.
settings.register_profile("default", deadline=None)
settings.register_profile(
    "fuzz", deadline=None, max_examples=20_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected blocks of case files"
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected output is rewritten; never under xdist or in CI."""
    wanted = bool(request.config.getoption("--update"))
    if wanted and (os.environ.get("CI") or os.environ.get("PYTEST_XDIST_WORKER")):
        pytest.fail("--update rewrites files: not in CI, and not under xdist")
    return wanted
