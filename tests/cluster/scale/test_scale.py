"""A run under load: it scales out and back, and each thing that spoils it is named."""

from __future__ import annotations

import signal

import psutil  # type: ignore[import-untyped]
import pytest

from tests.cluster.scale.shop import Shop

pytestmark = pytest.mark.cluster


def test_out_and_back(shop: Shop) -> None:
    """No header tells the pod: CPU does."""
    shop.edit("contract.yml", "pod_header: X-Pod", "")
    shop.deploy()
    code, output = shop.scale("--record", "run.jsonl", "--timeline", "run.html")
    assert code == 0, output
    assert "PASS 4 proved" in output
    assert "the autoscaler of the cluster cluster decides" in output
    assert "were ready, by CPU" in output
    page = (shop.folder / "run.html").read_text("utf-8")
    assert page.count("<svg") >= 4
    replayed, again = shop.scale("--replay", "run.jsonl")
    assert (replayed, again.count("PASS 4 proved")) == (0, 1)


def test_an_address_that_leads_to_one_pod_proves_nothing(shop: Shop) -> None:
    shop.serving.pinned = True
    shop.deploy()
    code, output = shop.scale()
    assert code == 3, output
    assert "led all requests to shop-" in output


def test_a_rollout_in_the_middle_is_named(shop: Shop) -> None:
    shop.deploy()
    process = shop.under_load()
    shop.kubectl("rollout", "restart", "deployment/shop")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 3, output
    assert "Deployment shop was rolled out in the middle of the run" in output


def test_ctrl_c_leaves_nothing_behind(shop: Shop) -> None:
    shop.deploy()
    process = shop.under_load()
    started = psutil.Process(process.pid).children(recursive=True)
    names = " ".join(" ".join(each.cmdline()) for each in started)
    assert "kubectl" in names
    assert "generator" in names
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "interrupted" in output) == (130, True), output
    assert [each for each in started if each.is_running()] == []
