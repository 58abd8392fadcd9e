"""Repositories of a few files, and the answers of their deployments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from toolkit.deployment.deployment import Deployment, Stated
from toolkit.deployment.logstash import pipelines
from toolkit.deployment.reading import kinds, read_deployment
from toolkit.deployment.site import Known, Site, Unknown
from toolkit.deployment.tree import Omission, Tree
from toolkit.findings import Location

IMAGE = "docker.elastic.co/logstash/logstash"
SERVICE = f"services:\n  ls:\n    image: {IMAGE}:8.1.0\n"


def deployed(files: Mapping[str, str], **stated: Mapping[str, str]) -> Deployment:
    tree = Tree({name: text.encode() for name, text in files.items()})
    return read_deployment(tree, kinds(tree), Stated(Location("toolkit.yml", 1), **stated))


def logstash(files: Mapping[str, str], **stated: Mapping[str, str]) -> tuple[Deployment, Site]:
    deployment = deployed(files, **stated)
    (site,) = deployment.at("logstash")
    return deployment, site


VARIABLES = {
    "a value": ("environment: {A: x}", "", "x"),
    "a list": ("environment: [A=x=y]", "", "x=y"),
    "a number": ("environment: {A: 08}", "", "08"),
    "interpolated": ('environment: {A: "${B}/c"}', "B=b\n", "b/c"),
    "a default": ('environment: {A: "${B:-d}"}', "", "d"),
    "a default of a default": ('environment: {A: "${B:-${C:-e}}"}', "", "e"),
    "a default that is not needed": ('environment: {A: "${B-d}"}', "B=b\n", "b"),
    "another text if it is set": ('environment: {A: "${B:+on}"}', "B=b\n", "on"),
    "a dollar": ('environment: {A: "$$B"}', "", "$B"),
    "from .env": ("environment: [A]", "A=dot\n", "dot"),
    "from a file": ("env_file: [./.env]", "export A='x # y' # no\n", "x # y"),
    "a file with a comment": ("env_file: .env", "# A=1\nA=2 # two\n", "2"),
}


@pytest.mark.parametrize(("service", "dotenv", "value"), VARIABLES.values(), ids=VARIABLES)
def test_variables_of_compose(service: str, dotenv: str, value: str) -> None:
    deployment, site = logstash(
        {
            "compose.yml": SERVICE + f"    {service}\n",
            ".env": dotenv,
        }
    )
    found = deployment.variable([site], "A")
    assert isinstance(found, Known)
    assert found.value == value


def test_a_variable_without_value_is_unknown_with_the_reason() -> None:
    deployment, site = logstash({"compose.yml": SERVICE + '    environment: {A: "${B}"}\n'})
    assert deployment.variable([site], "A") == Unknown(
        "compose.yml:4:22 sets it, and it needs `B`"
    )
    assert deployment.variable([site], "C") == Unknown("nothing here sets it")


def test_a_file_that_was_passed_over_is_unknown_with_the_reason() -> None:
    files = {"compose.yml": SERVICE + "    volumes: ['./conf:/etc/ls']\n", "conf/a.conf": ""}
    deployment, site = logstash(files)
    omitted = (Omission("conf/large.yml", "it has more than 1 MiB"),)
    deployment = replace(deployment, tree=replace(deployment.tree, omitted=omitted))
    reason = "conf/large.yml is not read: it has more than 1 MiB"
    assert deployment.files([site], "/etc/ls/large.yml") == Unknown(reason)
    assert deployment.files([site], "/etc/ls/other.yml") == ()


def test_the_contract_goes_before_all_files() -> None:
    files = {"compose.yml": SERVICE + "    environment: {A: x}\n"}
    deployment, site = logstash(files, variables={"A": "y"}, versions={"logstash": "9.2"})
    assert deployment.variable([site], "A") == Known("y", Location("toolkit.yml", 1))
    assert deployment.version("logstash") == Known("9.2", Location("toolkit.yml", 1))


def test_an_override_beside_a_compose_file_is_merged_into_it() -> None:
    deployment, site = logstash(
        {
            "docker-compose.yml": SERVICE + "    environment: [A=x]\n",
            "docker-compose.override.yml": "services:\n  ls:\n    environment: [A=y]\n",
        }
    )
    found = deployment.variable([site], "A")
    assert isinstance(found, Known)
    assert found.value == "y"


def test_a_service_extends_another_file() -> None:
    deployment = deployed(
        {
            "base.yml": SERVICE + "    environment: [A=x]\n",
            "on/compose.yml": "services:\n  own:\n    extends: {file: ../base.yml, service: ls}\n",
        }
    )
    site = next(site for site in deployment.sites if site.name == "own")
    assert "A" in site.environment
    assert deployment.version("logstash", [site]).value == "8.1.0"  # type: ignore[union-attr]


FILES = {
    "a folder": ("volumes: ['./conf:/etc/ls:ro']", "/etc/ls/maps/n.yml", ["conf/maps/n.yml"]),
    "a file": ("volumes: [./conf/maps/n.yml:/n.yml]", "/n.yml", ["conf/maps/n.yml"]),
    "a glob": (
        "volumes: [./conf:/etc/ls]",
        "/etc/ls/maps/*",
        ["conf/maps/m.yml", "conf/maps/n.yml"],
    ),
    "the long form": (
        "volumes: [{type: bind, source: ./conf, target: /etc/ls}]",
        "/etc/ls/maps/m.yml",
        ["conf/maps/m.yml"],
    ),
    "a folder without the file": ("volumes: [./conf:/etc/ls]", "/etc/ls/maps/o.yml", []),
    "by its end": ("command: logstash", "/opt/x/maps/n.yml", ["conf/maps/n.yml"]),
}


@pytest.mark.parametrize(("service", "path", "wanted"), FILES.values(), ids=FILES)
def test_files_of_compose(service: str, path: str, wanted: list[str]) -> None:
    deployment, site = logstash(
        {
            "compose.yml": SERVICE + f"    {service}\n",
            "conf/maps/n.yml": "a: b\n",
            "conf/maps/m.yml": "c: d\n",
        }
    )
    found = deployment.files([site], path)
    assert not isinstance(found, Unknown)
    assert [each.source for each in found] == wanted


def test_a_file_in_a_named_volume_is_unknown() -> None:
    deployment, site = logstash(
        {"compose.yml": f"services:\n  ls:\n    image: {IMAGE}\n    volumes: ['maps:/maps']\n"}
    )
    assert deployment.files([site], "/maps/n.yml") == Unknown("compose.yml:4:15: it is a volume")
    assert isinstance(deployment.files([site], "/elsewhere/n.yml"), Unknown)


DOCKERFILE = f"""\
ARG VERSION=8.1
FROM {IMAGE}:${{VERSION}} AS base
ENV A=x \\
    B="two words"
