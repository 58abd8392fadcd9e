"""Both READMEs and both pages of the reference stack say the same, and show what is printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from tests.acceptance import ROOT, copied, toolkit
from tests.real.kubectl import program
from toolkit.cli import main
from toolkit.contract import parse_contract

README = ("README.md", "README.pt-BR.md")
FIRST = "docs/first-run.md"
STACK = ("docs/reference-stack.md", "docs/reference-stack.pt-BR.md")
TYPED = "%{APP_MILLISECONDS:latency_ms:float}"


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str = "console") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("pages", [README, STACK])
def test_both_languages_have_the_same_sections_commands_and_links(pages: tuple[str, str]) -> None:
    for pattern in (r"^(#+) ", r"`toolkit (\w+)", r"^\$ (.+?)(?: *#.*)?$"):
        english, portuguese = (re.findall(pattern, text(name), re.MULTILINE) for name in pages)
        assert english == portuguese, pattern
    links = [set(re.findall(r"\]\(([^)]+)\)", text(name))) - {*pages, *STACK} for name in pages]
    assert links[0] == links[1]


def test_what_is_to_be_read_first_fits_on_a_page() -> None:
    assert all(len(text(name).splitlines()) <= 110 for name in README)


@pytest.mark.parametrize("name", [*README, *STACK, FIRST])
def test_every_command_it_names_exists(name: str) -> None:
    known = main.list_commands(click.Context(main))
    assert set(re.findall(r"(?:`|^\$ )toolkit (\w+)", text(name), re.MULTILINE)) <= set(known)


@pytest.mark.parametrize("name", README)
def test_the_contracts_it_shows_are_contracts(name: str) -> None:
    for block in blocks(name, "yaml"):
        parse_contract(block, source=name)


@pytest.mark.parametrize("name", [*README, FIRST])
def test_the_page_shows_what_is_printed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update: bool
) -> None:
    """Its commands, one after the other, in a copy of the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    if name == FIRST:
        helm = Path(program("helm")).parent
        monkeypatch.setenv("PATH", f"{helm}{os.pathsep}{os.environ['PATH']}")
    shown = "".join(blocks(name))
    printed = "".join(_session(re.findall(r"^\$ (.+)$", shown, re.MULTILINE), tmp_path))
    if update:
        _rewrite(name, printed)
    else:
        assert printed == shown


def _session(commands: list[str], folder: Path) -> Iterator[str]:
    """Each command and its output, as one shell would run them."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", f"{command}\nstatus=$?\npwd >&2\nexit $status"],
            cwd=folder,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        *errors, here = done.stderr.splitlines()
        assert not errors, done.stderr
        folder = Path(here)
        yield f"$ {command}\n{done.stdout}"


def _rewrite(name: str, printed: str) -> None:
    """Put the session in place of the blocks, each of which ends where the next one begins."""
    path, ends = ROOT / name, [0]
    for block in blocks(name)[1:]:
        ends.append(printed.index(block.splitlines()[0], ends[-1] + 1))
    parts = (printed[start:end] for start, end in pairwise([*ends, len(printed)]))
    page = re.sub(
        r"^```console\n.*?^```",
        lambda _: f"```console\n{next(parts)}```",
        path.read_text("utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    path.write_text(page, "utf-8")


@pytest.mark.parametrize("name", STACK)
def test_the_stack_shows_what_make_verify_prints(name: str, update: bool) -> None:
    (shown,) = (block for block in blocks(name) if "PASS" in block)
    printed = toolkit("verify", folder=ROOT).out
    if update:
        (ROOT / name).write_text(text(name).replace(shown, f"$ make verify\n{printed}"), "utf-8")
        return
    assert _without_numbers(printed) == _without_numbers(shown.removeprefix("$ make verify\n"))


@pytest.mark.parametrize("name", STACK)
def test_the_stack_shows_the_finding_of_a_field_that_is_text(name: str, tmp_path: Path) -> None:
    (shown,) = (block for block in blocks(name) if block.startswith("✗"))
    configuration = copied(tmp_path) / "pipelines/logstash/app.conf"
    before = configuration.read_text("utf-8")
    configuration.write_text(before.replace(TYPED, TYPED.replace(":float", "")), "utf-8")
    printed = toolkit("verify", "--only", "logs/typed-fields", folder=tmp_path).out
    assert _without_numbers(shown) in _without_numbers(printed)


def _without_numbers(output: str) -> str:
    """How many there are of each differs from run to run, and how lines break with it."""
    return " ".join(re.sub(r"\d+", "N", output).split())
