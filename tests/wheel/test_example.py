"""The example of a package that extends the toolkit does what its README says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.wheel import Environment

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
CONFIGURATION = """\
filter {
  grok { match => { "message" => "%{WORD:verb} %{NOTSPACE:card}" } }
  acme_mask { field => "card" }
}
"""
CONTRACT = """\
logs:
  - {name: shop, pipeline: app.conf, samples: app.log, fields: {card: keyword}}
"""
Toolkit = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def site(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the example."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "source")
    environment.install(folder / "source", "--target", str(folder / "site"))
    return folder / "site"


@pytest.fixture
def toolkit(environment: Environment, site: Path, tmp_path: Path) -> Toolkit:
    """The command, in a project whose pipeline has the filter of the example."""
    for name, text in {"app.conf": CONFIGURATION, "toolkit.yml": CONTRACT}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "app.log").write_text("PAY 4111111111111111\n")

    def run(*arguments: str) -> CompletedProcess[str]:
        return environment.run("toolkit", *arguments, cwd=tmp_path, PYTHONPATH=str(site))

    return run


def test_the_filter_runs_and_its_options_are_checked(toolkit: Toolkit, tmp_path: Path) -> None:
    (line,) = toolkit("logstash", "run", "app.conf", "--input", "app.log").stdout.splitlines()
    assert json.loads(line)["card"] == "************1111"
    assert toolkit("logstash", "check", "app.conf").returncode == 0
    (tmp_path / "app.conf").write_text("filter { acme_mask { } }")
    checked = toolkit("logstash", "check", "app.conf")
    assert checked.returncode == 2
    assert "`field`" in checked.stdout


def test_the_filter_is_part_of_the_lineage(toolkit: Toolkit) -> None:
    impact = toolkit("impact", "card")
    assert impact.returncode == 0, impact.stdout
    assert "acme_mask" in impact.stdout
    assert "%{NOTSPACE:card}" in impact.stdout, "what the filter has read"


def test_a_line_that_the_filter_fails_on_is_not_parsed(toolkit: Toolkit, tmp_path: Path) -> None:
    (tmp_path / "app.conf").write_text('filter { acme_mask { field => "no_such_field" } }')
    verified = toolkit("verify", "--only", "logs/no-match")
    assert verified.returncode == 1
    assert "`_acmemaskfailure`" in verified.stdout


def test_the_check_judges_and_is_explained(toolkit: Toolkit, tmp_path: Path) -> None:
    assert toolkit("verify").returncode == 0
    (tmp_path / "app.log").write_text("PAY Bearer mF_9.B5f-4.1JqM\n")
    verified = toolkit("verify")
    assert verified.returncode == 1
    assert "✗ logs/leaked-token  app.log:1:12\n" in verified.stdout
    explained = toolkit("explain", "logs/leaked-token").stdout
    assert explained.startswith("# logs/leaked-token\n\nNo log line holds a bearer token.\n")


def test_the_report_is_a_table(toolkit: Toolkit, tmp_path: Path) -> None:
    assert toolkit("verify", "--format", "markdown").stdout.startswith("**PASS**\n\n| verdict |")
    (tmp_path / "app.log").write_text("PAY Bearer mF_9.B5f-4.1JqM\n")
    row = "| FAIL | `logs/leaked-token` | a bearer token of 15 characters is logged | app.log:1:12"
    assert row in toolkit("verify", "--format", "markdown").stdout
