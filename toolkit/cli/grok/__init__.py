"""``toolkit grok``: single grok expressions."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "match": "Match lines with an expression; print one JSON object a line.",
    "explain": "Print where in a line an expression stops, and what it expected.",
}


@click.group("grok", cls=Commands, package="toolkit.cli.grok", sections={"Commands": _COMMANDS})
def command() -> None:
    """Match lines with a grok expression; explain a mismatch."""
