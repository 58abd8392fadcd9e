"""A server that is secured: who may ask it is answered, all others learn why not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.acceptance import ROOT
from tests.live.authority import ADMIN, READER, STRANGER, Authority
from tests.live.guard import guarded
from tests.live.proxy import proxied
from tests.live.shipping import CONTRACT
from tests.real.elasticsearch import VERSIONS, serving
from toolkit.cli import main

WRONG = "wrong-horse-battery"
COMMANDS = {
    "verify": ["verify", "--only", "elasticsearch/missing-events", "--format", "json"],
    "load": ["logs", "load"],
    "stats": ["logs", "stats"],
    "query": ["logs", "query", '{"size": 0}', "--index", "live-secured-*"],
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "pipelines", folder / "pipelines")
    (folder / "toolkit.yml").write_text(CONTRACT.format(index="live-secured"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def secured(authority: Authority, project: Path) -> Iterator[str]:
    """The address of a server that is secured, and filled."""
    newest = next(iter(VERSIONS))
    with serving(newest, authority.config()) as server:
        code, said = run("load", project, server.url, trusting(authority, ADMIN.environment))
        assert code == 0, said
        yield server.url


def trusting(authority: Authority, environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "TOOLKIT_ELASTICSEARCH_CA": authority.file}


def run(
    command: str, project: Path, url: str, environment: Mapping[str, str | None]
) -> tuple[int, str]:
    """The exit code of a command, and all it said, in one line."""
    arguments = [*COMMANDS[command], "--elasticsearch", url]
    if command == "verify":
        arguments.insert(1, str(project / "toolkit.yml"))
    elif command != "query":
        arguments += ["--contract", str(project / "toolkit.yml")]
    done = CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)
    return done.exit_code, " ".join(done.output.split())


def refusals(project: Path, url: str, environment: Mapping[str, str | None]) -> Mapping[str, str]:
    """What each command says that cannot ask; none may say a secret, or break."""
    said: dict[str, str] = {}
    for command in COMMANDS:
        code, said[command] = run(command, project, url, environment)
        assert code == 3, said[command]
        for secret in (ADMIN.password, READER.password, WRONG, "Traceback", "bug in"):
            assert secret not in said[command]
        parts = ('"why"', '"fix"') if command == "verify" else (" why ", " fix ")
        assert all(part in said[command] for part in parts), said[command]
    return said


@pytest.mark.parametrize("command", [each for each in COMMANDS if each != "load"])
def test_a_reader_may_ask_but_not_write(
    command: str, secured: str, authority: Authority, project: Path
) -> None:
    environment = trusting(authority, READER.environment)
    code, said = run(command, project, secured, environment)
    assert code == 0, said
    code, said = run("load", project, secured, environment)
    assert code == 3
    assert "does not allow `POST /_bulk` (HTTP 403)" in said
    assert "give the user the index privilege `create_doc`." in said


def test_a_server_may_be_asked_by_another_of_its_names(
    secured: str, authority: Authority, project: Path
) -> None:
    url = secured.replace("127.0.0.1", "localhost")
    code, said = run("stats", project, url, trusting(authority, READER.environment))
    assert code == 0, said


def test_a_wrong_password(secured: str, authority: Authority, project: Path) -> None:
    wrong = {**ADMIN.environment, "TOOLKIT_ELASTICSEARCH_PASSWORD": WRONG}
    for said in refusals(project, secured, trusting(authority, wrong)).values():
        assert "rejected the credentials" in said
        assert "unable to authenticate user [admin]" in said


def test_nobody_in_particular(secured: str, authority: Authority, project: Path) -> None:
    for said in refusals(project, secured, trusting(authority, {})).values():
        assert "(HTTP 401)" in said


def test_a_key_that_is_none(secured: str, authority: Authority, project: Path) -> None:
    key = {"TOOLKIT_ELASTICSEARCH_API_KEY": WRONG}
    for said in refusals(project, secured, trusting(authority, key)).values():
        assert "(HTTP 401)" in said


def test_a_user_without_rights(secured: str, authority: Authority, project: Path) -> None:
    said = refusals(project, secured, trusting(authority, STRANGER.environment))
    assert all("(HTTP 403)" in each for each in said.values())
    assert "privilege `view_index_metadata`." in said["verify"]
    assert "privilege `read`." in said["query"]


def test_an_authority_nobody_knows(secured: str, project: Path, tmp_path: Path) -> None:
    other = trusting(Authority(tmp_path), ADMIN.environment)
    for environment in (other, {**ADMIN.environment, "TOOLKIT_ELASTICSEARCH_CA": None}):
        for said in refusals(project, secured, environment).values():
            assert "cannot be trusted" in said
            assert "TOOLKIT_ELASTICSEARCH_CA" in said


def test_a_port_that_wants_tls(secured: str, authority: Authority, project: Path) -> None:
    plain = secured.replace("https:", "http:")
    for said in refusals(project, plain, trusting(authority, ADMIN.environment)).values():
        assert "does not answer" in said
        assert "write `https://` if it wants that." in said


def test_a_port_that_wants_no_tls(authority: Authority, project: Path) -> None:
    with proxied("http://127.0.0.1:9", lambda number, path: "") as proxy:
        url = proxy.url.replace("http:", "https:")
        said = refusals(project, url, trusting(authority, ADMIN.environment))
    for each in said.values():
        assert "does not speak TLS" in each
        assert "write `http://`" in each


def test_a_certificate_that_has_expired(authority: Authority, project: Path) -> None:
    tls = authority.serving(until=datetime.now(UTC) - timedelta(days=1))
    with proxied("http://127.0.0.1:9", lambda number, path: "", tls) as proxy:
        said = refusals(project, proxy.url, trusting(authority, ADMIN.environment))
    assert proxy.requests == []
    for each in said.values():
        assert "certificate has expired" in each
        assert "renew the server's certificate." in each


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_for_another_name(authority: Authority, project: Path, host: str) -> None:
    tls = authority.serving("elasticsearch.example")
    with proxied("http://127.0.0.1:9", lambda number, path: "", tls) as proxy:
        url = proxy.url.replace("127.0.0.1", host)
        said = refusals(project, url, trusting(authority, ADMIN.environment))
    assert proxy.requests == []
    for each in said.values():
        assert "cannot be trusted" in each
        assert "ask it by a name that its certificate is for" in each


def test_a_recording_holds_no_secret(
    secured: str, authority: Authority, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "recording.jsonl"
    arguments = ["verify", str(project / "toolkit.yml"), "--elasticsearch", secured]
    environment = trusting(authority, ADMIN.environment)
    done = CliRunner().invoke(main, [*arguments, "--record", str(path)], env=environment)
    text = path.read_text("utf-8")
    assert "live-secured" in text
    for secret in (ADMIN.password, ADMIN.environment["TOOLKIT_ELASTICSEARCH_PASSWORD"], "Basic "):
        assert secret not in text + done.output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_key_is_shown_with_each_request(command: str, project: Path) -> None:
    key = "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw=="
    with guarded(key) as (url, refused):
        code, said = run(command, project, url, {"TOOLKIT_ELASTICSEARCH_API_KEY": f"{key}\n"})
        assert refused == []
        assert code == (3 if command == "verify" else 0), said  # of an empty index, all is open
        assert "(HTTP 401)" not in said
        code, said = run(command, project, url, {"TOOLKIT_ELASTICSEARCH_API_KEY": WRONG})
        assert (code, len(refused)) == (3, 1)
        assert "(HTTP 401)" in said
        assert WRONG not in said
