"""Options, fixtures and rules of the whole test suite."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.conformance import NO_UPSTREAM

PERMITTED = (
    NO_UPSTREAM,
    "only root can build images without a daemon",
    "root may read every file",
    "KUBE_PROMETHEUS_STACK names no chart",
)
"""Reasons to skip a test although ``REQUIRE_REAL`` demands what other tests do without."""

SERVER = (
    "tests/acceptance",
    "tests/app",
    "tests/cli/test_trust.py",
    "tests/cli/test_verify.py",
    "tests/cluster",
    "tests/connectors/test_cluster.py",
    "tests/connectors/test_elasticsearch.py",
    "tests/connectors/test_kibana.py",
    "tests/connectors/test_service.py",
    "tests/image",
    "tests/k8s",
    "tests/kibana/test_import.py",
    "tests/kibana/test_live.py",
    "tests/live",
    "tests/pipelines/test_rules.py",
    "tests/prometheus",
    "tests/scaling",
    "tests/test_pytest_plugin.py",
    "tests/test_readme.py",
    "tests/wheel",
    "toolkit.yml",
)
"""Where tests start servers, services or other programs."""
SLOW = (
    "tests/checks/test_broken_manifests.py",
    "tests/checks/test_fixes.py",
    "tests/cli/test_impact.py",
    "tests/cli/test_logs_inputs.py",
    "tests/cli/test_logs_memory.py",
    "tests/cli/test_logstash_run.py",
    "tests/conformance",
    "tests/connectors/test_storefile.py",
    "tests/kibana/test_graph.py",
    "tests/kubernetes/autoscaling/test_properties.py",
    "tests/languages/joda_time",
    "tests/languages/ruby_regex",
    "tests/languages/test_positioned_yaml.py",
    "tests/logstash/config/test_properties.py",
    "tests/test_architecture.py",
    "tests/test_baseline.py",
    "tests/test_demanded.py",
    "tests/test_forms.py",
    "tests/test_new.py",
    "tests/test_strange_shapes.py",
    "tests/trees/test_fixes.py",
)
"""Where tests take seconds of processor time."""

# A shell ignores SIGINT for what it runs in the background, and programs started here would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What tests start is their own; `tests/cli/test_trust.py` unsets it.
os.environ["TOOLKIT_TRUST"] = "1"
# The speed of a loaded machine proves nothing: no example has a deadline.
settings.register_profile("default", deadline=None)
settings.register_profile(
    "fuzz", deadline=None, max_examples=20_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected blocks of case files"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by where they are."""
    for item in items:
        path = item.path.relative_to(item.config.rootpath).as_posix()
        for marker, places in (("server", SERVER), ("slow", SLOW)):
            if path.startswith(places):
                item.add_marker(marker)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected output is rewritten; never under xdist or in CI."""
    wanted = bool(request.config.getoption("--update"))
    if wanted and (os.environ.get("CI") or os.environ.get("PYTEST_XDIST_WORKER")):
        pytest.fail("--update rewrites files: not in CI, and not under xdist")
    return wanted


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where ``REQUIRE_REAL`` is set, a skipped test is a failed one."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _demand(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So is a module that is skipped."""
    report = yield
    _demand(report)
    return report


def _demand(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not (report.skipped and os.environ.get("REQUIRE_REAL")):
        return
    reason: Any = report.longrepr
    *place, text = reason if isinstance(reason, tuple) else (reason,)
    if not str(text).endswith(PERMITTED):
        report.outcome = "failed"
        report.longrepr = f"{':'.join(map(str, place))}: {text}, and REQUIRE_REAL demands it"
