"""``toolkit logstash``: configurations of Logstash, without Logstash."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["command"]

_COMMANDS = {
    "run": "Send lines through a pipeline; print one JSON event a line.",
    "check": "Find what Logstash rejects, and probable mistakes.",
    "trace": "Print the changes of each filter to the event of a line.",
    "coverage": "Count the filters, branches and patterns that lines reach.",
    "test": "Compare the events of a pipeline with those of case files.",
}


@click.group(
    "logstash", cls=Commands, package="toolkit.cli.logstash", sections={"Commands": _COMMANDS}
)
def command() -> None:
    """Run, check, trace and test Logstash configurations, without Logstash."""
