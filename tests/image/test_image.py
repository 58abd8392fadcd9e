"""The image answers as a user without rights, on a root that takes no writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.building import ROOT, Image, Missing, base_of, built
from tests.image.container import Plan, Seen
from tests.waiting import PATIENCE
from toolkit.kubernetes.manifests import Manifest, parse_manifests
from toolkit.kubernetes.workloads import Container, containers

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")

_READ = (
    "from urllib.request import urlopen as o; print(o('http://127.0.0.1:8000{}').read().decode())"
)
QUESTIONS = {
    "health": _READ.format("/health"),
    "ready": _READ.format("/ready"),
    "version": _READ.format("/"),
    "metrics": _READ.format("/metrics"),
    "user": "import os; print(os.getuid(), os.getgid())",
    "root": "open('/app/app/new', 'w')",
    "log": "print(open('/app/logs/app.log').read())",
    "packages": "import importlib.metadata as m; print(*(d.name for d in m.distributions()))",
    "files": "import os; print(*sorted(os.listdir('/app')), *sorted(os.listdir('/app/app')))",
}


def deployed() -> Iterator[Manifest]:
    for name in ("configmap", "deployment"):
        file = ROOT / f"k8s/{name}.yaml"
        yield from parse_manifests(file.read_text("utf-8"), source=str(file))


def service() -> Container:
    [deployment] = (each for each in deployed() if each.kind == "Deployment")
    [container] = containers(deployment)
    return container


def plan(image: Image) -> Plan:
    """What the cluster makes of the image: its own settings, the Deployment's on top."""
    [settings] = (each.get("data") for each in deployed() if each.kind == "ConfigMap")
    inside = dict(each.split("=", 1) for each in image.config["Env"])
    return Plan(
        root=str(image.root),
        user=int(image.config["User"].partition(":")[0]),
        folder=image.config["WorkingDir"],
        environment=inside | settings,
        writable=[each["mountPath"] for each in service().body["volumeMounts"]],
        command=image.config["Cmd"],
        healthcheck=image.config["Healthcheck"]["Test"][1:],
        questions=QUESTIONS,
    )


def run(chosen: Plan) -> Seen:
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
         sys.executable, Path(__file__).with_name("container.py")],
        input=json.dumps(chosen), capture_output=True, text=True, check=True, timeout=2 * PATIENCE,
    )  # fmt: skip
    seen: Seen = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    if os.geteuid() != 0:
        pytest.skip("only root can build images without a daemon")
    try:
        with built(tmp_path_factory.mktemp("image")) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def seen(image: Image) -> Seen:
    found = run(plan(image))
    assert found["healthy"], found["said"]
    return found


def test_it_is_healthy_without_rights_on_a_root_that_takes_no_writes(seen: Seen) -> None:
    answers = seen["answers"]
    assert json.loads(answers["health"]) == {"status": "alive"}
    assert json.loads(answers["ready"])["status"] == "ready"
    assert answers["user"] == "10001 10001"
    assert answers["root"].endswith("OSError: [Errno 30] Read-only file system: '/app/app/new'")


def test_it_logs_and_counts_what_it_was_asked(seen: Seen) -> None:
    assert "Health checked method=GET path=/health status=200" in seen["answers"]["log"]
    assert "app_build_info{" in seen["answers"]["metrics"]
    assert (
        'http_requests_total{method="GET",route="/health",status="200"}'
        in (seen["answers"]["metrics"])
    )
    assert json.loads(seen["answers"]["version"])["version"] == "v3"


def test_it_ends_when_it_is_told_to(seen: Seen) -> None:
    assert seen["stopped"] == 0, seen["said"]


def test_what_it_needs_is_in_it_and_nothing_else(seen: Seen) -> None:
    packages = seen["answers"]["packages"].split()
    assert {"flask", "gunicorn", "prometheus_client"} <= {each.lower() for each in packages}
    assert not {"pip", "setuptools", "pytest"} & set(packages)
    assert seen["answers"]["files"].split() == sorted(["app", "logs"]) + sorted(
        each.name for each in (ROOT / "app").glob("*.py")
    )


def test_its_settings_are_those_of_the_dockerfile(image: Image) -> None:
    assert image.config["User"] == "10001:10001"
    assert image.config["Healthcheck"]["Test"][0] == "CMD"
    assert list(image.config["ExposedPorts"]) == ["8000/tcp"]


def test_a_root_that_takes_writes_is_told_apart(image: Image) -> None:
    """The test above would see it: here the program's folder is one of those that take writes."""
    open_plan = plan(image) | {"writable": ["/app/logs", "/tmp", "/home"]}
    open_plan["questions"] = {"root": "open('/home/new', 'w')"}
    assert run(Plan(**open_plan))["answers"]["root"] == ""


def test_without_a_place_for_its_log_it_does_not_start(image: Image) -> None:
    closed = plan(image)
    closed["writable"] = ["/tmp"]
    found = run(closed)
    assert not found["healthy"]
    assert "APP_LOG_DIR is '/app/logs'" in found["said"]


def test_the_base_is_pinned_to_a_patch_and_a_release() -> None:
    assert base_of(DOCKERFILE).startswith("python:3.11.")
    assert base_of(DOCKERFILE).endswith("-slim-bookworm")
