"""The page of the commands: the help of each, as `--help` prints it at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

import click

from toolkit.cli import main


def commands(made: str) -> str:
    """Write the page; ``made`` is the note that it is generated."""
    parts = ["# All commands", made.rstrip(), "The help of each command, as `--help` prints it."]
    return "\n\n".join([*parts, *_helps(main, click.Context(main, info_name="toolkit"))]) + "\n"


def _helps(command: click.Command, context: click.Context) -> Iterator[str]:
    context.terminal_width = 80
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _helps(found, click.Context(found, parent=context, info_name=name))
