"""The options for pattern definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def definition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options ``--ecs`` and ``--patterns`` to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--ecs",
        type=click.Choice(["disabled", "v1"]),
        default="v1",
        show_default=True,
        help="The set of definitions: legacy, or ECS names.",
    ),
    click.option(
        "--patterns",
        multiple=True,
        metavar="DIR",
        help="A folder or file of further definitions; repeatable.",
    ),
)
