"""``toolkit logs load`` into a real server: whatever comes, nothing is lost or doubled."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.live.proxy import Fault, proxied
from tests.live.shipping import Shipment, call, shipment
from tests.real.elasticsearch import VERSIONS, serving
from toolkit.cli import main

LINES = 3000


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(server, tmp_path / "project") as found:
        found.install()
        yield found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("".join(line(number) for number in range(LINES)), "utf-8")
    return path


def line(number: int) -> str:
    status = 503 if number % 50 == 0 else 200
    return (
        f"2026-01-10 00:{number // 60 % 60:02}:{number % 60:02} INFO Root endpoint accessed "
        f"method=GET path=/{number % 7} status={status} latency_ms={number / 10:.3f} "
        f"request_id={number:032x}\n"
    )


def load(shipped: Shipment, url: str, *files: Path | str) -> Result:
    names = [str(file) for file in files]
    where = ["--contract", str(shipped.contract), "--elasticsearch", url]
    return CliRunner().invoke(main, ["logs", "load", *names, *where], catch_exceptions=False)


def ids(shipped: Shipment) -> list[str]:
    """The request ids of all documents, sorted."""
    call(shipped.url, "POST", f"/{shipped.name}-*/_refresh")
    body = {"size": 10_000, "_source": ["http.request.id"]}
    hits = call(shipped.url, "POST", f"/{shipped.name}-*/_search", body)["hits"]["hits"]
    return sorted(hit["_source"]["http"]["request"]["id"] for hit in hits)


ALL = [f"{number:032x}" for number in range(LINES)]


def test_a_second_load_changes_nothing(shipped: Shipment, log: Path) -> None:
    first, again = load(shipped, shipped.url, log), load(shipped, shipped.url, log)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout.endswith("sent 3000 = stored 3000 + there already 0 + rejected 0\n")
    assert again.stdout.endswith("sent 3000 = stored 0 + there already 3000 + rejected 0\n")
    assert ids(shipped) == ALL


def test_what_rotation_does_to_a_file_changes_nothing(shipped: Shipment, log: Path) -> None:
    load(shipped, shipped.url, log)
    rotated = log.with_name("app.log.1.gz")
    rotated.write_bytes(gzip.compress(log.read_bytes()))
    log.write_text(line(LINES), "utf-8")
    assert load(shipped, shipped.url, str(log) + "*").exit_code == 0
    assert ids(shipped) == [*ALL, f"{LINES:032x}"]


FAULTS: dict[str, Callable[[int, str], Fault]] = {
    "too busy": lambda number, path: "busy" if number % 3 == 1 else "",
    "connections that are reset": lambda number, path: "reset" if number % 3 == 1 else "",
    "answers that are lost": lambda number, path: "lost" if number % 3 == 1 else "",
    "answers that are cut": lambda number, path: "cut" if number % 3 == 1 else "",
    "slow answers": lambda number, path: "slow" if number == 1 else "",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_neither_loses_nor_doubles(
    shipped: Shipment, log: Path, fault: Callable[[int, str], Fault]
) -> None:
    with proxied(shipped.url, fault) as proxy:
        done = load(shipped, proxy.url, log)
    assert any(kind for _, _, kind in proxy.requests)
    assert done.exit_code == 0, done.stderr
    assert "rejected 0" in done.stdout
    assert ids(shipped) == ALL


def test_the_root_is_never_asked(shipped: Shipment, log: Path) -> None:
    with proxied(shipped.url, lambda number, path: "") as proxy:
        assert load(shipped, proxy.url, log).exit_code == 0
        shipped.verify("--elasticsearch", proxy.url)
    assert all(path.partition("?")[0] != "/" for _, path, _ in proxy.requests)


def test_two_requests_are_asked_however_much_is_promised(shipped: Shipment, log: Path) -> None:
    load(shipped, shipped.url, log)
    with proxied(shipped.url, lambda number, path: "") as proxy:
        shipped.verify("--elasticsearch", proxy.url)
    asked = [
        (method, path.partition("?")[0].rpartition("/")[2]) for method, path, _ in proxy.requests
    ]
    types, figures, simulation = sorted(asked)
    assert (types[0], figures) == ("GET", ("POST", "_search"))
    assert simulation == ("POST", "_simulate")


def test_events_that_are_refused_are_told_with_the_reason(shipped: Shipment, log: Path) -> None:
    template = shipped.template()
    template["template"]["mappings"]["properties"]["latency_ms"] = {"type": "byte"}
    shipped.install(template)
    done = load(shipped, shipped.url, log)
    assert done.exit_code == 1
    assert "sent 3000 = stored 1280 + there already 0 + rejected 1720" in done.stdout
    assert "rejected 1720: failed to parse field [latency_ms] of type [byte]" in done.stderr
    assert "first: " in done.stderr


def stats(*arguments: Path | str) -> list[str]:
    done = CliRunner().invoke(main, ["logs", "stats", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_a_server_and_a_store_show_the_same_failing_shapes(
    shipped: Shipment, log: Path, tmp_path: Path
) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.writelines(f"2026-01-10 00:50:12 none such {number}\n" for number in range(3))
        file.write("2026-01-10 00:50:12 another\n")
    assert load(shipped, shipped.url, log).exit_code == 0
    call(shipped.url, "POST", f"/{shipped.name}-*/_refresh")
    where = ("--contract", str(shipped.contract))
    there, here = stats(*where, "--elasticsearch", shipped.url), stats(log, *where)
    for found in (there, here):
        shapes = [line.rstrip() for line in found[found.index("not parsed") :] if " × " in line]
        assert shapes == [
            "     3 × _grokparsefailure  #-#-# #:#:# none such #",
            "     1 × _grokparsefailure  #-#-# #:#:# another",
        ]


def test_a_server_that_is_not_there(shipped: Shipment, log: Path) -> None:
    done = load(shipped, "http://127.0.0.1:9", log)
    assert done.exit_code == 3
    assert "Elasticsearch at 127.0.0.1:9 does not answer" in done.stderr


def test_a_server_that_is_killed_and_started_again(tmp_path: Path, log: Path) -> None:
    newest = next(iter(VERSIONS))
    with serving(newest) as server, shipment(server.url, tmp_path / "project") as shipped:
        shipped.install()
        again = threading.Thread(target=server.start)

        def kill(number: int, path: str) -> Fault:
            if number == 1:
                server.kill()
                again.start()
            return ""

        with proxied(server.url, kill) as proxy:
            done = load(shipped, proxy.url, log)
        again.join()
        assert done.exit_code == 0, done.stderr
        assert ids(shipped) == ALL
