"""The plugin, in small projects: items, selection, reports, fixtures."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.projects import SERVICE, project
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]
HOLDS = """\
logs:
  - {name: requests, samples: app.log, pipeline: app.conf, fields: {method: keyword}}
"""
BROKEN = "GET / status=200\nGET / status=-\n"
RUBY = "filter { ruby { code => \"event.set(event.get('message'), 1)\" } }\n"
FIELDS = (
    "logs:\n  - {name: requests, samples: app.log, pipeline: app.conf, fields: {status: short}}\n"
)


@dataclass(frozen=True)
class Broken:
    """A folder, and what pytest printed there."""

    folder: Path
    out: str


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in ``folder`` as a project of its own would."""
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "--color=no", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """A project one of whose promises is broken, run once with all reports."""
    folder = project(tmp_path_factory.mktemp("broken"), FIELDS, app_log=BROKEN)
    done = run(folder, "-v", "--junitxml=out.xml", "-o", "junit_family=xunit1")
    assert done.returncode == 1
    return Broken(folder, done.stdout)


def test_every_step_is_an_item(broken: Broken) -> None:
    items = re.findall(r"^toolkit\.yml::(\S+.*?) PASSED", broken.out, re.MULTILINE)
    assert "logs/multiline[requests, samples]" in items
    assert "logs/typed-fields[requests, samples]" in items
    assert len(items) == len(set(items)) >= 5


def test_a_broken_promise_fails_with_its_findings_and_no_traceback(broken: Broken) -> None:
    assert "a line is not parsed by `grok` (`_grokparsefailure`): INT needs a digit" in broken.out
    assert "✗ logs/no-match  app.log:2:14" in broken.out
    assert "    2 | GET / status=-" in broken.out
    assert "Traceback" not in broken.out
    assert "plugin.py" not in broken.out
    assert "warning" not in broken.out
    failed = re.findall(r"^FAILED (.*?)(?: - |$)", broken.out, re.MULTILINE)
    assert failed == ["toolkit.yml::logs/no-match[requests, samples]"]


def test_a_finding_says_what_it_leads_to(tmp_path: Path) -> None:
    reader = (
        '{"type":"index-pattern","id":"v","attributes":{"title":"logs-*"}}\n'
        '{"type":"search","id":"s","attributes":{"title":"Slow","columns":["status"],'
        '"kibanaSavedObjectMeta":{"searchSourceJSON":"{\\"indexRefName\\":\\"i\\"}"}},'
        '"references":[{"name":"i","type":"index-pattern","id":"v"}]}\n'
    )
    contract = FIELDS.replace("short", "ip") + "kibana: {saved_objects: kibana.ndjson}\n"
    done = run(project(tmp_path, contract, kibana_ndjson=reader), "-k", "typed-fields")
    assert "  effect `status` → saved search `Slow`" in done.stdout


def test_junit_holds_file_and_line(broken: Broken) -> None:
    (suite,) = ElementTree.parse(broken.folder / "out.xml").getroot()
    (case,) = (case for case in suite if case.find("failure") is not None)
    assert case.get("name") == "logs/no-match[requests, samples]"
    assert (case.get("file"), case.get("line")) == ("toolkit.yml", "1")
    failure = case.find("failure")
    assert failure is not None
    assert "app.log:2:14" in (failure.text or "")


def test_last_failed_items_are_found_again(broken: Broken) -> None:
    done = run(broken.folder, "--lf")
    assert re.search(r"^=+ 1 failed(, \d+ deselected)? in ", done.stdout, re.MULTILINE)


def test_an_item_is_named_on_the_command_line(broken: Broken) -> None:
    done = run(broken.folder, "toolkit.yml::logs/multiline[requests, samples]")
    assert "1 passed" in done.stdout


def test_under_xdist_the_same_items_fail(broken: Broken) -> None:
    done = run(broken.folder, "-n", "2")
    assert re.search(r"^FAILED toolkit\.yml::logs/no-match\[", done.stdout, re.MULTILINE)
    assert "1 failed" in done.stdout


def test_what_is_unproven_fails_with_its_reason_and_is_never_skipped(tmp_path: Path) -> None:
    done = run(project(tmp_path, HOLDS, app_conf=RUBY), "-rs")
    assert done.returncode == 1
    assert "the filter `ruby` is not emulated" in done.stdout
    skipped = re.findall(r"^SKIPPED .*: (.*)$", done.stdout, re.MULTILINE)
    assert skipped == ["there are no connections to look at"]


