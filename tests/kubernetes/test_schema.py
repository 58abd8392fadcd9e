"""The walk through a schema agrees with jsonschema on manifests broken at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import pytest
import yaml

from toolkit.kubernetes.schema import Schema

jsonschema = pytest.importorskip("jsonschema")
pytest.importorskip("kubernetes_validate")

_OBJECTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app: shop}}
spec:
  selector: {matchLabels: {app: shop}}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}
  template:
    metadata: {labels: {app: shop}, annotations: {note: text}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 1000}
      containers:
      - name: shop
        image: shop:1
        env: [{name: A, value: b}, {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        ports: [{name: http, containerPort: 8000}]
        readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 5}
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 1Gi}}
        volumeMounts: [{name: logs, mountPath: /logs}]
      volumes: [{name: logs, emptyDir: {sizeLimit: 1Gi}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 4
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
  behavior: {scaleDown: {stabilizationWindowSeconds: 60, policies: [{type: Pods, value: 1, periodSeconds: 15}]}}
"""  # noqa: E501
_NAMES = {
    "Deployment": "deployment-apps-v1",
    "HorizontalPodAutoscaler": "horizontalpodautoscaler-autoscaling-v2",
}
_VALUES: tuple[Any, ...] = ("text", 7, 7.5, True, [], {}, ["a"], {"a": "b"}, [{}])


@cache
def folder() -> Any:
    return files("kubernetes_validate") / "kubernetes-json-schema" / "v1.34.0-local-strict"


@cache
def definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / "_definitions.json").read_bytes())
    return found


@cache
def form(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / f"{_NAMES[kind]}.json").read_bytes())
    return found


@cache
def reference(kind: str) -> Any:
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    whole = DRAFT202012.create_resource(definitions())
    registry: Any = Registry().with_resource(definitions()["$id"], whole).crawl()
    return jsonschema.Draft202012Validator(form(kind), registry=registry)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of the value, with each of its keys or indexes."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def broken(body: Any, random: Random) -> Any:
    body = deepcopy(body)
    inside, key = random.choice(list(places(body)))
    match random.randrange(3):
        case 0:
            inside[key] = random.choice(_VALUES)
        case 1:
            del inside[key]
        case _ if isinstance(inside, dict):
            inside[f"{key}x"] = inside.pop(key)
    return body


def test_it_agrees_with_jsonschema() -> None:
    random = Random(4)
    bodies = list(yaml.safe_load_all(_OBJECTS))
    schema = Schema(definitions()["$defs"])
    refused = 0
    for _ in range(600):
        body = broken(random.choice(bodies), random)
        if str(body.get("kind")) not in _NAMES:
            continue
        kind = body["kind"]
        wanted = {tuple(each.absolute_path) for each in reference(kind).iter_errors(body)}
        found = list(schema.faults(body, form(kind)))
        # That a text is a quantity is more than jsonschema can tell.
        more = {each.path for each in found if "not a quantity" in each.message}
        assert {each.path for each in found} - more == wanted - more, body
        refused += bool(wanted)
    assert refused > 200


def test_a_quantity_must_be_one() -> None:
    form = {"$ref": "#/$defs/io.k8s.apimachinery.pkg.api.resource.Quantity"}
    schema = Schema(definitions()["$defs"])
    assert not list(schema.faults("512Mi", form))
    (fault,) = schema.faults("512MB", form)
    assert "not a quantity" in fault.message
