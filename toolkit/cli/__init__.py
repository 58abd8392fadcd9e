"""The command line: one command is one module, imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from toolkit.cli._errors import reporting

__all__ = ["main"]

_COMMANDS = {
    "verify": "Compare what happens with what a contract promises.",
    "trace": "Follow one line through a pipeline to the fields it becomes.",
    "init": "Write a contract for the files that are found.",
    "explain": "Say what a check looks for, why it matters, and how to fix a finding.",
    "checks": "List all checks.",
    "doctor": "Say what is reachable, and what will be unproven for lack of it.",
    "schema": "Print the JSON Schema of a contract.",
}


class _Commands(click.Group):
    """Finds a command by its module; the help needs none of the modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"toolkit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        with reporting():
            return super().invoke(ctx)


@click.group(cls=_Commands)
@click.version_option(package_name="telemetry-contract", prog_name="toolkit")
def main() -> None:
    """Prove that logs and metrics arrive as a contract promises.

    Exits 0 if every promise holds, 1 if one is broken, 2 if the call or the contract
    cannot be understood, 3 if something could not be looked at.
    """
