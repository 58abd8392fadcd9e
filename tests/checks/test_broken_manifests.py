"""Manifests of any shape: every check says something of them, or nothing, and none fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.checks.test_checks import CHECKS, raise_bug
from tests.observed import CaseFiles
from toolkit.contract import parse_contract
from toolkit.model.contract import Scope
from toolkit.reports import text
from toolkit.verification import verify

SHIPPED = sorted((Path(__file__).parents[2] / "k8s").rglob("*.yaml"))
STRANGE: tuple[Any, ...] = (None, 0, -1, True, "", "text", [], {}, ["x"], {"a": {}}, [[]], [{}])
CONTRACT = """\
service: {start: serve, metrics: /metrics}
metrics: {external: [kube-prometheus-stack]}
kubernetes: {manifests: m.json, node: {memory: 6Gi, cpu: 4}}
"""
JUDGING = [
    check
    for name, check in CHECKS.items()
    if name.partition("/")[0] in ("manifests", "autoscaling") or name == "metrics/no-target"
]


def objects() -> Iterator[Any]:
    for file in SHIPPED:
        found = yaml.load_all(
            file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
        # Texts are only copied, and reading them anew each time is all that takes time.
        yield from (each for each in found if each.get("kind") not in (None, "ConfigMap"))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def test_no_check_fails_on_manifests_broken_at_random() -> None:
    random = Random(11)
    contract = parse_contract(CONTRACT, source="toolkit.yml")
    whole = list(objects())
    for _ in range(40):
        broken = deepcopy(whole)
        for inside, key in random.sample(list(places(broken)), 12):
            if key in inside if isinstance(inside, dict) else key < len(inside):
                inside[key] = random.choice(STRANGE)
        body = json.dumps({"kind": "List", "items": broken})
        report = verify(
            Scope(contract),
            JUDGING,
            [CaseFiles({"m.json": body})],
            today=date(2026, 1, 10),
            on_bug=raise_bug,
        )
        assert text.render(report)
