"""The two scripts inside manifests do what their comments say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.k8s.shipped import ROOT, one
from toolkit.kubernetes.workloads import containers

HOUR = 3600.0
RENAMED_AT = 32 * 2**20


def script(kind: str, name: str) -> tuple[list[str], str]:
    [container] = containers(one(kind, name))
    [text] = container.body["args"]
    return container.body["command"], text


def put(file: Path, *, size: int = 10, hours: float = 0.0) -> None:
    file.parent.mkdir(exist_ok=True)
    file.touch()
    os.truncate(file, size)
    then = time.time() - hours * HOUR
    os.utime(file, (then, then))


def rotate(folder: Path) -> list[str]:
    """Run the rotation in the folder of logs; say what is there then, times cut off."""
    command, text = script("CronJob", "log-rotation")
    before = {each.name for each in folder.rglob("app.log.*")}
    subprocess.run([*command, text], cwd=folder, check=True, capture_output=True)
    return sorted(
        str(each.relative_to(folder)) if each.name in before or each.name == "app.log"
        else f"{each.relative_to(folder).with_suffix('')}.new"
        for each in folder.rglob("app.log*")
    )  # fmt: skip


def test_a_log_is_renamed_once_it_is_large(tmp_path: Path) -> None:
    put(tmp_path / "a/app.log", size=RENAMED_AT + 1)
    put(tmp_path / "b/app.log", size=RENAMED_AT)
    assert rotate(tmp_path) == ["a/app.log.new", "b/app.log"]


def test_a_renamed_log_goes_when_nobody_can_still_be_reading_it(tmp_path: Path) -> None:
    put(tmp_path / "a/app.log")
    put(tmp_path / "a/app.log.1", hours=0.9)
    put(tmp_path / "a/app.log.0", hours=1.1)
    assert rotate(tmp_path) == ["a/app.log", "a/app.log.1"]


def test_what_a_pod_left_behind_goes_after_a_day(tmp_path: Path) -> None:
    put(tmp_path / "gone/app.log", hours=25)
    put(tmp_path / "quiet/app.log", hours=23)
    assert rotate(tmp_path) == ["quiet/app.log"]
    yesterday = time.time() - 25 * HOUR
    os.utime(tmp_path / "gone", (yesterday, yesterday))
    rotate(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["quiet"]


def test_a_pod_that_just_starts_keeps_its_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert rotate(tmp_path) == []
    assert (tmp_path / "new").is_dir()


class Kibana(BaseHTTPRequestHandler):
    """Says what its class was told to, and remembers what it was sent."""

    statuses: list[int]
    answer: tuple[int, str]
    received: list[tuple[str, str, bytes]]

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((self.path, self.headers["kbn-xsrf"], body))
        status, text = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def kibana(answer: tuple[int, str]) -> Iterator[ThreadingHTTPServer]:
    Kibana.statuses, Kibana.answer, Kibana.received = [503, 503, 200], answer, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Kibana) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def load(server: ThreadingHTTPServer) -> subprocess.CompletedProcess[str]:
    command, text = script("Job", "kibana-objects")
    objects = ROOT / "pipelines/kibana/sre-pleno-app.ndjson"
    text = text.replace("/objects/sre-pleno-app.ndjson", str(objects))
    return subprocess.run(
        [*command, text.replace("sleep 10", "sleep 0")],
        env={**os.environ, "KIBANA": f"http://127.0.0.1:{server.server_address[1]}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(autouse=True)
def _curl(request: pytest.FixtureRequest) -> None:
    if "objects" in request.node.name and shutil.which("curl") is None:
        pytest.skip("curl is not installed")


def test_the_objects_are_posted_once_kibana_is_there() -> None:
    with kibana((200, json.dumps({"success": True}, separators=(",", ":")))) as server:
        done = load(server)
    assert done.returncode == 0, done.stderr
    [(path, header, body)] = Kibana.received
    assert path == "/api/saved_objects/_import?overwrite=true"
    assert header == "true"
    assert (ROOT / "pipelines/kibana/sre-pleno-app.ndjson").read_bytes() in body


@pytest.mark.parametrize(
    "answer",
    [(200, '{"success":false,"successCount":6}'), (500, '{"success":true}'), (200, "")],
    ids=["some refused", "failed", "empty"],
)
def test_objects_that_were_not_all_taken_fail_the_job(answer: tuple[int, str]) -> None:
    with kibana(answer) as server:
        done = load(server)
    assert done.returncode != 0
    assert answer[1] in done.stdout + done.stderr
