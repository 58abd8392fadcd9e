"""The server's own functions, built without a server, judge every mutation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cluster.oracle import ask
from tests.conformance.apiserver import bases, read_cases
from tests.conformance.apiserver.compare import compare
from tests.conformance.apiserver.record import cases, judged, read_shipped, read_valid
from toolkit.kubernetes.defaulting import defaulted
from toolkit.kubernetes.manifests import dig, parse_manifests
from toolkit.kubernetes.validation.fields import ObjectField
from toolkit.kubernetes.validation.pod_security import LEVELS, security_refusals
from toolkit.kubernetes.workloads import KINDS, pod_path

pytestmark = pytest.mark.cluster

NAMED = 0.994
"""Of all objects that the server refuses, this share is refused at its own path. May only grow."""
WRONGLY = 1
"""So many that it accepts are refused. May only shrink."""


def test_recorded_verdicts_are_those_of_today() -> None:
    """Faults of labels come in any order."""
    kept = list(read_cases())
    for today, recorded in zip(judged(kept), kept, strict=True):
        assert today.verdict.decode == recorded.verdict.decode
        assert sorted(today.verdict.errors) == sorted(recorded.verdict.errors)


def test_the_bases_of_all_mutations_are_accepted() -> None:
    objects = [*read_valid().values(), *read_shipped().values()]
    assert [each for each in ask(objects) if "errors" in each or "decode" in each] == []


def test_the_levels_of_pod_security_are_judged_alike() -> None:
    [template] = parse_manifests("{apiVersion: v1, kind: Pod}", source="here")
    pods = [each for each in cases() if bases().get(each.base, {}).get("kind") in KINDS]
    judged_alike = 0
    for case, answer in zip(pods, ask(each.object for each in pods), strict=True):
        if "decode" in answer or "errors" in answer:
            continue
        body = defaulted(case.object)
        path = pod_path(replace(template, body=body))
        pod = ObjectField(dig(body, *path), path)
        for level in LEVELS:
            assert any(security_refusals(pod, level)) == bool(answer.get(level)), case
            judged_alike += 1
    assert judged_alike > 4000


def test_all_mutations_are_judged_alike() -> None:
    groups = {word: len(found) for word, found in compare(judged(cases())).items()}
    refused = groups["named"] + groups.get("elsewhere", 0) + groups.get("missed", 0)
    assert refused > 10_000
    assert groups["named"] >= NAMED * refused, groups
    assert groups.get("wrongly refused", 0) <= WRONGLY, groups
