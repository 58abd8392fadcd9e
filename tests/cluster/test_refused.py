"""A real API server refuses what its own functions refuse, and nothing else."""

from __future__ import annotations

import random

import pytest

from tests.cluster.api import ApiError
from tests.cluster.plane import Cluster
from tests.cluster.strict import Strict
from tests.conformance.apiserver import Case, bases, read_cases

pytestmark = pytest.mark.cluster

ASKED = 240
OF_OTHERS = (403, 404, 409)
"""What depends on other objects: a class, an account, a namespace, one of the same name."""
_OBJECTS = {
    "/api/v1/namespaces": {"metadata": {"name": "shop"}},
    "/apis/scheduling.k8s.io/v1/priorityclasses": {"metadata": {"name": "high"}, "value": 1},
}


@pytest.fixture
def strict(cluster: Cluster) -> Strict:
    for path, body in _OBJECTS.items():
        try:
            cluster.api("POST", path, body)
        except ApiError as error:
            if error.status != 409:
                raise
    return Strict(cluster.api)


def comparable(case: Case) -> bool:
    """Return True unless the URL, or what a dry run leaves out, decides."""
    moved = any(
        each.removeprefix("-").startswith(("/kind", "/apiVersion", "/metadata/namespace"))
        for each in case.changes
    )
    unassigned = any("valid range" in text for _, _, text in case.verdict.errors)
    return not moved and not unassigned


def wanted(case: Case) -> tuple[int, list[tuple[str, str]]]:
    if case.verdict.decode:
        return 400, []
    return 422 if case.verdict.errors else 201, [each[:2] for each in case.verdict.errors]


def test_a_real_api_server_says_the_same(strict: Strict) -> None:
    cases = [each for each in read_cases() if comparable(each)]
    others, differing = [], []
    for case in random.Random(ASKED).sample(cases, ASKED):
        status, causes = strict.answer(bases()[case.base], case.object)
        if status in OF_OTHERS:
            others.append((status, str(case)))
        elif (status, sorted(causes)) != (wanted(case)[0], sorted(wanted(case)[1])):
            differing.append((str(case), status, causes, wanted(case)))
    assert not differing, "\n".join(map(str, differing))
    assert len(others) <= ASKED - 200, others