def test_what_is_accepted_passes(tmp_path: Path) -> None:
    soon = date.today() + timedelta(days=90)
    accepted = f"suppress: [{{check: '*', where: '*app.conf', reason: r, expires: {soon}}}]\n"
    done = run(project(tmp_path, HOLDS + accepted, app_conf=RUBY))
    assert done.returncode == 0, done.stdout


def test_items_are_selected_by_name_and_only_these_are_looked_at(tmp_path: Path) -> None:
    contract = SERVICE % " exits" + HOLDS
    done = run(project(tmp_path, contract, app_log=BROKEN), "-k", "no-match and samples", "-v")
    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "did not start" not in done.stdout, "the service is not needed, and not started"


def test_a_contract_that_is_none_is_an_error_in_words(tmp_path: Path) -> None:
    done = run(project(tmp_path, "log: []\n"))
    assert done.returncode == 2
    assert "`log` is no key of a contract here" in done.stdout
    assert "did you mean `logs`?" in done.stdout
    assert "Traceback" not in done.stdout


def test_contracts_of_other_names_and_steps_of_equal_names(tmp_path: Path) -> None:
    project(tmp_path, HOLDS + HOLDS.removeprefix("logs:\n"))
    (tmp_path / "toolkit.yml").rename(tmp_path / "shop.toolkit.yml")
    (tmp_path / "other.yml").write_text("not: ours\n", "utf-8")
    done = run(tmp_path, "-v", "-k", "no-match")
    assert "shop.toolkit.yml::logs/no-match[requests, samples] PASSED" in done.stdout
    assert "shop.toolkit.yml::logs/no-match[requests, samples]#2 PASSED" in done.stdout
    assert "other.yml" not in done.stdout


TESTS = """
def test_events(toolkit_events):
    (event,), (other,) = toolkit_events(["GET / status=500", "nonsense"])
    assert (event["path"], event["status"]) == ("/", 500)
    assert other["tags"] == ["_grokparsefailure"]


def test_no_lines(toolkit_events):
    assert toolkit_events([]) == []


def test_log_lines(toolkit_log_lines):
    assert sum(" / status=200 " in line for line in toolkit_log_lines) == 3


def test_exposition(toolkit_exposition):
    (fault,) = [s for s in toolkit_exposition if s.labels.get("status") == "500"]
    assert fault.value == 1
"""


def test_fixtures_serve_the_tests_of_a_service(tmp_path: Path) -> None:
    project(tmp_path, SERVICE % "" + HOLDS)
    (tmp_path / "test_service.py").write_text(TESTS, "utf-8")
    done = run(tmp_path, "test_service.py")
    assert "4 passed" in done.stdout, done.stdout


def test_events_have_what_the_contract_and_the_shipper_add(tmp_path: Path) -> None:
    shipped = (
        "logs:\n  - {samples: app.log, pipeline: app.conf, shipper: beat.yml, event: {tier: a}}\n"
    )
    beat = "filebeat.inputs: [{type: log, paths: [app.log], fields: {app: shop}}]\n"
    test = """
def test_events(toolkit_events):
    ((event,),) = toolkit_events(["GET / status=500"])
    assert (event["fields"]["app"], event["tier"]) == ("shop", "a")
"""
    project(tmp_path, shipped, beat_yml=beat)
    (tmp_path / "test_service.py").write_text(test, "utf-8")
    done = run(tmp_path, "test_service.py")
    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("version: 1\n", ["the contract has no `logs:`", "has no `service:` to run"]),
        (HOLDS, ["the filter `ruby` is not emulated", "has no `service:` to run"]),
    ],
)
def test_fixtures_say_what_is_missing(contract: str, said: list[str], tmp_path: Path) -> None:
    project(tmp_path, contract, app_conf=RUBY)
    (tmp_path / "test_service.py").write_text(TESTS, "utf-8")
    done = run(tmp_path, "test_service.py")
    assert done.returncode == 1
    for each in said:
        assert each in done.stdout


def test_a_project_without_a_contract_notices_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n", "utf-8")
    done = run(tmp_path)
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("entry", ["telemetry_contract.plugin"])
def test_the_plugin_is_found_by_its_entry_point(entry: str) -> None:
    from importlib.metadata import entry_points

    assert entry in {each.value for each in entry_points(group="pytest11")}
