"""The definitions of Kubernetes by version, against those that a JSON parser reads."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from toolkit.kubernetes.release import Definitions, Release

SCHEMAS = files("kubernetes_validate").joinpath("kubernetes-json-schema")
TEXT = SCHEMAS.joinpath("v1.34.0-local-strict", "_definitions.json").read_text("utf-8")


@pytest.mark.parametrize("indent", [None, 2, 4])
def test_definitions_are_those_of_the_file(indent: int | None) -> None:
    text = json.dumps(json.loads(TEXT), indent=indent)
    assert dict(Definitions(text)) == json.loads(TEXT)["$defs"]


def test_the_form_of_each_kind_is_found_by_its_name() -> None:
    release = Release(TEXT)
    found = [(version, kind) for version, kinds in release.kinds.items() for kind in kinds]
    assert ("apps/v1", "Deployment") in found
    assert all(release.form(*each) is release.kinds[each[0]][each[1]] for each in found)


def test_a_kind_of_another_version_has_no_form() -> None:
    assert Release(TEXT).form("autoscaling/v2beta2", "HorizontalPodAutoscaler") is None
