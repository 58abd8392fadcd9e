"""``toolkit logs``: lines into a store, and questions to it."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "load": "Send lines through a pipeline into a store.",
    "stats": "Show latency, status and failing lines of what was loaded.",
    "query": "Ask a store in SQL, or an Elasticsearch with a query body.",
}


@click.group("logs", cls=Commands, package="toolkit.cli.logs", sections={"Commands": _COMMANDS})
def command() -> None:
    """Load lines into a store, and ask it for latency, status and failures."""
