"""``toolkit logs``: lines in a store, and their figures."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "load": "Load lines through a pipeline into a store.",
    "stats": "Print latency, status and unparsed lines of a store.",
    "query": "Query a store in SQL, or an Elasticsearch with a query body.",
}


@click.group("logs", cls=Commands, package="toolkit.cli.logs", sections={"Commands": _COMMANDS})
def command() -> None:
    """Load lines into a store; print latency, status and failures."""
