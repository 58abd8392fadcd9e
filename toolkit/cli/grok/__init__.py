"""``toolkit grok``: expressions by themselves."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "match": "Match lines with an expression; one JSON object a line comes out.",
    "explain": "Say where in a line an expression stops, and what it misses there.",
}


@click.group("grok", cls=Commands, package="toolkit.cli.grok", sections={"Commands": _COMMANDS})
def command() -> None:
    """Match lines with an expression, and explain where it stopped."""
