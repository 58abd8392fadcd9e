"""What docs/stability.md promises is what there is."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import get_args, get_type_hints

import click

from telemetry_contract import plugin
from toolkit.cli import main
from toolkit.model.contract import Contract
from toolkit.reports import formats, json

ROOT = Path(__file__).parents[1]
PROMISED = {
    name.strip(): set(re.findall(r"`([^`]+)`", text))
    for name, text in re.findall(
        r"^\| ([^|]+) \| (.+) \|$", (ROOT / "docs" / "stability.md").read_text(), re.MULTILINE
    )
}


def test_commands() -> None:
    assert PROMISED["the command line"] == {*main.list_commands(click.Context(main))}


def test_versions_of_what_is_read_and_written() -> None:
    (version,) = get_args(get_type_hints(Contract)["version"])
    assert f"version: {version}" in PROMISED["the contract"]
    assert f'"version": {json.VERSION}' in PROMISED["reports for programs"]
    assert {"junit", "github"} < {*formats()}


def test_fixtures() -> None:
    fixtures = {name for name in vars(plugin) if name.startswith("toolkit_")}
    assert fixtures <= PROMISED["pytest"]
    assert {entry.name for entry in entry_points(group="pytest11")} >= {"telemetry_contract"}


def test_entry_points() -> None:
    groups = {f"toolkit.{kind}" for kind in ("checks", "filters", "reports")}
    assert PROMISED["entry points"] == groups
    example = (ROOT / "examples" / "plugin" / "pyproject.toml").read_text("utf-8")
    assert {*re.findall(r'entry-points."(.*)"', example)} == groups
