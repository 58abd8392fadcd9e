"""A contract's commands run only where the user allows them, and nothing else asks."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.projects import SERVICE, project, toolkit
from tests.waiting import PATIENCE

HOLDS = "logs: [{samples: app.log, pipeline: app.conf, fields: {method: keyword}}]\n"
START = "  start: '{python} serve.py {port} {scratch}'\n"
CONTRACT = "service:\n" + START + SERVICE.partition("\n")[2].partition("\n")[2] + HOLDS
SERVE = f"""\
import pathlib, runpy
pathlib.Path("ran").touch()
runpy.run_path({str(Path(__file__).parents[1] / "connectors" / "serve.py")!r}, run_name="__main__")
"""
REFUSED = "the contract's command is not trusted, and was not run"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A contract whose service notes that it ran; nothing is trusted."""
    made = tmp_path / "shop"
    made.mkdir()
    monkeypatch.chdir(project(made, CONTRACT))
    (made / "serve.py").write_text(SERVE, "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TOOLKIT_TRUST")
    return made


def ran(folder: Path) -> bool:
    """Whether the service was started since the last time."""
    marker = folder / "ran"
    found = marker.exists()
    marker.unlink(missing_ok=True)
    return found


def test_without_a_terminal_nothing_runs_and_the_files_are_judged(folder: Path) -> None:
    found = toolkit("verify")
    assert (found.exit_code, ran(folder)) == (3, False)
    assert REFUSED in found.stdout
    assert "toolkit.yml:2:3" in found.stdout
    assert "toolkit trust" in found.stdout
    assert "1 sample line" in found.stdout
    (folder / "app.log").write_text("GET / status=-\n", "utf-8")
    assert toolkit("verify").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--trust"], {}), ([], {"TOOLKIT_TRUST": "1"})]
)
def test_a_call_may_allow_it_for_itself(
    arguments: list[str], environment: dict[str, str], folder: Path
) -> None:
    found = toolkit("verify", *arguments, **environment)
    assert (found.exit_code, ran(folder)) == (0, True), found.output
    assert (toolkit("verify").exit_code, ran(folder)) == (3, False)


def test_what_is_trusted_runs_until_it_changes(folder: Path) -> None:
    printed = toolkit("trust")
    assert (printed.exit_code, ran(folder)) == (0, False)
    assert "  {python} serve.py {port} {scratch}\n" in printed.stdout
    assert (toolkit("verify").exit_code, ran(folder)) == (0, True)
    (folder / "app.conf").write_text("# edited\n" + (folder / "app.conf").read_text(), "utf-8")
    (folder / "toolkit.yml").write_text("# edited\n" + CONTRACT, "utf-8")
    (folder / "new.py").touch()
    assert (toolkit("verify").exit_code, ran(folder)) == (0, True)
    assert toolkit("trust", "--revoke").exit_code == 0
    assert (toolkit("verify").exit_code, ran(folder)) == (3, False)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("toolkit.yml", "{port} {scratch}", "{port} {scratch} twice"),
        ("toolkit.yml", "  ready:", "  environment: {LD_PRELOAD: x.so}\n  ready:"),
        ("serve.py", "touch()", "touch() "),
    ],
)
def test_a_change_of_what_runs_asks_again(name: str, old: str, new: str, folder: Path) -> None:
    toolkit("trust")
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
    assert (toolkit("verify").exit_code, ran(folder)) == (3, False)


def test_a_file_named_in_a_line_within_the_line_is_one_of_it(folder: Path) -> None:
    line = "  start: 'sh -c \"exec {python} serve.py {port} {scratch}\"'\n"
    (folder / "toolkit.yml").write_text(CONTRACT.replace(START, line), "utf-8")
    toolkit("trust")
    assert (toolkit("verify").exit_code, ran(folder)) == (0, True)
    (folder / "serve.py").write_text(SERVE + "# edited\n", "utf-8")
    assert (toolkit("verify").exit_code, ran(folder)) == (3, False)


def test_no_part_of_a_command_is_hidden_from_who_allows_it(folder: Path) -> None:
    hiding = START.replace("'{python}", '"touch pwned; \\e[2K\\r{python}').replace("'\n", '"\n')
    (folder / "toolkit.yml").write_text(CONTRACT.replace(START, hiding), "utf-8")
    shown = toolkit("trust").stdout
    assert r"touch pwned; \x1b[2K\r" in shown
    assert not {"\x1b", "\r"} & set(shown)


def test_a_copy_elsewhere_is_not_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toolkit("trust")
    other = folder.rename(folder.with_name("other"))
    monkeypatch.chdir(other)
    assert (toolkit("verify").exit_code, ran(other)) == (3, False)


