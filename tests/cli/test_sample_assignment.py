"""Which pipeline `toolkit init` gives a file of sample lines to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.cli.init._discovery import discover
from toolkit.cli.init._draft import draft

PIPELINES = {
    "relay": "",
    "marking": 'filter { mutate { add_field => { "team" => "shop" } } }',
    "parsing": 'filter { grok { match => { "message" => "^%{WORD:verb} %{INT:took:int}$" } } }',
}
PARSED = "".join(f"get {n}\n" for n in range(9))
PROSE = "".join(f"the {n}. line, and nothing that a filter here reads\n" for n in range(9))


def _samples(
    folder: Path, only: str | None = None, **samples: str
) -> tuple[dict[str, Any], list[str]]:
    """The samples of each pipeline, or of one alone, and what could not be found."""
    for name, filters in PIPELINES.items():
        if only not in (None, name):
            continue
        text = f"input {{ stdin {{ id => 'in' }} }} {filters} output {{ stdout {{}} }}"
        (folder / f"{name}.conf").write_text(text)
    for name, text in samples.items():
        (folder / f"{name}.log").write_text(text)
    made = draft(folder, discover(folder))
    logs: list[dict[str, Any]] = yaml.safe_load(made.text)["logs"]
    given = {each["pipeline"]: each.get("samples", []) for each in logs}
    return given, [each for each in made.missing if each.startswith("a pipeline for")]


def test_a_sample_goes_to_the_pipeline_that_makes_fields_of_it(tmp_path: Path) -> None:
    given, missing = _samples(tmp_path, app=PARSED)
    assert given == {"relay.conf": [], "marking.conf": [], "parsing.conf": "app.log"}
    assert not missing


def test_samples_that_no_pipeline_parses_are_named_and_given_to_none(tmp_path: Path) -> None:
    given, missing = _samples(tmp_path, app=PARSED, notes=PROSE, prose=PROSE)
    assert given == {"relay.conf": [], "marking.conf": [], "parsing.conf": "app.log"}
    assert missing == [
        "a pipeline for `notes.log` and 1 more: none that can be run here makes fields of them"
    ]


def test_one_line_is_enough(tmp_path: Path) -> None:
    given, _ = _samples(tmp_path, app="get 12\n")
    assert given["parsing.conf"] == "app.log"


def test_the_only_pipeline_gets_what_it_does_not_refuse(tmp_path: Path) -> None:
    (tmp_path / "parses").mkdir()
    given, missing = _samples(tmp_path / "parses", "parsing", app=PARSED, prose=PROSE)
    assert given == {"parsing.conf": "app.log"}
    assert missing == ["a pipeline for `prose.log`: none that can be run here makes fields of it"]
    (tmp_path / "relays").mkdir()
    given, missing = _samples(tmp_path / "relays", "relay", prose=PROSE)
    assert (given, missing) == ({"relay.conf": "prose.log"}, [])


def test_no_line_of_the_output_or_the_contract_is_too_wide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deep = tmp_path / "a-folder-with-a-long-name" / "and-another-one" / "third"
    deep.mkdir(parents=True)
    _samples(deep, first=PROSE, second=PROSE, third=PROSE, fourth=PROSE)
    for number in range(40):
        (deep / f"unknown-{number}.{'json' if number % 2 else 'yml'}").write_text("5")
    found = CliRunner().invoke(main, ["init"])
    assert found.exit_code == 0, found.output
    assert max(map(len, found.output.splitlines())) <= 80
    comments = [each for each in Path("toolkit.yml").read_text().splitlines() if "#" in each]
    assert max(map(len, comments)) <= 80
