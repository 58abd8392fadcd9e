"""One control plane for all tests, and its last words where one of them fails."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.cluster.metrics import MetricsApi, metrics_api
from tests.cluster.plane import Cluster, control_plane
from tests.cluster.shipped import Shipped, ship

SYNC_PERIOD = 1.6
"""Seconds instead of 15: no multiple of it is near the whole seconds that windows have."""
DOWNSCALE_STABILIZATION = 6.0
"""Seconds instead of 300."""

_cluster = pytest.StashKey[Cluster]()


@pytest.fixture(scope="session")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Cluster]:
    """A control plane whose autoscaler is in a hurry.

    Pods count as initialized at once, so what decides is whether they are ready.
    """
    with control_plane(
        tmp_path_factory.mktemp("cluster"),
        sync_period=SYNC_PERIOD,
        downscale_stabilization=DOWNSCALE_STABILIZATION,
        cpu_initialization=0.0,
    ) as running:
        request.config.stash[_cluster] = running
        yield running


@pytest.fixture(scope="module")
def metrics(cluster: Cluster) -> Iterator[MetricsApi]:
    """Its metrics API, which is there for the tests of a module that ask for it."""
    with metrics_api(cluster) as serving:
        yield serving


@pytest.fixture(scope="session")
def shipped(cluster: Cluster) -> Shipped:
    """All manifests that ship, created in it."""
    return ship(cluster)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    running = item.config.stash.get(_cluster, None)
    if report.failed and running:
        report.sections.append(("control plane", running.logs()))
    return report
