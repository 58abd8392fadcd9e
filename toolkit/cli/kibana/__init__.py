"""``toolkit kibana``: what is shown in Kibana."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {"import": "Import a contract's saved objects into a Kibana that runs."}


@click.group(
    "kibana", cls=Commands, package="toolkit.cli.kibana", sections={"Commands": _COMMANDS}
)
def command() -> None:
    """Load data views and dashboards into Kibana."""
