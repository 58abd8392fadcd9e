"""What one object says of another is true: addresses, ports, folders, files, claims."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.k8s.shipped import ROOT, manifests, one, pods
from toolkit.kubernetes.configuration import mounted, variables
from toolkit.kubernetes.manifests import Manifest, dig
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import Container, containers, pod_labels, pod_path, volumes

SERVICE = one("Deployment", "sre-pleno-app")


def container(name: str) -> Container:
    [found] = containers(one("Deployment", name))
    return found


def setting(name: str, variable: str) -> str:
    return variables(manifests(), container(name))[variable].text


def mount(name: str, folder: str) -> dict[str, Any]:
    [found] = (e for e in container(name).body["volumeMounts"] if e["mountPath"] == folder)
    return dict(found)


def reached(address: str) -> Manifest:
    """The one workload behind `service:port`, whose container has that port."""
    name, _, number = address.rpartition("/")[2].partition(":")
    [port] = one("Service", name).get("spec", "ports")
    assert port["port"] == int(number)
    selector = one("Service", name).get("spec", "selector")
    [workload] = (each for each in pods() if selects(selector, pod_labels(each)))
    [behind] = containers(workload)
    assert port["targetPort"] in {each["name"] for _, each in behind.ports()}
    return workload


@pytest.mark.parametrize("service", [e for e in manifests() if e.kind == "Service"], ids=str)
def test_every_service_leads_to_a_port_of_its_one_workload(service: Manifest) -> None:
    [port] = service.get("spec", "ports")
    assert reached(f"{service.name}:{port['port']}").kind in ("Deployment", "StatefulSet")


def test_the_service_listens_where_the_cluster_asks() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    [port] = (each["containerPort"] for _, each in container("sre-pleno-app").ports())
    assert f"EXPOSE {port}\n" in dockerfile
    assert f'"0.0.0.0:{port}"' in dockerfile


@pytest.mark.parametrize(
    ("name", "variable", "wanted"),
    [
        ("filebeat", "LOGSTASH_HOSTS", "logstash"),
        ("logstash", "ELASTICSEARCH_URL", "elasticsearch"),
        ("kibana", "ELASTICSEARCH_HOSTS", "elasticsearch"),
    ],
)
def test_each_reaches_the_next(name: str, variable: str, wanted: str) -> None:
    assert reached(setting(name, variable)).name == wanted


def test_the_job_reaches_kibana_and_posts_a_file_that_is_there() -> None:
    [importing] = containers(one("Job", "kibana-objects"))
    assert reached(variables(manifests(), importing)["KIBANA"].text).name == "kibana"
    [file] = (each.path for each in mounted(manifests(), importing))
    assert f"file=@{file} " in importing.body["args"][0]


def test_logstash_finds_its_pipeline_patterns_template_and_settings() -> None:
    files = {each.path for each in mounted(manifests(), container("logstash"))}
    assert files == {
        "/usr/share/logstash/config/logstash.yml",
        "/usr/share/logstash/pipeline/app.conf",
        f"{setting('logstash', 'APP_PATTERNS_DIR')}/app",
        setting("logstash", "APP_TEMPLATE"),
    }


def test_logstash_is_told_all_that_its_pipeline_asks_the_environment() -> None:
    pipeline = (ROOT / "pipelines/logstash/app.conf").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)[:}]", pipeline))
    assert asked <= set(variables(manifests(), container("logstash")))
    [port] = re.findall(r"port => (\d+)", pipeline)
    assert int(port) in {each["containerPort"] for _, each in container("logstash").ports()}


def test_filebeat_reads_what_the_service_writes_in_a_folder_for_each_pod() -> None:
    written, read = mount("sre-pleno-app", "/app/logs"), mount("filebeat", "/app/logs")
    claims = {
        dig(volume, "persistentVolumeClaim", "claimName")
        for name, each in (("sre-pleno-app", written), ("filebeat", read))
        for volume in volumes(one("Deployment", name))
        if volume["name"] == each["name"]
    }
    assert claims == {"sre-pleno-app-logs"}
    assert setting("sre-pleno-app", "APP_LOG_DIR") == written["mountPath"]
    assert written["subPathExpr"] == "$(POD_NAME)"
    assert read["readOnly"] is True
    assert "subPath" not in read
    seen = PurePosixPath(read["mountPath"], "sre-pleno-app-5d9c-x7k2p", "app.log")
    assert seen.match(setting("filebeat", "APP_LOG_DIR") + "/app.log*")


def test_prometheus_scrapes_the_service_under_the_name_the_rules_select() -> None:
    monitor = one("ServiceMonitor", "sre-pleno-app")
    assert monitor.get("spec", "namespaceSelector", "matchNames") == ["sre-app"]
    taken = [
        each
        for each in manifests()
        if each.kind == "Service" and selects(monitor.get("spec", "selector"), each.labels)
    ]
    [endpoint] = monitor.get("spec", "endpoints")
    [port] = taken[0].get("spec", "ports")
    rules = (ROOT / "pipelines/prometheus/rules.yml").read_text("utf-8")
    assert monitor.get("spec", "jobLabel") is None
    assert {each.name for each in taken} == set(re.findall(r'job="([^"]+)"', rules))
    assert (endpoint["port"], endpoint["path"]) == (port["name"], "/metrics")


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget", "Deployment"])
def test_only_the_service_carries_its_labels(kind: str) -> None:
    """Another pod with them would be sent requests, and spoil the autoscaler's ratio."""
    name = "sre-pleno-app-service" if kind == "Service" else "sre-pleno-app"
    selector = one(kind, name).get("spec", "selector")
    assert [each for each in pods() if selects(selector, pod_labels(each))] == [SERVICE]


