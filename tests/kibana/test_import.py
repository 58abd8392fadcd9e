"""`toolkit kibana import`: what is sent, what is said, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance import ROOT
from tests.cli.projects import toolkit
from tests.kibana.listening import Fault
from tests.kibana.server import Stub, running

SHIPPED = ROOT / "pipelines" / "kibana" / "sre-pleno-app.ndjson"
LENS = {
    "type": "lens",
    "id": "l",
    "attributes": {"title": "Errors"},
    "references": [{"type": "index-pattern", "id": "gone", "name": "x"}],
}


def project(folder: Path, text: str, name: str = "objects.ndjson") -> str:
    (folder / "toolkit.yml").write_text(f"kibana: {{saved_objects: {name}}}\n", "utf-8")
    (folder / name).write_text(text, "utf-8")
    return str(folder)


def test_what_ships_is_imported_and_its_dashboard_named() -> None:
    with running(Stub()) as stub:
        result = toolkit("kibana", "import", str(ROOT), "--kibana", stub.url)
        again = toolkit("kibana", "import", str(ROOT), "--kibana", stub.url)
    assert (result.exit_code, again.stdout) == (0, result.stdout), result.stderr
    assert result.stdout.endswith(
        f"sre-pleno-app.ndjson: 7 of 7 objects imported\n"
        f"{stub.url}/app/dashboards#/view/sre-pleno-app\n"
    )
    assert len(stub.objects) == 7


def test_a_space_and_a_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("c2VjcmV0\n", "utf-8")
    with running(Stub(api_key="c2VjcmV0", spaces=("shop",))) as stub:
        call = ["kibana", "import", str(ROOT), "--kibana", stub.url, "--space", "shop"]
        without = toolkit(*call)
        result = toolkit(*call, "--api-key-file", str(tmp_path / "key"))
    assert without.exit_code == 3
    assert "rejected the credentials for `POST /api/saved_objects/_import`" in without.stderr
    assert result.exit_code == 0
    assert f"{stub.url}/s/shop/app/dashboards#/view/sre-pleno-app" in result.stdout


def test_what_is_refused_is_named_at_its_line(tmp_path: Path) -> None:
    view = {"type": "index-pattern", "id": "v", "attributes": {"title": "a-*"}}
    folder = project(tmp_path, f"{json.dumps(view)}\n{json.dumps(LENS)}\n")
    with running(Stub()) as stub:
        result = toolkit("kibana", "import", folder, "--kibana", stub.url)
    assert result.exit_code == 1
    assert "objects.ndjson: 0 of 2 objects imported\n" in result.stdout
    said = " ".join(result.stderr.split())
    assert "Lens `Errors` was not imported: what it refers to is not there" in said
    assert "objects.ndjson:2:24" in said
    assert "Kibana misses data view `gone`; it then imports none of the others" in said
    assert stub.objects == {}


def test_a_list_of_objects_is_sent_a_line_each(tmp_path: Path) -> None:
    search = {"type": "search", "id": "s", "attributes": {"title": "é"}}
    folder = project(tmp_path, json.dumps([search], indent=2), "objects.json")
    with running(Stub()) as stub:
        result = toolkit("kibana", "import", folder, "--kibana", stub.url)
    assert (result.exit_code, list(stub.objects)) == (0, [("search", "s")]), result.stderr
    assert result.stdout.endswith("/app/discover\n")


def test_what_a_file_refers_to_may_be_in_another(tmp_path: Path) -> None:
    view = {"type": "index-pattern", "id": "gone", "attributes": {"title": "a-*"}}
    (tmp_path / "a.ndjson").write_text(json.dumps(LENS), "utf-8")
    (tmp_path / "b.ndjson").write_text(f"{json.dumps(view)}\n", "utf-8")
    (tmp_path / "toolkit.yml").write_text("kibana: {saved_objects: '*.ndjson'}\n", "utf-8")
    with running(Stub()) as stub:
        result = toolkit("kibana", "import", str(tmp_path), "--kibana", stub.url)
    assert (result.exit_code, len(stub.objects)) == (0, 2), result.stderr
    assert [line.rpartition("/")[2] for line in result.stdout.splitlines()] == [
        "a.ndjson: 1 of 1 objects imported",
        "b.ndjson: 1 of 1 objects imported",
        "discover",
    ]


def test_a_kibana_that_starts_is_waited_for() -> None:
    with running(Stub(faults=[Fault.STARTING, Fault.RESET])) as stub:
        result = toolkit("kibana", "import", str(ROOT), "--kibana", stub.url, "--wait", "30")
    assert (result.exit_code, len(stub.objects)) == (0, 7), result.stderr


def test_a_kibana_that_is_not_ready_or_not_there_is_said_to_be_so() -> None:
    with running(Stub(faults=[Fault.STARTING])) as stub:
        result = toolkit("kibana", "import", str(ROOT), "--kibana", stub.url)
    assert (result.exit_code, "(HTTP 503)" in result.stderr) == (3, True)
    result = toolkit("kibana", "import", str(ROOT), "--kibana", stub.url)
    assert (result.exit_code, "does not answer" in result.stderr) == (3, True)


def test_what_is_there_is_kept_on_demand(tmp_path: Path) -> None:
    search = {"type": "search", "id": "s", "attributes": {"title": "S"}}
    folder = project(tmp_path, json.dumps(search))
    with running(Stub()) as stub:
        call = ["kibana", "import", folder, "--kibana", stub.url, "--keep"]
        results = [toolkit(*call), toolkit(*call)]
    assert [each.exit_code for each in results] == [0, 1]
    assert "saved search `s` was not imported: it is there already" in results[1].stderr
    assert "0 of 1 objects imported" in results[1].stdout


def test_an_object_that_another_space_has_gets_another_id(tmp_path: Path) -> None:
    dashboard = {"type": "dashboard", "id": "d", "attributes": {"title": "D"}}
    folder = project(tmp_path, json.dumps(dashboard))
    with running(Stub(moved={"d": "new"})) as stub:
        result = toolkit("kibana", "import", folder, "--kibana", stub.url)
    assert result.stdout.endswith("/app/dashboards#/view/new\n")


def target(folder: Path, url: str, *, writable: bool) -> str:
    (folder / "pass").write_text("hunter2\n", "utf-8")
    search = {"type": "search", "id": "s", "attributes": {"title": "S"}}
    (folder / "s.ndjson").write_text(json.dumps(search), "utf-8")
    (folder / "toolkit.yml").write_text(
        f"kibana: {{saved_objects: s.ndjson}}\ntargets: {{kibana: {{url: '{url}', space: shop, "
        f"username: ann, password_file: pass, writable: {str(writable).lower()}}}}}\n",
        "utf-8",
    )
    return str(folder)


def test_the_contract_may_name_it_if_it_allows_to_write(tmp_path: Path) -> None:
    with running(Stub(spaces=("shop",))) as stub:
        refused = toolkit("kibana", "import", target(tmp_path, stub.url, writable=False))
        called = toolkit("kibana", "import", str(tmp_path), "--kibana", stub.url)
        done = toolkit("kibana", "import", target(tmp_path, stub.url, writable=True))
    assert (refused.exit_code, called.exit_code, done.exit_code) == (2, 0, 0), done.stderr
    assert "the Kibana of the contract is not declared writable" in refused.stderr
    assert done.stdout.endswith(f"{stub.url}/s/shop/app/discover\n")


@pytest.mark.parametrize("address", ["kibana:5601", "ftp://kibana", "http://"])
def test_an_address_that_is_none(address: str) -> None:
    result = toolkit("kibana", "import", str(ROOT), "--kibana", address)
    assert result.exit_code == 2
    assert "the URL of Kibana is not a plain http(s) URL" in result.stderr


def test_nothing_is_written_unless_it_is_said_where_to(tmp_path: Path) -> None:
    result = toolkit("kibana", "import", str(ROOT))
    assert (result.exit_code, "no Kibana is configured" in result.stderr) == (2, True)
    (tmp_path / "toolkit.yml").write_text("version: 1\n", "utf-8")
    result = toolkit("kibana", "import", str(tmp_path), "--kibana", "http://127.0.0.1:9")
    assert (result.exit_code, "has no saved objects" in result.stderr) == (2, True)