FROM base
COPY conf/ /etc/ls/
COPY ["maps/n.yml", "/maps/"]
"""


def test_an_image_is_built_from_its_dockerfile() -> None:
    deployment, site = logstash(
        {
            "compose.yml": "services:\n  ls:\n    build: {context: ls, args: {VERSION: 8.15.0}}\n",
            "ls/Dockerfile": DOCKERFILE,
            "ls/conf/a.conf": "",
            "ls/maps/n.yml": "",
        }
    )
    assert deployment.version("logstash").value == "8.15.0"  # type: ignore[union-attr]
    assert {name: each.value for name, each in site.environment.items()} == {
        "A": "x",
        "B": "two words",
    }
    for path, source in {
        "/etc/ls/a.conf": "ls/conf/a.conf",
        "/maps/n.yml": "ls/maps/n.yml",
    }.items():
        found = deployment.files([site], path)
        assert not isinstance(found, Unknown)
        assert [each.source for each in found] == [source]


WORKLOAD = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings}}
data: {{LEVEL: info, main.conf: "filter {{ }}"}}
---
apiVersion: v1
kind: Service
metadata: {{name: ls, namespace: logs}}
spec: {{selector: {{app: ls}}, ports: [{{port: 5044}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ls, namespace: logs}}
spec:
  template:
    metadata: {{labels: {{app: ls}}}}
    spec:
      containers:
        - name: ls
          image: {IMAGE}:9.0.1
          ports: [{{containerPort: 5044}}]
          envFrom: [{{configMapRef: {{name: settings}}}}]
          env:
            - {{name: A, valueFrom: {{configMapKeyRef: {{name: settings, key: LEVEL}}}}}}
            - {{name: B, valueFrom: {{secretKeyRef: {{name: secret, key: pw}}}}}}
          volumeMounts: [{{name: conf, mountPath: /pipeline}}]
      volumes: [{{name: conf, configMap: {{name: settings}}}}]
"""


