"""The ledger against a real server: each way of losing a line is planted, and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.shipping import Shipment, call, shipment

TARGET = "targets: {{elasticsearch: {{url: '{}', writable: true}}}}\n"
LEDGER = "    ledger: {ledger}\n"


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(server, tmp_path / "project") as found:
        declare(found)
        found.install()
        yield found


def declare(shipped: Shipment, ledger: str = "{lines: 200, within: 2}", url: str = "") -> None:
    """Let the contract promise a ledger, and call the server writable."""
    text = shipped.contract.read_text("utf-8").partition("    ledger:")[0]
    target = TARGET.format(url or shipped.url)
    shipped.contract.write_text(text + LEDGER.format(ledger=ledger) + target, "utf-8")


def keep(shipped: Shipment, *options: str) -> tuple[int, Any]:
    """Verify with the ledger alone: the exit code, and its judgement."""
    code, report = shipped.verify("--only", "logs/ledger", "--allow-writes", *options)
    (judgement,) = report["judgements"]
    return code, {**judgement, "findings": report["findings"], "report": report}


def held(shipped: Shipment) -> list[Any]:
    """All documents of the indices of this shipment."""
    call(shipped.url, "POST", f"/{shipped.name}-*/_refresh")
    found = call(shipped.url, "POST", f"/{shipped.name}-*/_search", {"size": 10_000})
    return list(found["hits"]["hits"])


def test_every_line_arrives(shipped: Shipment) -> None:
    code, found = keep(shipped)
    assert code == 0, found
    assert found["looked_at"]["origin"].endswith(
        ": sent 200 = indexed 200 + rejected 0 + ignored 0 + missing 0; duplicates 0"
    )
    assert held(shipped) == []
