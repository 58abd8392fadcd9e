"""`toolkit scale --kube-context`, with the real kubectl and Locust, in a cluster by script.

What a real control plane makes of it is shown by `tests/cluster/scale`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.connectors.apiserver import kubeconfig, serving_answers
from tests.real.kubectl import program
from tests.scaling.scripted import Scripted
from tests.scaling.test_forwards import listener
from toolkit.cli import main
from toolkit.connectors.cluster import cluster_run

HERE = Path(__file__).parent
CONTRACT = """
version: 1
kubernetes: {{manifests: shop.yaml, namespace: shop}}
scaling:
  {{locustfile: users.py, users: 20, samples: 20, budget: 4, speed: 10, within: 200, back: 200}}
targets:
  kubernetes:
    context: stub
    kubeconfig: kubeconfig
    url: {url}
    writable: true
    sync_period: 0.4
    metric_resolution: 0.4
"""


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted]:
    """A cluster, and a contract about it in the folder of the test."""
    for name in ("shop.yaml", "users.py"):
        (tmp_path / name).write_text((HERE / name).read_text("utf-8"), "utf-8")
    cluster = Scripted((HERE / "shop.yaml").read_text("utf-8"))
    with serving_answers(cluster) as url:
        kubeconfig(tmp_path, url)
        (tmp_path / "contract.yml").write_text(CONTRACT.format(url=url), "utf-8")
        yield cluster


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "contract.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def scale(folder: Path, *options: str, context: str = "stub") -> tuple[int, str]:
    """The exit code, and what is printed, as one line."""
    words = ["scale", "--kube-context", context, *options, str(folder / "contract.yml")]
    kubectl = str(Path(program("kubectl")).parent)
    path = os.pathsep.join((kubectl, os.environ.get("PATH", os.defpath)))
    done = CliRunner().invoke(main, words, env={"PATH": path, "TOOLKIT_RAISE": "1"})
    return done.exit_code, " ".join(done.output.split())


def test_out_and_back(scripted: Scripted, tmp_path: Path) -> None:
    edit(tmp_path, "users: 20", "minimum: 2, users: 20")
    kept = str(tmp_path / "run.jsonl")
    code, output = scale(tmp_path, "--record", kept)
    assert code == 0, output
    assert "PASS 4 proved" in output
    assert "traffic" in output
    assert "by CPU" in output
    assert "the contract's minimum of 2 is left aside: the cluster has 1" in output
    replayed, again = scale(tmp_path, "--replay", kept)
    assert (replayed, again.count("PASS 4 proved")) == (0, 1)


def test_what_nobody_tells_is_not_proved(scripted: Scripted, tmp_path: Path) -> None:
    scripted.forbidden = "metrics.k8s.io/v1beta1/namespaces"
    code, output = scale(tmp_path)
    assert code == 3, output
    assert "it is not known which replicas the requests went to" in output
    assert "3 proved, 0 broken, 1 not proved" in output


def test_credentials_that_expire_in_the_middle_are_named(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.away_after = 5
    code, output = scale(tmp_path)
    assert code == 3, output
    assert "the API server of `stub` rejected the credentials (HTTP 401)" in output


def rolled_out(deployment: dict[str, Any], hpa: dict[str, Any]) -> None:
    deployment["spec"]["template"]["metadata"]["annotations"] = {"restartedAt": "now"}


def edited(deployment: dict[str, Any], hpa: dict[str, Any]) -> None:
    hpa["spec"]["maxReplicas"] = 9


def deleted(deployment: dict[str, Any], hpa: dict[str, Any]) -> None:
    hpa["metadata"]["name"] = "shop-v2"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (rolled_out, "Deployment shop was rolled out in the middle of the run"),
        (edited, "HorizontalPodAutoscaler shop was changed in the middle of the run"),
        (deleted, "HorizontalPodAutoscaler shop was deleted in the middle of the run"),
    ],
)
def test_what_changes_in_the_middle_voids_the_run(
    scripted: Scripted, tmp_path: Path, change: Callable[..., None], what: str
) -> None:
    scripted.change = (5, change)
    code, output = scale(tmp_path)
    assert code == 3, output
    assert what in output
    assert "0 proved, 0 broken" in output


def test_a_metric_that_is_lost_for_a_while_is_told(scripted: Scripted, tmp_path: Path) -> None:
    scripted.lost = range(3, 6)
    code, output = scale(tmp_path)
    assert code == 0, output
    assert "in 3 syncs the controller had no metric: no metrics returned" in output


def test_a_workload_that_is_not_at_rest_is_not_loaded(
    scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_run, "_SETTLED_WITHIN", 0.0)
    scripted.least = 2
    code, output = scale(tmp_path)
    assert code == 3, output
    assert "Deployment shop has 2 of 2 replicas ready before any load" in output
    assert scripted.work == []


def test_a_port_forward_is_not_loaded(scripted: Scripted, tmp_path: Path) -> None:
    with ExitStack() as stack:
        process, url = listener("kubectl", "port-forward", "deployment/shop")
        stack.callback(process.communicate, "\n")
        [line] = [e for e in (tmp_path / "contract.yml").read_text().splitlines() if "url:" in e]
        edit(tmp_path, line, f"    url: {url}")
        code, output = scale(tmp_path)
    assert code == 3, output
    assert "leads through a port-forward" in output
    assert scripted.work == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("writable: true", "writable: false", "the cluster `stub` is not declared writable"),
        ("    url: ", "    pod_header: ", "the target has no `url`"),
        ("url: http://", "url: http://ann:secret@", "not a plain http(s) URL"),
        ("url: http:", "url: ftp:", "not a plain http(s) URL"),
        ("context: stub", "context: other", "the contract has no target for the context `stub`"),
        ("sync_period: 0.4", "sync_period: 0", "`sync_period`"),
    ],
)
def test_load_goes_only_where_the_contract_allows_it(
    scripted: Scripted, tmp_path: Path, old: str, new: str, what: str
) -> None:
    edit(tmp_path, old, new)
    code, output = scale(tmp_path)
    assert (code, what in output) == (2, True), output
    assert "secret" not in output
    assert scripted.work == []


def test_without_load_nothing_need_be_writable(scripted: Scripted, tmp_path: Path) -> None:
    edit(tmp_path, "writable: true", "writable: false")
    code, output = scale(tmp_path, "--why")
    assert code == 0, output
    assert "live autoscaler" in output


def test_a_cluster_that_cannot_be_asked_proves_nothing(scripted: Scripted, tmp_path: Path) -> None:
    code, output = scale(tmp_path, "--why", context="elsewhere")
    assert code == 3, output
    assert "the kubeconfig has no context `elsewhere`" in output
