"""A shop for each test, whose pods are processes here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.cluster.metrics import MetricsApi
from tests.cluster.plane import Cluster
from tests.cluster.scale.shop import Shop, write
from tests.cluster.serving import serving

_numbers = count(1)


@pytest.fixture
def shop(cluster: Cluster, metrics: MetricsApi, tmp_path: Path) -> Iterator[Shop]:
    """Not deployed yet."""
    namespace = f"scale-{next(_numbers)}"
    cluster.kubectl("create", "namespace", namespace)
    with ExitStack() as stack:
        following = stack.enter_context(serving(cluster, metrics, namespace, "app%3Dshop"))
        stack.callback(cluster.kubectl, "delete", "namespace", namespace, "--wait=false")
        write(tmp_path, cluster, namespace, following.port)
        yield Shop(cluster, tmp_path, namespace, following)
