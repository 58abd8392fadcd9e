"""A cluster that is asked through the real kubectl, and each way in which it cannot be."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast

import psutil  # type: ignore[import-untyped]
import pytest

from tests.connectors.apiserver import kubeconfig, serving_answers, status
from tests.real.kubectl import program
from toolkit.connectors.cluster import watching
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.connectors.cluster.failures import FINAL
from toolkit.connectors.cluster.proxy import Api, Timed, _OverSocket
from toolkit.connectors.cluster.reading import LiveCluster
from toolkit.connectors.cluster.watching import Watched
from toolkit.errors import Unavailable
from toolkit.evidence.kubernetes.cluster import ApiQuery, ApiReplies, ApiReply
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest
from toolkit.languages.positioned import unpositioned
from toolkit.model.expectations.targets import KubernetesTarget
from toolkit.model.queries import Answer, QueryFailure

DECLARED = Location("toolkit.yml")
PODS = "/api/v1/namespaces/shop/pods"
SERVICES = "/api/v1/namespaces/shop/services"


@pytest.fixture(autouse=True)
def with_kubectl(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(Path(program("kubectl")).parent)
    monkeypatch.setenv("PATH", os.pathsep.join((folder, os.environ["PATH"])))


def answer(path: str) -> tuple[int, Any]:
    if path == PODS:
        return 200, {"kind": "PodList", "items": []}
    return status(403, 'services is forbidden: User "ann" cannot list resource "services"')


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[ClusterAccess]:
    with serving_answers(answer) as url:
        yield ClusterAccess("stub", str(kubeconfig(tmp_path, url)))


def asked(given: ClusterAccess, *paths: str) -> Answer[ApiReplies] | QueryFailure:
    query = ApiQuery(paths)
    return LiveCluster(given).answer([query])[query]


def failed(given: ClusterAccess, *paths: str) -> Finding:
    found = asked(given, *paths)
    assert isinstance(found, QueryFailure)
    return found.findings[0]


def test_each_path_is_answered_for_itself(stub: ClusterAccess) -> None:
    found = asked(stub, PODS, SERVICES)
    assert isinstance(found, Answer)
    assert (found.origin, found.sampled) == ("the cluster stub", 2)
    assert [each.status for each in found.evidence.replies] == [200, 403]
    assert found.evidence.at > 1_700_000_000


def test_nothing_that_writes_is_let_through(stub: ClusterAccess) -> None:
    with Api(stub) as api:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            connection: HTTPConnection = _OverSocket(str(api._folder / "api"), 5.0)  # noqa: SLF001
            connection.request(method, PODS, "{}")
            assert connection.getresponse().status == 403
            connection.close()
        assert api.get(PODS).reply.status == 200


def test_nothing_is_left_of_it(stub: ClusterAccess, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {each.pid for each in psutil.Process().children()}
    with Api(stub):
        own = [each for each in psutil.Process().children() if each.pid not in before]
        assert ["kubectl" in each.name() for each in own] == [True]
        [folder] = tmp_path.glob("toolkit-*")
        assert folder.stat().st_mode & 0o077 == 0, "nobody else may use the socket"
    assert [each for each in own if each.is_running()] == []
    assert list(tmp_path.glob("toolkit-*")) == []


def test_a_folder_for_temporary_files_may_have_a_long_path(
    stub: ClusterAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert isinstance(asked(stub, PODS), Answer)


def test_a_context_that_is_not_there(stub: ClusterAccess) -> None:
    found = failed(ClusterAccess("stup", stub.kubeconfig), PODS)
    assert found.what == "the kubeconfig has no context `stup`"
    assert 'context "stup" does not exist' in found.why


def test_the_environment_may_name_the_kubeconfig_as_seen_from_here(
    stub: ClusterAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", "kubeconfig")
    assert isinstance(asked(ClusterAccess("stub"), PODS), Answer)


def test_a_kubeconfig_that_is_not_there(tmp_path: Path) -> None:
    found = failed(ClusterAccess("stub", str(tmp_path / "nowhere")), PODS)
    assert "nowhere" in found.why


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    found = failed(ClusterAccess("stub", str(kubeconfig(tmp_path, "http://127.0.0.1:9"))), PODS)
    assert found.what == "the API server of `stub` cannot be reached"
    assert "127.0.0.1:9" in found.why


def test_a_server_that_does_not_answer_in_time(tmp_path: Path) -> None:
    with serving_answers(answer, mute=True) as url:
        given = ClusterAccess("stub", str(kubeconfig(tmp_path, url)), timeout=0.2)
        assert failed(given, PODS).what == "the API server of `stub` does not answer"


def test_credentials_that_have_expired(tmp_path: Path) -> None:
    with serving_answers(lambda path: status(401, "Unauthorized")) as url:
        given = ClusterAccess("stub", str(kubeconfig(tmp_path, url, token="old")))
        found = failed(given, PODS)
    assert found.what == "the API server of `stub` rejected the credentials (HTTP 401)"
    assert "expired" in found.why


def test_a_program_for_credentials_that_fails(tmp_path: Path) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login",
              "interactiveMode": "Never"}  # fmt: skip
    config = kubeconfig(tmp_path, "https://127.0.0.1:9", exec=plugin)
    found = failed(ClusterAccess("stub", str(config)), PODS)
    assert found.what == "kubectl gets no credentials for `stub`"
    assert "no-such-login" in found.why


def test_no_kubectl(stub: ClusterAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert failed(stub, PODS).what == "there is no `kubectl` to ask the cluster with"


def test_a_server_that_goes_away(tmp_path: Path) -> None:
    with serving_answers(answer) as url:
        api = Api(ClusterAccess("stub", str(kubeconfig(tmp_path, url))))
        assert api.get(PODS).reply.status == 200
    with api, pytest.raises(Unavailable, match="cannot be reached"):
        api.get(PODS)


def test_what_the_contract_says_holds_for_its_own_context(tmp_path: Path) -> None:
    target = KubernetesTarget(declared=DECLARED, context="stub", kubeconfig="config", timeout=3.0)
    assert ClusterAccess.named(None, None, tmp_path) is None
    assert ClusterAccess.named(None, target, tmp_path) == ClusterAccess(
        "stub", str(tmp_path / "config"), 3.0
    )
    assert ClusterAccess.named("stub", target, tmp_path) == ClusterAccess(
        "stub", str(tmp_path / "config"), 3.0
    )
    assert ClusterAccess.named("other", target, tmp_path) == ClusterAccess("other")


class Flaky:
    """An API server that does not answer the first times it is asked."""

    def __init__(self, times: int, kind: str = "") -> None:
        self.times, self.kind = times, kind

    def get(self, path: str) -> Timed:
        self.times -= 1
        if self.times >= 0:
            raise Unavailable(Finding("it is away", DECLARED, "", "", kind=self.kind))
        return Timed(ApiReply(path, 200, json.dumps({"metadata": {"name": "shop"}})), 0.0)


def watched(api: Flaky) -> Watched:
    where = "kubernetes:shop/Deployment/shop"
    spec = {"selector": {"matchLabels": {"app": "shop"}}}
    body = {"kind": "Deployment", "spec": spec}
    shop = Manifest(where, body, unpositioned(body, Location(where)))
    nothing: Any = None
    return Watched(cast("Api", api), nothing, shop, shop, "shop", threading.Event())


def test_a_server_that_is_away_for_a_moment_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "_PAUSE", 0.0)
    assert watched(Flaky(4)).ready() == ()
    with pytest.raises(Unavailable, match="it is away"):
        watched(Flaky(5)).ready()


def test_who_breaks_the_run_off_does_not_wait_for_it() -> None:
    flaky = Flaky(5)
    waiting = watched(flaky)
    waiting.stop.set()
    with pytest.raises(Unavailable):
        waiting.ready()
    assert flaky.times == 4


def test_what_will_not_pass_is_not_asked_again() -> None:
    flaky = Flaky(5, FINAL)
    with pytest.raises(Unavailable):
        watched(flaky).ready()
    assert flaky.times == 4
