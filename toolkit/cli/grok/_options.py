"""The options by which commands choose pattern definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def definition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options ``--ecs`` and ``--patterns``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--ecs",
        type=click.Choice(["disabled", "v1"]),
        default="v1",
        show_default=True,
        help="Which set of definitions: the legacy one, or that of ECS names.",
    ),
    click.option(
        "--patterns",
        multiple=True,
        metavar="DIR",
        help="A folder (or file) of further definitions; repeat.",
    ),
)
