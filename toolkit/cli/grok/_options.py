"""The options for pattern definitions."""

from __future__ import annotations

import click

from toolkit.cli._options import all_of

definition_options = all_of(
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
"""Which definitions there are: ``ecs``, ``patterns``."""
