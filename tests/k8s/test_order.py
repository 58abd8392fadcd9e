"""The commands of docs/reference-stack.md work in their order, on an empty cluster."""

from __future__ import annotations

import pytest

from tests.k8s.shipped import FILES, ROOT, VALUES, manifests, one
from toolkit.kubernetes.manifests import Manifest

_CUSTOM = "monitoring.coreos.com/v1"


def of(folder: str) -> list[Manifest]:
    return [each for each in manifests() if each.source.startswith(folder)]


def test_the_namespace_is_the_first_thing_that_is_made_and_the_only_one() -> None:
    first, *others = of("k8s/configmap.yaml")
    assert (first.kind, first.name) == ("Namespace", "sre-app")
    assert {each.kind for each in others} == {"ConfigMap"}
    assert [each for each in manifests() if each.kind == "Namespace"] == [first]


@pytest.mark.parametrize("manifest", of("k8s/"), ids=str)
def test_each_object_goes_where_the_command_says(manifest: Manifest) -> None:
    """An object is refused whose namespace is not that of `-n`."""
    wanted = "monitoring" if manifest.source.startswith("k8s/monitoring/") else "sre-app"
    assert manifest.namespace == (None if manifest.kind == "Namespace" else wanted)


def test_kinds_that_the_chart_brings_are_applied_after_it() -> None:
    custom = {each.source for each in manifests() if each.api_version == _CUSTOM}
    assert custom == {
        "k8s/monitoring/prometheusrule.yaml",
        "k8s/monitoring/servicemonitor.yaml",
    }


def test_the_folder_that_is_applied_as_a_whole_holds_manifests_only() -> None:
    folder = ROOT / "k8s/elk"
    assert sorted(folder.iterdir()) == [file for file in FILES if file.parent == folder]
    assert all(each.get("apiVersion") and each.name for each in of("k8s/elk/"))


def test_the_chart_finds_what_is_meant_for_it_by_its_labels() -> None:
    """kube-prometheus-stack 88.5 selects by these, the release being `prometheus-stack`."""
    for kind in ("ServiceMonitor", "PrometheusRule"):
        assert one(kind, "sre-pleno-app").labels["release"] == "prometheus-stack"
    assert one("ConfigMap", "sre-pleno-app-dashboard").labels["grafana_dashboard"] == "1"
    assert "prometheus-stack " in VALUES.read_text("utf-8")


def test_the_service_is_reached_from_outside_and_elasticsearch_is_not() -> None:
    assert one("Service", "sre-pleno-app-service").get("spec", "type") == "NodePort"
    outside = [
        e for e in manifests() if e.kind == "Service" and e.get("spec", "type") != "ClusterIP"
    ]
    assert [each.name for each in outside] == ["sre-pleno-app-service"]
    assert not [each for each in manifests() if each.kind in ("Ingress", "Gateway", "HTTPRoute")]


def test_the_image_that_is_built_is_the_one_that_runs() -> None:
    images = [
        container["image"]
        for name in ("sre-pleno-app",)
        for container in one("Deployment", name).get("spec", "template", "spec", "containers")
    ]
    assert images == ["sre-pleno-app:v3"]
    assert one("ConfigMap", "sre-pleno-app").get("data", "APP_VERSION") == "v3"
