"""A real API server takes every manifest that ships, and agrees with the toolkit's own check."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.cluster.plane import Cluster
from tests.cluster.shipped import COMMANDS, CUSTOM, Shipped
from tests.cluster.strict import Strict
from tests.k8s.shipped import ROOT, manifests
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.kubernetes.schemas import violations
from toolkit.evidence.kubernetes.versions import ClusterVersions
from toolkit.kubernetes.manifests import Manifest

pytestmark = pytest.mark.cluster

VERSION = "1.34"
KNOWN = [each for each in manifests() if each.kind not in CUSTOM]


def faults(manifest: Manifest) -> list[str]:
    """What the check `manifests/schema` finds."""
    found = violations(Manifests((manifest,)), ClusterVersions({VERSION: None}))
    assert not found.unknown
    return [str(each.fault) for each in found.faults]


def broken() -> Iterator[tuple[str, Manifest]]:
    """Each object with one key misspelt, and with one of another type."""
    for manifest in KNOWN:
        for place in ("spec", "data"):
            for key, value in (manifest.get(place) or {}).items():
                stated = dict(manifest.get(place))
                wrong = ["a list"] if isinstance(value, str) else "a text"
                yield _changed(manifest, place, {**stated, key: wrong})
                if place == "spec":
                    stated[f"{key}x"] = stated.pop(key)
                    yield _changed(manifest, place, stated)


def _changed(manifest: Manifest, place: str, value: Any) -> tuple[str, Manifest]:
    body = {**deepcopy(dict(manifest.body)), place: value}
    return f"{manifest} {value}", replace(manifest, body=body)


def test_the_commands_of_the_readme_create_everything(shipped: Shipped) -> None:
    """In their order, with strict validation, on an empty cluster."""
    assert len(shipped.commands) == len(COMMANDS) - len(CUSTOM)
    said = "".join(shipped.said).splitlines()
    assert [line for line in said if not line.endswith(" created")] == []
    assert "".join(shipped.warned) == ""
    # The namespace of what is watched by Prometheus is made by a command of its own.
    assert len(said) == len(KNOWN) + 1


def test_nothing_of_it_was_dropped(cluster: Cluster, shipped: Shipped) -> None:
    """What is stored differs in nothing from what is written, defaults aside."""
    for command, *words in shipped.commands:
        if command == "apply":
            assert cluster.kubectl("diff", *words[:-1]) == ""


@pytest.mark.parametrize(
    "manifest", [each for each in manifests() if each.kind in CUSTOM], ids=str
)
def test_kinds_of_the_operator_have_a_form_of_their_own(
    manifest: Manifest, cluster: Cluster
) -> None:
    assert faults(manifest) == []
    source = str(ROOT / manifest.source)
    refused = cluster.try_kubectl("apply", "--validate=strict", "-f", source).stderr
    assert "no matches for kind" in refused
    spec = {**manifest.get("spec"), "surprise": 1}
    assert faults(replace(manifest, body={**manifest.body, "spec": spec})) != []


def test_the_schema_check_judges_as_a_real_api_server(cluster: Cluster, shipped: Shipped) -> None:
    """Every object as it ships, and with one defect each."""
    assert shipped.said
    strict = Strict(cluster.api)
    for manifest in KNOWN:
        assert strict.refuses(manifest.body) == ""
        assert faults(manifest) == []
    verdicts = {name: (strict.refuses(each.body), faults(each)) for name, each in broken()}
    differing = {name: both for name, both in verdicts.items() if bool(both[0]) != bool(both[1])}
    assert differing == {}
    assert sum(bool(why) for why, _ in verdicts.values()) > 2 * len(KNOWN)


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        ("replica", 3, 'unknown field "spec.replica"'),
        ("replicas", "three", "cannot unmarshal string"),
    ],
)
def test_a_real_api_server_is_strict(
    place: str, value: Any, why: str, cluster: Cluster, shipped: Shipped
) -> None:
    assert shipped.said
    [service] = (
        each for each in KNOWN if (each.kind, each.name) == ("Deployment", "sre-pleno-app")
    )
    spec = {**service.get("spec"), place: value}
    assert why in Strict(cluster.api).refuses({**service.body, "spec": spec})
