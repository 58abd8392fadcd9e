"""The real kubectl, and the schemas of three versions, take every file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from tests.k8s.shipped import FILES, ROOT, manifests
from tests.real.kubectl import kubectl
from toolkit.kubernetes.manifests import Manifest

VERSIONS = ("1.32", "1.33", "1.34")
CUSTOM = {"ServiceMonitor", "PrometheusRule"}
"""Kinds that Kubernetes itself does not have."""


def known() -> list[Manifest]:
    return [each for each in manifests() if each.kind not in CUSTOM]


def accept(body: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(deepcopy(body), version, strict=True)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_kubectl_reads_every_object(file: Path) -> None:
    printed = kubectl("label", "--local", "-f", str(file), "read=yes", "-o", "json")
    decoder, read, at = json.JSONDecoder(), list[dict[str, Any]](), 0
    while at < len(printed.rstrip()):
        body, at = decoder.raw_decode(printed, at)
        read += body["items"] if body["kind"] == "List" else [body]
        at += len(printed[at:]) - len(printed[at:].lstrip())
    ours = [each for each in manifests() if each.source == str(file.relative_to(ROOT))]
    assert len(read) == len(ours)
    for theirs, each in zip(read, ours, strict=True):
        del theirs["metadata"]["labels"]["read"]
        assert theirs == each.body


def test_kustomize_takes_them_all_together(tmp_path: Path) -> None:
    """It refuses two objects of one kind, name and namespace."""
    resources = []
    for file in FILES:
        resources.append("-".join(file.relative_to(ROOT / "k8s").parts))
        (tmp_path / resources[-1]).write_bytes(file.read_bytes())
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"resources": resources}), "utf-8")
    built = list(yaml.safe_load_all(kubectl("kustomize", str(tmp_path))))
    assert len(built) == len(manifests())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_accept_every_object(version: str) -> None:
    for manifest in known():
        accept(dict(manifest.body), version)


def misspelt() -> Iterator[Any]:
    """Every object, once with each key of its specification's first level misspelt."""
    for manifest in known():
        for key in manifest.get("spec") or {}:
            body = deepcopy(dict(manifest.body))
            body["spec"][f"{key}x"] = body["spec"].pop(key)
            yield pytest.param(body, id=f"{manifest} {key}")


@pytest.mark.parametrize("body", list(misspelt()))
def test_the_schemas_refuse_a_misspelt_key(body: dict[str, Any]) -> None:
    with pytest.raises(kubernetes_validate.ValidationError):
        accept(body, VERSIONS[-1])
