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
        "Deployment shop                   4+1     64Mi    96Mi   100m\n"
        "reserved: control plane                  200Mi\n"
        "all                                 5   1956Mi   384Mi   400m\n"
        "rolling update of Deployment shop  +1     64Mi           100m\n"
        "node                                    2048Mi          1000m\n"
        "fits, with 92Mi of memory and 600m of CPU to spare\n"
    )


def test_a_rolling_update_without_room_is_said(folder: Path) -> None:
    result = toolkit("budget", str(folder), "--memory", "2000Mi", "--cpu", "450m")
    assert result.exit_code == 0
    assert result.stdout.endswith(
        "fits, with 44Mi of memory and 50m of CPU to spare; "
        "a rolling update needs 20Mi of memory and 50m of CPU more\n"
    )


PODS = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults}
spec: {limits: [{type: Container, defaultRequest: {memory: 20Mi}}]}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: sandbox}
handler: kata
overhead: {podFixed: {memory: 64Mi, cpu: 100m}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: whole}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxSurge: 100%}}
  selector: {matchLabels: {app: whole}}
  template:
    metadata: {labels: {app: whole}}
    spec:
      resources: {requests: {cpu: 300m, memory: 300Mi}, limits: {memory: 400Mi}}
      containers:
      - {name: a, image: "a:1", resources: {requests: {cpu: 100m, memory: 100Mi}}}
      - {name: b, image: "b:1"}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      runtimeClassName: sandbox
      containers: [{name: a, image: "a:1", resources: {limits: {memory: 200Mi, cpu: 1}}}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  parallelism: 3
  completions: 2
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: "c:1"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stopped}
spec:
  replicas: 0
  selector: {matchLabels: {app: stopped}}
  template:
    metadata: {labels: {app: stopped}}
    spec:
      containers: [{name: c, image: "c:1", resources: {limits: {memory: 3500m}}}]
"""


def test_pods_count_with_all_that_they_request_in_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(PODS, "utf-8")
    result = toolkit("budget", "--manifests", str(tmp_path / "m.yaml"))
    assert result.stdout == (
        "workload                         pods  request   limit    cpu  heap\n"
        "Deployment whole                  2+2    300Mi   400Mi   300m\n"
        "DaemonSet agent                     1    264Mi   264Mi  1100m\n"
        "Job once                            2     20Mi    none     0m\n"
        "Deployment stopped                  0        4       4     0m\n"
        "all                                 5    904Mi  1064Mi  1700m\n"
        "rolling update of Deployment whole +2    600Mi           600m\n"
    )


def test_what_does_not_fit_is_said(folder: Path) -> None:
    result = toolkit("budget", str(folder), "--memory", "1900Mi", "--cpu", "300m")
    assert result.exit_code == 1
    assert result.stdout.endswith("too much by 56Mi of memory and 100m of CPU\n")


def test_any_manifests_are_taken_without_a_contract(folder: Path) -> None:
    result = toolkit("budget", "--manifests", str(folder / "*.yaml"))
    assert (result.exit_code, result.stdout.count("\n")) == (0, 5)
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


def test_a_chart_that_is_not_rendered_leaves_the_sum_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n", "utf-8")
    (chart / "templates" / "m.yaml").write_text("kind: Deployment\na: {{ .Values.a }}\n", "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", "")
    alone = toolkit("budget", "--manifests", "chart/**/*.yaml")
    assert (alone.exit_code, alone.stdout) == (3, "")
    assert "helm is not installed" in alone.stderr
    beside = ("--manifests", "chart/**/*.yaml", "--manifests", "m.yaml")
    found = toolkit("budget", *beside)
    assert (found.exit_code, "Deployment shop" in found.stdout) == (3, True)
    assert "the chart `shop` is not rendered" in found.stderr
    assert toolkit("budget", *beside, "--memory", "1Gi").exit_code == 1
