"""Edits of what is deployed that no system refuses; the toolkit names each, at its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance import copied, toolkit

SECURE = "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
JOB = """\
---
apiVersion: batch/v1
kind: Job
metadata: {name: sre-pleno-app-migrate, namespace: sre-app}
spec:
  template:
    metadata: {labels: {app.kubernetes.io/name: sre-pleno-app}}
    spec:
      restartPolicy: Never
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: migrate
          image: sre-pleno-app:v3
          ports: [{name: http, containerPort: 8000}]
          resources: {requests: {cpu: 200m, memory: 130Mi}}
          securityContext: %s
"""
WITHOUT_SERVICE = ("manifests/*", "autoscaling/*", "kibana/*", "metrics/no-target")
"""What can be judged by the files alone; the rest waits for the service to have run."""


@dataclass(frozen=True)
class Edit:
    """A change to one file, and what must be said of it."""

    file: str
    before: str
    after: str
    check: str
    elsewhere: str = ""
    """The place, where it is not the edited line itself."""
    whole: bool = False
    """Whether everything is looked at, the running service included."""


EDITS = {
    "a panel's field renamed": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"sourceField":"latency_ms"',
        '"sourceField":"latency"',
        "kibana/field-missing",
        whole=True,
    ),
    "a field in a panel's query renamed": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"query":"http.response.status_code: *"',
        '"query":"http.response.status: *"',
        "kibana/field-missing",
    ),
    "a panel's Lens renamed": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"id":"sre-pleno-app-latency"',
        '"id":"sre-pleno-app-latencies"',
        "kibana/orphan-reference",
        elsewhere="pipelines/kibana/sre-pleno-app.ndjson:",
    ),
    "a letter of a data view's pattern": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"title":"sre-pleno-app-*"',
        '"title":"sre-pleno-apps-*"',
        "kibana/no-such-index",
    ),
    "a data view's time field renamed": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"timeFieldName":"@timestamp"',
        '"timeFieldName":"timestamp"',
        "kibana/time-field",
    ),
    "a data view's time field taken away": Edit(
        "pipelines/kibana/sre-pleno-app.ndjson",
        '"timeFieldName":"@timestamp",',
        "",
        "kibana/time-field",
    ),
    "a mean of a keyword": Edit(
        "pipelines/elasticsearch/template.json",
        '"latency_ms": {"type": "float"}',
        '"latency_ms": {"type": "keyword"}',
        "kibana/not-aggregatable",
        elsewhere="pipelines/kibana/sre-pleno-app.ndjson:",
    ),
    "a dashboard's label renamed": Edit(
        "pipelines/grafana/golden-signals.json",
        "sum by (status) (rate(",
        "sum by (code) (rate(",
        "dashboards/dead-reference",
        whole=True,
    ),
    "the CPU request removed": Edit(
        "k8s/deployment.yaml",
        'requests: {cpu: 200m, memory: 130Mi}\n            limits: {cpu: "1", memory: 192Mi}',
        "requests: {memory: 130Mi}\n            limits: {memory: 192Mi}",
        "autoscaling/missing-request",
    ),
    "a misspelt field": Edit(
        "k8s/deployment.yaml", "averageUtilization:", "averageUtilizaton:", "manifests/schema"
    ),
    "a minimum above the maximum": Edit(
        "k8s/deployment.yaml",
        "minReplicas: 2",
        "minReplicas: 6",
        "autoscaling/min-over-max",
        elsewhere="k8s/deployment.yaml:",
    ),
    "a sidecar without a request": Edit(
        "k8s/deployment.yaml",
        "      volumes:\n        - name: logs\n",
        "        - name: proxy\n          image: envoyproxy/envoy:v1.31.2\n"
        f"          securityContext: {SECURE}\n"
        "      volumes:\n        - name: logs\n",
        "autoscaling/missing-request",
    ),
    "a Job that shares the labels": Edit(
        "k8s/deployment.yaml",
        "---\n# Why these numbers",
        JOB % SECURE + "---\n# Why these numbers",
        "autoscaling/selector-overlap",
        elsewhere="k8s/deployment.yaml:",
    ),
    "a limit below the request": Edit(
        "k8s/deployment.yaml",
        'limits: {cpu: "1", memory: 192Mi}',
        "limits: {cpu: 100m, memory: 192Mi}",
        "manifests/refused",
        elsewhere="k8s/deployment.yaml:",
    ),
    "a target above limit ÷ request": Edit(
        "k8s/deployment.yaml",
        "averageUtilization: 60",
        "averageUtilization: 600",
        "autoscaling/unreachable-target",
        elsewhere="k8s/deployment.yaml:",
    ),
    "the autoscaler's target renamed": Edit(
        "k8s/deployment.yaml",
        "    kind: Deployment\n    name: sre-pleno-app\n",
        "    kind: Deployment\n    name: sre-pleno\n",
        "autoscaling/dangling-target",
    ),
    "replicas beside an autoscaler": Edit(
        "k8s/deployment.yaml",
        "  revisionHistoryLimit: 3\n",
        "  replicas: 1\n  revisionHistoryLimit: 3\n",
        "autoscaling/static-replicas",
    ),
    "the Service's label changed": Edit(
        "k8s/deployment.yaml",
        "  name: sre-pleno-app-service\n  namespace: sre-app\n  labels:\n"
        "    app.kubernetes.io/name: sre-pleno-app\n",
        "  name: sre-pleno-app-service\n  namespace: sre-app\n  labels:\n"
        "    app.kubernetes.io/name: sre-pleno\n",
        "metrics/no-target",
        elsewhere="k8s/monitoring/servicemonitor.yaml:",
        whole=True,
    ),
    "the Service's selector changed": Edit(
        "k8s/deployment.yaml",
        "  selector:\n    app.kubernetes.io/name: sre-pleno-app\n",
        "  selector:\n    app.kubernetes.io/name: sre-pleno\n",
        "manifests/selector-mismatch",
        elsewhere="k8s/deployment.yaml:",
    ),
    "the monitor's port renamed": Edit(
        "k8s/monitoring/servicemonitor.yaml", "port: http", "port: metrics", "metrics/no-target"
    ),
    "a heap as large as its limit": Edit(
        "k8s/elk/elasticsearch.yaml",
        "-Xms512m -Xmx512m",
        "-Xms1280m -Xmx1280m",
        "manifests/heap-over-limit",
    ),
    "more replicas than the node bears": Edit(
        "k8s/deployment.yaml", "maxReplicas: 5", "maxReplicas: 12", "manifests/node-budget"
    ),
    "an image nobody builds": Edit(
        "k8s/deployment.yaml",
        "image: sre-pleno-app:v3",
        "image: sre-pleno-app:v4",
        "manifests/image-drift",
    ),
    "a pipeline edited without its copy": Edit(
        "pipelines/filebeat/filebeat.yml",
        "match: after",
        "match: after # the line before",
        "manifests/config-drift",
        elsewhere="k8s/elk/configmaps.yaml:",
        whole=True,
    ),
    "a rule edited without its copy": Edit(
        "pipelines/prometheus/rules.yml",
        "for: 5m",
        "for: 6m",
        "manifests/config-drift",
        elsewhere="k8s/monitoring/prometheusrule.yaml:",
    ),
}


def line_of(text: str, other: str) -> int:
    """The number of the first line in which two texts differ."""
    pairs = zip(text.split("\n"), other.split("\n"), strict=False)
    return next(number for number, (one, two) in enumerate(pairs, 1) if one != two)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_edit_is_named_first_and_at_its_place(edit: Edit, tmp_path: Path) -> None:
    file = copied(tmp_path) / edit.file
    text = file.read_text("utf-8")
    assert edit.before in text
    file.write_text(text.replace(edit.before, edit.after, 1), "utf-8")
    place = edit.elsewhere or f"{edit.file}:{line_of(file.read_text('utf-8'), text)}:"
    only = () if edit.whole else [word for glob in WITHOUT_SERVICE for word in ("--only", glob)]
    run = toolkit("verify", "--format", "json", *only, folder=tmp_path)
    first, *_ = run.json()["findings"]
    where = first["where"]
    assert (run.code, first["check"]) == (1, edit.check)
    assert f"{where['source']}:{where['line']}:".startswith(place)


@pytest.mark.parametrize(
    "name",
    [name for name, edit in EDITS.items() if edit.check.startswith("autoscaling/")],
)
def test_what_keeps_an_autoscaler_from_acting_is_said_in_a_few_lines(
    name: str, tmp_path: Path
) -> None:
    edit, file = EDITS[name], copied(tmp_path) / EDITS[name].file
    file.write_text(file.read_text("utf-8").replace(edit.before, edit.after, 1), "utf-8")
    run = toolkit("scale", "--why", folder=tmp_path)
    _, first, *others = run.out.split("\n\n")
    assert (run.code, first.split()[1]) == (1, edit.check)
    assert all(len(each.splitlines()) <= 12 for each in (first, *others))
