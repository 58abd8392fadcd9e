"""Groups of commands. A command is a module, imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from toolkit.cli._errors import reporting
from toolkit.errors import UsageError


class Commands(click.Group):
    """Finds a command by its module; the help imports no module."""

    def __init__(
        self,
        *args: Any,
        package: str,
        sections: Mapping[str, Mapping[str, str]],
        aliases: Mapping[str, str] | None = None,
        **kwargs: Any,
    ):
        """Create a group of the modules of a package.

        Args:
            *args: For `click.Group`.
            package: The package whose modules have the commands.
            sections: Headings of the help, each with its commands and their one line.
            aliases: Other names of commands, which no help lists.
            **kwargs: For `click.Group`.
        """
        super().__init__(*args, **kwargs)
        self.package, self.sections, self.aliases = package, sections, aliases or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for section in self.sections.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.aliases.get(cmd_name, cmd_name)
        if name not in self.list_commands(ctx):
            return None
        module = f"{name}_" if iskeyword(name) else name
        command: click.Command = import_module(f"{self.package}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from toolkit.cli._names import unknown

            raise UsageError(unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, commands in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl(list(commands.items()))
        click.Command.format_options(self, ctx, formatter)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with reporting():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        with reporting():
            return super().invoke(ctx)
