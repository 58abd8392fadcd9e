"""Where a command looks for its contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.projects import project, toolkit

HOLDS = "logs: [{samples: app.log, pipeline: app.conf, fields: {method: keyword}}]\n"


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one with a contract, in which the commands run."""
    project(tmp_path, HOLDS)
    folder = tmp_path / "src" / "shop"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_the_contract_of_the_repository_counts_in_the_folders_below(below: Path) -> None:
    (below.parents[1] / ".git").mkdir()
    result = toolkit("verify")
    assert result.exit_code == 0, result.output
    (below.parents[1] / "app.log").write_text("GET / status=-\n", "utf-8")
    assert "../../app.log:1:14" in toolkit("verify").stdout


def test_a_contract_outside_of_the_repository_is_named_and_not_read(below: Path) -> None:
    (below / ".git").mkdir()
    result = toolkit("verify")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name the one of a folder above: `../../toolkit.yml`." in result.stderr


def test_a_contract_that_is_named_is_looked_for_nowhere_else(below: Path) -> None:
    (below.parents[1] / ".git").mkdir()
    assert toolkit("verify", "shop.yml").exit_code == 2


def test_without_a_contract_the_files_for_one_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, "").joinpath("toolkit.yml").unlink()
    monkeypatch.chdir(tmp_path)
    result = toolkit("verify")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "found   1 Logstash pipeline        app.conf" in result.stderr
    assert "fix  run `toolkit init` to have one written." in result.stderr
    assert not (tmp_path / "toolkit.yml").exists()
