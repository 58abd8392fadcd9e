"""The smaller commands: explain, checks, schema, doctor; and the help."""

from __future__ import annotations

import json
import re
from contextlib import chdir
from pathlib import Path

import click
import pytest

from tests.cli.projects import SERVICE, project, toolkit
from toolkit.checks import all_checks
from toolkit.cli import doctor, main

CHECKS = [check.id for check in all_checks()]
COMMANDS = main.list_commands(click.Context(main))


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_explained(check: str) -> None:
    result = toolkit("explain", check)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"# {check}\n\n")
    assert "## How to fix it" in result.stdout
    example = result.stdout.partition("## Example")[2]
    assert f"\n\n✗ {check}  " in example or f"  leaves unproven  {check}\n" in example


def test_a_check_that_does_not_exist() -> None:
    result = toolkit("explain", "logs/nomatch")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean `logs/no-match`?" in result.stderr


@pytest.mark.parametrize("command", ["explain", "checks"])
def test_all_checks_are_listed_once_with_their_rule(command: str) -> None:
    """`checks` is the name that scripts may still have."""
    result = toolkit(command)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == CHECKS
    assert all(line.endswith(".") for line in lines)


def test_the_schema_is_json() -> None:
    result = toolkit("schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "toolkit.yml"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_a_help(command: str) -> None:
    result = toolkit(command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


def test_the_help_names_every_command_and_the_exit_codes() -> None:
    result = toolkit("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout
    assert "Exits 0 if every promise holds, 1 if one is broken, 2 " in result.stdout


def test_a_command_that_does_not_exist() -> None:
    result = toolkit("verfy")
    assert result.exit_code == 2
    assert result.stderr.startswith("✗ error  command line\n  no command is called `verfy`\n")
    assert "did you mean `verify`?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["verify", "--onli", "x"], "--only"),
        (["--versoin"], "--version"),
        (["logstash", "chek"], "check"),
        (["verify", "--fail-on", "warn"], "warning"),
        (["verify", "--only", "lgs/no-match"], "logs/no-match"),
        (["verify", "--format", "jsn"], "json"),
        (["grok", "match", "x", "--engine", "pgrok"], "pygrok"),
        (["explain", "no-match"], "logs/no-match"),
    ],
)
def test_a_name_that_is_misspelt_is_corrected(arguments: list[str], near: str) -> None:
    with chdir(Path(__file__).parents[2]):
        result = toolkit(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"  fix  did you mean `{near}`?\n")


def test_the_help_begins_with_the_commands_of_the_first_five_minutes() -> None:
    first, _, more = toolkit("--help").stdout.partition("More:\n")
    names = re.findall(r"^  (\w+)  ", first.partition("Commands:\n")[2], re.MULTILINE)
    assert names == ["init", "verify", "trace", "scale", "explain"]
    assert "checks" not in re.findall(r"^  (\w+)  ", more, re.MULTILINE)


def test_the_doctor_finds_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project(tmp_path, SERVICE % "" + "logs: [{samples: app.log, pipeline: app.conf}]\n")
    result = toolkit("doctor")
    assert result.exit_code == 0, result.output
    assert "can be started" in result.stdout


def test_the_doctor_says_what_will_be_unproven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    contract = (
        "service: {start: no-such-program}\nlogs: [{samples: gone.log, pipeline: app.conf}]\n"
    )
    project(tmp_path, contract)
    result = toolkit("doctor")
    assert result.exit_code == 3
    assert "`no-such-program` is not installed here" in result.stdout
    missing = result.stdout.split("`gone.log` names no file\n")[1].splitlines()[0]
    assert missing.startswith("  leaves unproven  ")
    assert "logs/no-match" in missing


@pytest.mark.parametrize(
    ("name", "text", "program"),
    [
        ("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "helm"),
        ("kustomization.yaml", "resources: [m.yaml]\n", "kustomize or kubectl"),
    ],
)
def test_the_doctor_names_the_programs_that_render_manifests(
    name: str, text: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path, "kubernetes: {manifests: 'deploy/*.yaml'}\n"))
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / name).write_text(text, "utf-8")
    (tmp_path / "deploy" / "m.yaml").write_text("kind: ConfigMap\n", "utf-8")
    monkeypatch.setenv("PATH", "")
    missing = toolkit("doctor")
    assert re.search(
        rf"^\? {program} +not installed: renders deploy$", missing.stdout, re.MULTILINE
    )
    assert missing.exit_code == 3
    monkeypatch.setattr("shutil.which", lambda name, path=None: f"/bin/{name}")
    assert re.search(rf"^✓ {program} +installed: renders deploy$", toolkit("doctor").stdout, re.M)


MANIFESTS = "kubernetes: {manifests: '*.yaml'}\n"
SHIPPED = "logs: [{samples: app.log, pipeline: app.conf, index: l, fields: {path: keyword}}]\n"
ELASTICSEARCH = "targets: {elasticsearch: {url: 'http://127.0.0.1:9'}}\n"
SCALING = "service: {start: x}\nscaling: {reaches: 3}\n"


@pytest.mark.parametrize(
    ("module", "contract", "unproven"),
    [
        ("kubernetes_validate", MANIFESTS, "manifests/schema"),
        ("locust", MANIFESTS + SCALING, "autoscaling/"),
        ("kubectl", MANIFESTS + "targets: {kubernetes: {context: c}}\n", "manifests/"),
        ("requests", SHIPPED + ELASTICSEARCH, "elasticsearch/"),
        ("duckdb", MANIFESTS, ""),
        ("locust", MANIFESTS, ""),
        ("kubernetes_validate", SHIPPED, ""),
    ],
)
def test_the_doctor_misses_the_extras_that_the_contract_needs(
    module: str, contract: str, unproven: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path, contract, a_yaml="kind: ConfigMap\n"))
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == module else True)
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    result = toolkit("doctor")
    assert result.exit_code == (3 if unproven else 0), result.output
    lines = result.stdout.splitlines()
    mark = "?" if unproven else "✓"
    (at,) = (number for number, line in enumerate(lines) if line.startswith(f"{mark} {module} "))
    assert "not installed" in lines[at]
    if unproven:
        assert lines[at + 1].startswith(f"  leaves unproven  {unproven}")


@pytest.mark.parametrize("start", ["''", '"\'unclosed"'])
def test_the_doctor_reads_a_command_that_is_none(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project(tmp_path, f"service: {{start: {start}}}\n")
    result = toolkit("doctor")
    assert result.exit_code == 3
    assert " is no command\n" in result.stdout


def test_the_doctor_refuses_a_contract_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project(tmp_path, "log: []\n")
    assert toolkit("doctor").exit_code == 2


def test_the_doctor_says_whether_a_ledger_could_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    contract = "logs: [{samples: app.log, pipeline: app.conf, ledger: {lines: 9}}]\n"
    target = "targets: {elasticsearch: {url: 'http://localhost:9200', writable: true}}\n"
    project(tmp_path, contract)
    assert "ledger of logs               cannot be sent" in toolkit("doctor").stdout
    project(tmp_path, contract + target)
    assert "ledger of logs               can be sent" in toolkit("doctor").stdout


def test_writing_without_asking_is_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project(tmp_path, "logs: [{samples: app.log, pipeline: app.conf, ledger: {lines: 9}}]\n")
    result = toolkit("verify", "--allow-writes")
    assert result.exit_code == 2
    assert "\n  `--allow-writes` has nothing to write to\n" in result.stderr
    assert toolkit("verify", "--only", "logs/no-match").exit_code == 0
