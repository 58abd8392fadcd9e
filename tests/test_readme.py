"""Both READMEs have the same sections, and show what the toolkit really prints."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tests.acceptance import toolkit
from toolkit.cli import main

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md").read_text("utf-8")
PORTUGUESE = (ROOT / "README.pt-BR.md").read_text("utf-8")


def test_both_have_the_same_number_of_sections_of_each_depth() -> None:
    depths = [[len(h) for h in re.findall(r"^(#+) ", t, re.M)] for t in (ENGLISH, PORTUGUESE)]
    assert depths[0] == depths[1]


def test_both_name_the_same_commands() -> None:
    commands = [set(re.findall(r"`toolkit (\w+)", text)) for text in (ENGLISH, PORTUGUESE)]
    assert commands[0] == commands[1]


def test_every_command_it_names_exists() -> None:
    known = main.list_commands(click.Context(main))
    assert set(re.findall(r"`toolkit (\w+)", ENGLISH)) <= set(known)


def test_the_first_block_is_what_make_verify_prints() -> None:
    shown = re.search(r"\$ make verify\n(.*?)```", ENGLISH, re.DOTALL)
    assert shown is not None
    assert _without_numbers(toolkit("verify", folder=ROOT).out) == _without_numbers(shown[1])


def _without_numbers(text: str) -> str:
    """How many there are of each differs from run to run, and how lines break with it."""
    return " ".join(re.sub(r"\d+", "N", text).split())
