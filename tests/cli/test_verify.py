"""``toolkit verify``: exit codes, options, and calls that are not understood."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.acceptance import toolkit as toolkit_process
from tests.cli.projects import SERVICE, project, toolkit
from tests.connectors.processes import wait_for, wait_until_gone
from tests.waiting import PATIENCE

HOLDS = "logs: [{samples: app.log, pipeline: app.conf, fields: {method: keyword}}]\n"
BARE = "logs: [{samples: app.log, pipeline: app.conf}]\n"
BROKEN = "GET / status=200\nGET / status=-\n"
UNSEEN = HOLDS + "metrics: {rules: rules.yml}\n"
RUBY = "filter { ruby { code => \"event.set(event.get('message'), 1)\" } }\n"
WARNS = 'logs: [{samples: app.log, pipeline: app.conf, fields: {"@timestamp": date}}]\n'
SOON = date.today() + timedelta(days=90)
STALE = HOLDS + f"suppress: [{{check: logs/no-match, reason: r, expires: {SOON}}}]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("contract", "files", "arguments", "code"),
    [
        (HOLDS, {}, [], 0),
        (HOLDS, {"app_log": BROKEN}, [], 1),
        (HOLDS, {"app_conf": "filter {"}, [], 1),
        (UNSEEN, {}, [], 3),
        (HOLDS, {"app_conf": RUBY}, [], 3),
        (UNSEEN, {"app_log": BROKEN}, [], 1),
        (BARE, {}, [], 3),
        (BARE, {"app_log": BROKEN}, [], 1),
        ("", {}, [], 3),
        ("version: 1\n", {}, [], 3),
        ("log: []\n", {"app_log": BROKEN}, [], 2),
        ("a: b: c\n", {}, [], 2),
        (WARNS, {}, [], 0),
        (WARNS, {}, ["--fail-on", "warning"], 1),
        (WARNS, {}, ["--strict"], 1),
        (WARNS, {}, ["--strict", "--fail-on", "info"], 1),
        (STALE, {}, [], 0),
        (STALE, {}, ["--strict"], 1),
        (HOLDS, {"app_log": BROKEN}, ["--only", "logs/lost-events"], 0),
        (HOLDS, {"app_log": BROKEN}, ["--only", "logs/no-*"], 1),
        (HOLDS, {"app_log": BROKEN}, ["--only", "logs/l*", "--only", "logs/no-match"], 1),
    ],
)
def test_the_exit_code_says_what_is_known(
    contract: str, files: dict[str, str], arguments: list[str], code: int, folder: Path
) -> None:
    project(folder, contract, **files)
    result = toolkit("verify", *arguments)
    assert result.exit_code == code, result.output


@pytest.mark.parametrize(
    ("arguments", "what", "fix"),
    [
        (["nowhere.yml"], "there is no contract at `nowhere.yml`", "toolkit init"),
        (["--only", "logs/no-mtch"], "no check is called `logs/no-mtch`", "`logs/no-match`?"),
        (["--only", "logs/*", "--only", "x"], "no check is called `x`", "toolkit explain"),
        (["--format", "jsn"], "no format is called `jsn`", "did you mean `json`?"),
        (["--output", "a", "--output", "b"], "2 outputs for 1 formats", "for each `--output`"),
        (["--output", "app.log/x.txt"], "`app.log/x.txt` cannot be written", "can be written"),
        (["--record", "app.log/x.txt"], "`app.log/x.txt` cannot be written", "can be written"),
        (["--replay", "app.log"], "the file is no recording", "toolkit verify --record"),
        (["--fail-on", "fatal"], "invalid value for '--fail-on'", "--help"),
        (["--colour"], "no option is called `--colour`", "the options that exist"),
    ],
)
def test_a_call_that_is_not_understood(
    arguments: list[str], what: str, fix: str, folder: Path
) -> None:
    project(folder, HOLDS)
    result = toolkit("verify", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("✗ error  ")
    assert what.lower() in " ".join(result.stderr.lower().split())
    assert fix in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_pipelines_without_samples_are_one_block(folder: Path) -> None:
    names = "".join(f"  - {{name: p{n}, pipeline: app.conf}}\n" for n in range(4))
    project(folder, f"logs:\n{names}")
    result = toolkit("verify")
    assert result.exit_code == 3
    assert result.stdout.count("there are no lines to send through the pipeline") == 1
    assert "  also at 3 places: toolkit.yml:3:5, 4:5, 5:5\n" in result.stdout


def test_every_fault_of_a_contract_is_printed_with_its_place(folder: Path) -> None:
    project(folder, "log: []\nmetric: {}\n")
    result = toolkit("verify")
    assert result.exit_code == 2
    assert result.stderr.count("✗ error  ") == 2
    assert "toolkit.yml:1:1" in result.stderr
    assert "toolkit.yml:2:1" in result.stderr
    assert "did you mean `metrics`?" in result.stderr


@pytest.mark.parametrize("data", [b"\xff\xfe", None])
def test_a_contract_that_cannot_be_read(data: bytes | None, folder: Path) -> None:
    path = folder / "other.toolkit.yml"
    path.mkdir() if data is None else path.write_bytes(data)
    result = toolkit("verify", path.name)
    assert result.exit_code == 2
    assert "other.toolkit.yml" in result.stderr


def test_a_folder_stands_for_the_contract_in_it(folder: Path) -> None:
    (folder / "shop").mkdir()
    project(folder / "shop", HOLDS, app_log=BROKEN)
    result = toolkit("verify", "shop")
    assert result.exit_code == 1
    assert "shop/app.log:2:14" in result.stdout


def test_formats_go_to_the_outputs_of_the_same_position(folder: Path) -> None:
    project(folder, HOLDS, app_log=BROKEN)
    pairs = ["--format", "json", "--output", "out/r.json", "--format", "junit"]
    result = toolkit("verify", *pairs, "--output", "-", "--format", "text")
    xml, _, text = result.stdout.partition("</testsuites>\n")
    assert ElementTree.fromstring(xml + "</testsuites>").tag == "testsuites"
    assert text.splitlines()[-1].startswith("FAIL")
    assert json.loads((folder / "out" / "r.json").read_text("utf-8"))["verdict"] == "fail"


def test_colour_is_as_the_environment_wants_it(folder: Path) -> None:
    project(folder, HOLDS, app_log=BROKEN)
    assert "\x1b[" not in toolkit("verify").stdout
    assert "\x1b[31" in toolkit("verify", FORCE_COLOR="1").stdout
    assert "\x1b[" not in toolkit("verify", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_replay_judges_what_was_recorded(folder: Path) -> None:
    contract = SERVICE % "" + HOLDS
    project(folder, contract)
    first = toolkit("verify", "--record", "seen.jsonl", "--format", "json")
    assert first.exit_code == 0, first.output
    (folder / "app.log").write_text(BROKEN, "utf-8")
    (folder / "toolkit.yml").write_text(contract, "utf-8")
    again = toolkit("verify", "--replay", "seen.jsonl", "--format", "json")
    assert again.exit_code == 0, again.output
    assert verdicts(again.stdout) == verdicts(first.stdout)
    origins = {each["looked_at"]["origin"] for each in json.loads(again.stdout)["judgements"]}
    assert any("(recorded 20" in origin for origin in origins)


def verdicts(output: str) -> list[tuple[str, str]]:
    return [(each["step"], each["verdict"]) for each in json.loads(output)["judgements"]]


def test_a_line_written_twice_is_found_in_the_real_service(folder: Path) -> None:
    fields = "fields: {status: {type: short, role: status}}"
    contract = SERVICE % " twice" + f"logs: [{{pipeline: app.conf, {fields}}}]\n"
    project(folder, contract)
    result = toolkit("verify", "--only", "agreement/*")
    assert result.exit_code == 1
    assert "sent 4 = answered 4 + refused 0; logged 8" in result.stdout


def test_a_service_that_does_not_start_leaves_the_other_hops_judged(folder: Path) -> None:
    contract = SERVICE % " exits" + HOLDS
    project(folder, contract, app_log=BROKEN)
    result = toolkit("verify")
    assert result.exit_code == 1
    assert "the service did not start: it ended with exit code 1" in result.stdout
    # The line holds the path of this checkout: where it is broken depends on that.
    assert "no database to talk to" in " ".join(result.stdout.split())
    assert "app.log:2:14" in result.stdout
    (folder / "app.log").write_text("GET / status=200\n", "utf-8")
    assert toolkit("verify").exit_code == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_broken_off_nothing_is_left_running(number: int, folder: Path) -> None:
    pids = folder / "pids"
    project(
        folder, SERVICE.replace("  ready:", "  start_within: 5000\n  ready:") % " unready forks"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "verify"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PIDS": str(pids)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(pids)
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (130, "interrupted\n")
    wait_until_gone(pids)


def test_the_same_bytes_whatever_the_hash_seed(folder: Path) -> None:
    fields = "fields: {status: keyword, path: long, method: long, other: ip}"
    project(
        folder, f"logs: [{{samples: app.log, pipeline: app.conf, {fields}}}]\n", app_log=BROKEN
    )
    forms = ["--format=text", "--format=json", "--format=junit", "--format=github"]
    first, second = (
        toolkit_process("verify", *forms, folder=folder, PYTHONHASHSEED=seed) for seed in "12"
    )
    assert first.code == 1
    assert first.out == second.out