def test_only_what_needs_the_service_asks(folder: Path) -> None:
    found = toolkit("verify", "--only", "logs/multiline")
    assert REFUSED in found.stdout, "the log of the service is joined, too"
    (folder / "toolkit.yml").write_text(HOLDS, "utf-8")
    assert toolkit("verify").exit_code == 0
    contract = CONTRACT + "kubernetes: {manifests: '*.yaml'}\n"
    (folder / "toolkit.yml").write_text(contract, "utf-8")
    (folder / "a.yaml").write_text("kind: ConfigMap\nmetadata: {name: a}\n", "utf-8")
    assert REFUSED not in toolkit("verify", "--only", "manifests/described-twice").stdout


def test_files_alone_are_judged_and_the_rest_is_named(folder: Path) -> None:
    found = toolkit("verify", "--no-service", "--format", "text", "--format", "json")
    assert (found.exit_code, ran(folder)) == (0, False), found.output
    text, _, data = found.stdout.partition("\n{")
    report = json.loads("{" + data)
    left = [each for each in report["judgements"] if each["verdict"] == "not_run"]
    assert {each["check"].partition("/")[0] for each in left} >= {"logs", "service"}
    assert "- service        -              -  not run\n" in text
    assert "\n- not run (--no-service): " in text
    assert f" 0 accepted, {len(left)} not run" in text
    assert {each["looked_at"]["sampled"] for each in left} == {0}
    xml = ElementTree.fromstring(toolkit("verify", "--no-service", "--format", "junit").stdout)
    skipped = {each.get("message") for each in xml.iter("skipped")}
    assert skipped == {"not run: --no-service", "there are no connections to look at"}


def test_a_contract_of_which_nothing_is_left_is_unproven(folder: Path) -> None:
    (folder / "toolkit.yml").write_text(CONTRACT.replace(HOLDS, ""), "utf-8")
    found = toolkit("verify", "--no-service")
    assert found.exit_code == 3
    assert " not run\n" in found.stdout


def test_what_is_not_run_makes_no_suppression_stale(folder: Path) -> None:
    suppress = "suppress: [{check: 'service/*', reason: r, expires: 2999-01-01}]\n"
    (folder / "toolkit.yml").write_text(CONTRACT + suppress, "utf-8")
    assert "covers nothing" not in toolkit("verify", "--no-service").stdout
    assert "covers nothing" in toolkit("verify", "--trust").stdout


def test_a_recording_without_the_service_proves_nothing_of_it(folder: Path) -> None:
    toolkit("verify", "--no-service", "--record", "seen.jsonl")
    replayed = toolkit("verify", "--replay", "seen.jsonl")
    assert replayed.exit_code == 3
    assert "no connection to service is configured" in replayed.stdout


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 3), ("", 3)])
def test_on_a_terminal_it_asks_and_remembers_a_yes(answer: str, code: int, folder: Path) -> None:
    primary, secondary = pty.openpty()
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "verify", "--output", "report.txt"],
        env={**os.environ, "PYTHONPATH": root},
        stdin=secondary,
        stderr=secondary,
    )
    os.close(secondary)
    asked = b""
    while b"[y/N]" not in asked:
        asked += os.read(primary, 1000)
    os.write(primary, f"{answer}\n".encode())
    assert process.wait(PATIENCE) == code
    assert "{python} serve.py {port} {scratch}" in asked.decode()
    assert ran(folder) is (code == 0)
    assert toolkit("verify").exit_code == code


def test_scale_asks_for_the_load_as_well(folder: Path) -> None:
    manifests = Path(__file__).parents[2] / "k8s"
    contract = CONTRACT + f"kubernetes: {{manifests: '{manifests}/*.yaml'}}\n"
    (folder / "toolkit.yml").write_text(contract, "utf-8")
    toolkit("trust")
    found = toolkit("scale")
    assert (found.exit_code, ran(folder)) == (3, False), found.output
    assert REFUSED in found.stderr


@pytest.mark.parametrize("damaged", ["", "{}", '{"trusted": []}', '{"trusted": {"/x": 3}}'])
def test_a_damaged_file_trusts_nothing_and_is_written_anew(damaged: str, folder: Path) -> None:
    path = folder.parent / "config" / "telemetry-contract" / "trusted.json"
    path.parent.mkdir(parents=True)
    path.write_text(damaged, "utf-8")
    assert toolkit("verify").exit_code == 3
    assert toolkit("trust").exit_code == 0
    assert toolkit("verify").exit_code == 0


def test_a_configuration_that_cannot_be_written(folder: Path) -> None:
    (folder.parent / "config").write_text("", "utf-8")
    found = toolkit("trust")
    assert found.exit_code == 2
    assert "cannot be written" in found.stderr


def test_a_contract_without_commands(folder: Path) -> None:
    (folder / "toolkit.yml").write_text(HOLDS, "utf-8")
    assert "it has no `service:`" in toolkit("trust").stdout


def test_without_a_contract_the_reason_is_not_that_of_another_command(folder: Path) -> None:
    (folder / "toolkit.yml").unlink()
    found = toolkit("trust")
    assert (found.exit_code, "toolkit verify" in found.stderr) == (2, False)
