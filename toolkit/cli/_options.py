"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def all_of(*options: Decorator) -> Decorator:
    """Return a decorator that adds options to a command, in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


report_options = all_of(
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="F",
        help="text, json, junit or github; repeatable.",
    ),
    click.option(
        "--output",
        "outputs",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        help="File for the `--format` of the same position; default: standard output.",
    ),
)
"""The formats of a report, and their files: ``formats``, ``outputs``."""
recording_options = all_of(
    click.option(
        "--record",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Record the run in a file.",
    ),
    click.option(
        "--replay",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="Judge a recording; nothing is started or read.",
    ),
)
"""A recording to write, or to judge: ``record``, ``replay``."""
trust_option = click.option(
    "--trust",
    is_flag=True,
    envvar="TOOLKIT_TRUST",
    help="Run the contract's commands without asking, as TOOLKIT_TRUST=1 does.",
)
"""True if the commands of the contract may run, as after `toolkit trust`: ``trust``."""
