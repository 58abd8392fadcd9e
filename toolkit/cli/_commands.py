"""Groups of commands. A command is a module, imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from toolkit.cli._errors import reporting


class Commands(click.Group):
    """Finds a command by its module; the help needs none of the modules."""

    def __init__(self, *args: Any, package: str, modules: Mapping[str, str], **kwargs: Any):
        """Take the commands in ``modules`` of ``package``; each with what its help says."""
        super().__init__(*args, **kwargs)
        self.package, self.modules = package, modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"{self.package}.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.modules.items()))

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with reporting():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        with reporting():
            return super().invoke(ctx)
