"""`toolkit budget`: the table, and whether it fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.projects import toolkit

MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
      - name: shop
        image: shop:1
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 96Mi}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 4
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: logstash}
spec:
  selector: {matchLabels: {app: logstash}}
  template:
    metadata: {labels: {app: logstash}}
    spec:
      containers:
      - name: logstash
        image: logstash:9.2.0
        resources: {requests: {memory: 1500Mi}}
"""
CONTRACT = """\
kubernetes:
  manifests: m.yaml
  node: {memory: 2Gi, cpu: 1, reserved: {control plane: 200Mi}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").write_text(MANIFESTS, "utf-8")
    (tmp_path / "toolkit.yml").write_text(CONTRACT, "utf-8")
    return tmp_path


def test_the_contract_says_what_is_there_and_what_the_node_has(folder: Path) -> None:
    result = toolkit("budget", str(folder))
    assert result.exit_code == 0
    assert result.stdout == (
        "workload                         pods  request   limit    cpu  heap\n"
        "StatefulSet logstash                1   1500Mi    none     0m  1024Mi, needs 1424Mi\n"
        "Deployment shop                     4     64Mi    96Mi   100m\n"
        "reserved: control plane                  200Mi\n"
        "all                                 5   1956Mi   384Mi   400m\n"
        "node                                    2048Mi          1000m\n"
        "fits, with 92Mi of memory and 600m of CPU to spare\n"
    )


def test_what_does_not_fit_is_said(folder: Path) -> None:
    result = toolkit("budget", str(folder), "--memory", "1900Mi", "--cpu", "300m")
    assert result.exit_code == 1
    assert result.stdout.endswith("too much by 56Mi of memory and 100m of CPU\n")


def test_any_manifests_are_taken_without_a_contract(folder: Path) -> None:
    result = toolkit("budget", "--manifests", str(folder / "*.yaml"))
    assert (result.exit_code, result.stdout.count("\n")) == (0, 4)
    assert "node" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--manifests", "none/*.yaml"], "`none/*.yaml` names no file"),
        (["--manifests", "{folder}/*.yaml", "--memory", "6GB"], "`6GB` is not a quantity"),
        (["{folder}/other.yml"], "there is no contract at"),
    ],
)
def test_what_cannot_be_understood(folder: Path, arguments: list[str], said: str) -> None:
    result = toolkit("budget", *(each.format(folder=folder) for each in arguments))
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_contract_without_manifests(tmp_path: Path) -> None:
    (tmp_path / "toolkit.yml").write_text("version: 1\n", "utf-8")
    result = toolkit("budget", str(tmp_path))
    assert result.exit_code == 2
    assert "the contract has no manifests" in result.stderr