def test_elasticsearch_lets_in_whoever_is_told_its_address_and_nobody_else() -> None:
    [rule] = one("NetworkPolicy", "elasticsearch").get("spec", "ingress")
    [peer] = rule["from"]
    admitted = {each.name for each in pods() if selects(peer["podSelector"], pod_labels(each))}
    told = {
        workload.name
        for workload in pods()
        for each in containers(workload)
        if any("elasticsearch:" in v.text for v in variables(manifests(), each).values())
    }
    assert admitted == told == {"logstash", "kibana"}


@pytest.mark.parametrize("workload", list(pods()), ids=str)
def test_every_claim_and_every_config_map_exists(workload: Manifest) -> None:
    there = {(each.kind, each.name) for each in manifests()}
    for volume in volumes(workload):
        if claim := dig(volume, "persistentVolumeClaim", "claimName"):
            assert ("PersistentVolumeClaim", claim) in there
        if name := dig(volume, "configMap", "name"):
            assert ("ConfigMap", name) in there
    for each in containers(workload):
        for source in each.body.get("envFrom") or ():
            assert ("ConfigMap", source["configMapRef"]["name"]) in there


@pytest.mark.parametrize("workload", list(pods()), ids=str)
def test_every_mount_has_its_volume_and_every_probe_its_port(workload: Manifest) -> None:
    made = {
        each["metadata"]["name"] for each in workload.get("spec", "volumeClaimTemplates") or ()
    }
    names = made | {each["name"] for each in volumes(workload)}
    for each in containers(workload):
        used = {m["name"] for m in each.body.get("volumeMounts") or ()}
        assert used <= names
        ports = {port["name"] for _, port in each.ports()}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            for asked in (each.body.get(probe) or {}).values():
                assert not isinstance(asked, dict) or asked["port"] in ports


def test_who_has_one_volume_never_runs_twice_at_once() -> None:
    for name in ("filebeat", "logstash"):
        assert one("Deployment", name).get("spec", "strategy", "type") == "Recreate"
        assert one("Deployment", name).get("spec", "replicas") == 1


def test_a_pod_has_time_to_answer_what_it_took() -> None:
    gunicorn = (ROOT / "app/gunicorn.conf.py").read_text("utf-8")
    [graceful] = map(int, re.findall(r"^graceful_timeout = (\d+)$", gunicorn, re.M))
    draining = container("sre-pleno-app").body["lifecycle"]["preStop"]["sleep"]["seconds"]
    granted = SERVICE.get(*pod_path(SERVICE), "spec", "terminationGracePeriodSeconds")
    assert graceful + draining < granted
