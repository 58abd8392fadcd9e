"""``toolkit logstash``: configurations of Logstash, without Logstash."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "run": "Send lines through a pipeline; one JSON event a line comes out.",
    "check": "Find what Logstash would refuse, and what hardly means what it says.",
    "trace": "Show what each filter does to the event of a line.",
    "coverage": "Show which filters, branches and patterns the lines of a file reach.",
    "test": "Hold pipelines to the events that case files expect.",
}


@click.group(
    "logstash", cls=Commands, package="toolkit.cli.logstash", sections={"Commands": _COMMANDS}
)
def command() -> None:
    """Run, check and follow Logstash configurations without Logstash."""