def test_a_container_of_a_workload_is_a_site() -> None:
    deployment, site = logstash({"all.yaml": WORKLOAD})
    assert site.environment["LEVEL"].value == site.environment["A"].value == "info"
    assert deployment.variable([site], "B") == Unknown(
        "all.yaml:25:15 sets it, and it comes from key `pw` of Secret `secret`"
    )
    (content,) = deployment.files([site], "/pipeline/*.conf")  # type: ignore[misc]
    assert content.data == b"filter { }"
    assert {each.host for each in site.entrances} >= {"ls", "ls.logs.svc"}


def test_pipelines_are_those_of_the_settings() -> None:
    deployment, _ = logstash(
        {
            "compose.yml": f"services:\n  ls:\n    image: {IMAGE}:8.1.0\n"
            "    volumes: [./config/pipelines.yml:/usr/share/logstash/config/pipelines.yml,"
            " ./conf:/conf]\n",
            "config/pipelines.yml": '- pipeline.id: a\n  path.config: "/conf/a/*.conf"\n'
            '- pipeline.id: b\n  path.config: "/conf/b"\n  pipeline.ecs_compatibility: disabled\n',
            "conf/a/1.conf": "input { }\nfilter { x => 1 }",
            "conf/a/2.conf": "filter { }",
            "conf/b/1.any": "filter { }",
        }
    )
    found = list(pipelines(deployment, ["config/pipelines.yml"]))
    assert [(each.id, each.files, each.ecs_compatibility) for each in found] == [
        ("a", ("conf/a/1.conf", "conf/a/2.conf"), ""),
        ("b", ("conf/b/1.any",), "disabled"),
    ]


def test_a_compose_file_that_cannot_be_read_silences_no_other() -> None:
    deployment = deployed(
        {
            "a/compose.yml": "services:\n  x: [\n",
            "b/compose.yml": f"services:\n  ls:\n    image: {IMAGE}:8.1.0\n",
        }
    )
    assert [site.name for site in deployment.sites] == ["ls"]
    assert [fault.where.source for fault in deployment.faults] == ["a/compose.yml"]


def test_a_site_that_has_the_configuration_has_no_other_files_than_its_mounts() -> None:
    deployment, site = logstash(
        {
            "compose.yml": SERVICE + "    volumes: [./conf:/usr/share/logstash/pipeline]\n",
            "conf/a.conf": "",
            "elsewhere/patterns/shop": "",
        }
    )
    assert isinstance(deployment.files([site], "/etc/patterns/*", ["conf/a.conf"]), Unknown)


def test_a_stated_path_that_does_not_exist_is_named() -> None:
    deployment, site = logstash({"compose.yml": SERVICE}, mounts={"/etc/patterns": "./patern"})
    assert deployment.files([site], "/etc/patterns/*") == Unknown(
        "toolkit.yml:1: `./patern` is not in the repository"
    )


VERSIONS = {
    "an image": ({"compose.yml": "services: {p: {image: 'prom/prometheus:v2.53.0'}}\n"}, "2.53.0"),
    "a build, whatever the image is called": (
        {
            "compose.yml": "services: {p: {image: 'own/prometheus:1.0', build: .}}\n",
            "Dockerfile": "FROM prom/prometheus:v3.1.0\n",
        },
        "3.1.0",
    ),
    "an object of an operator": (
        {
            "p.yaml": "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
            "metadata: {name: p}\nspec: {version: v2.45.0}\n"
        },
        "2.45.0",
    ),
    "a chart": (
        {"Chart.yaml": "name: prometheus\nversion: 25.0.0\nappVersion: v2.48.0\n"},
        "2.48.0",
    ),
    "the values of a chart": (
        {"values.yaml": "server: {image: {repository: prom/prometheus, tag: v3.5}}\n"},
        "3.5",
    ),
    "no image of another program": (
        {"compose.yml": "services: {p: {image: 'prometheus-operator:v0.68.0'}}\n"},
        None,
    ),
    "no chart of another program": (
        {"Chart.yaml": "name: kube-prometheus-stack\nversion: 45.0.0\nappVersion: v0.63.0\n"},
        None,
    ),
}


@pytest.mark.parametrize(("files", "version"), VERSIONS.values(), ids=VERSIONS)
def test_the_version_of_a_product(files: Mapping[str, str], version: str | None) -> None:
    found = deployed(files).version("prometheus")
    assert found.value == version if isinstance(found, Known) else version is None
