"""The ledger by way of a real Filebeat, its lines read from a file that others write, too.

Filebeat runs with the configuration that ships, and a real Elasticsearch holds the documents;
between them is the emulated pipeline, since Logstash is not to be had.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.beats import inbox
from tests.cluster.test_filebeat import Volume, emulation, parsed
from tests.live.shipping import Shipment, shipment
from tests.live.test_ledger import TARGET, account, held, keep
from tests.real.elasticsearch import VERSIONS, shared

pytestmark = pytest.mark.cluster

LINES = 200
LINE = "2026-01-10 00:45:12 INFO Started pid=7\n"


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    for name in ("pods", "scratch"):
        (tmp_path / name).mkdir()
    with inbox() as receiving:
        yield Volume(tmp_path / "pods", tmp_path / "scratch", receiving)


@pytest.fixture
def shipped(tmp_path_factory: pytest.TempPathFactory, volume: Volume) -> Iterator[Shipment]:
    """Indices of a real server, and a contract whose ledger goes into a log of the volume."""
    log = volume.logs / "pod-1" / "logs" / "app.log"
    log.parent.mkdir(parents=True)
    log.write_text(LINE, "utf-8")
    with (
        shared(next(iter(VERSIONS)), tmp_path_factory.getbasetemp()) as url,
        shipment(url, volume.scratch / "project") as found,
    ):
        found.install()
        text = found.contract.read_text("utf-8") + (
            "      http.request.id: {type: keyword, role: id}\n"
            f"    ledger: {{via: filebeat, path: '{log}', lines: {LINES}, within: 90}}\n"
        )
        found.contract.write_text(text + TARGET.format(url, "true"), "utf-8")
        yield found


@contextmanager
def indexing(volume: Volume, shipped: Shipment) -> Iterator[list[Any]]:
    """Index what Filebeat sends, as Logstash would; yields what was indexed."""
    _, compiled = emulation(volume.logs / "pod-1" / "logs" / "app.log")
    ended, indexed = threading.Event(), list[Any]()

    def run() -> None:
        while not ended.wait(0.05):
            new = volume.inbox.events()[len(indexed) :]
            made = [json.loads(json.dumps(each, default=str)) for each in parsed(new, compiled)]
            if made:
                shipped.index(made)
            indexed.extend(new)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield indexed
    finally:
        ended.set()
        thread.join()


def test_every_line_comes_out_of_filebeat_once(volume: Volume, shipped: Shipment) -> None:
    with indexing(volume, shipped) as indexed, volume.shipped():
        codes = [keep(shipped), keep(shipped)]
    for code, report in codes:
        assert (code, account(report)) == (
            0,
            f"sent {LINES} = indexed {LINES} + rejected 0 + ignored 0 + missing 0; duplicates 0",
        )
    assert len(indexed) == 2 * LINES + 1
    assert [hit["_source"]["message"] for hit in held(shipped)] == ["Started"]
