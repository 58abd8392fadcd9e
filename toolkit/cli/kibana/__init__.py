"""``toolkit kibana``: the saved objects of a Kibana."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {"import": "Import the saved objects of a contract into a running Kibana."}


@click.group(
    "kibana", cls=Commands, package="toolkit.cli.kibana", sections={"Commands": _COMMANDS}
)
def command() -> None:
    """Import data views and dashboards into a running Kibana."""
