"""Prints errors as findings on stderr, and turns them into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from toolkit.errors import ToolkitError, Unavailable, UsageError
from toolkit.findings import Finding, Location

if TYPE_CHECKING:
    from toolkit.reports.terminal.finding import Sign

_READER_GONE = 141
"""The exit code of a process that SIGPIPE has ended."""


@contextmanager
def reporting() -> Iterator[None]:
    """Print a `ToolkitError` on stderr, and exit with its code.

    130 on Ctrl-C; 141, silently, if the reader of the output is gone; 3 on a defect of the
    toolkit itself.
    """
    try:
        yield
    except ToolkitError as error:
        _print(error)
        sys.exit(error.exit_code)
    except click.UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise
        _print(UsageError(_misused(error)))
        sys.exit(UsageError.exit_code)
    except BrokenPipeError:
        # The rest of the buffer would fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_READER_GONE)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except (click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as error:
        from toolkit.cli._bugs import on_bug

        _print(Unavailable(on_bug("toolkit", error)))
        sys.exit(Unavailable.exit_code)


def print_finding(finding: Finding, sign: Sign | None = None) -> None:
    """Print a finding on stderr; ``sign`` is by default that of its severity."""
    from toolkit.reports.terminal.finding import render_finding
    from toolkit.reports.terminal.style import style_of

    # Colours are decided already: click would remove them where stderr is no terminal.
    click.echo(render_finding(finding, style_of(sys.stderr), sign), err=True, color=True)


def _print(error: ToolkitError) -> None:
    from toolkit.reports.terminal.finding import sign_of

    for finding in error.findings:
        print_finding(finding, sign_of(error))


def _misused(error: click.UsageError) -> Finding:
    """Return what click found wrong with a call, in four parts."""
    path = error.ctx.command_path if error.ctx else "toolkit"
    if isinstance(error, click.NoSuchOption) and error.ctx:
        from toolkit.cli._names import unknown

        options = [name for each in error.ctx.command.params for name in each.opts]
        return unknown("option", error.option_name, options, listed_by=f"{path} --help")
    message = error.format_message().rstrip(".")
    usage = error.ctx.get_usage().removeprefix("Usage: ") if error.ctx else path
    near = _nearest_choice(error)
    return Finding(
        what=message[:1].lower() + message[1:],
        where=Location("command line"),
        why=f"the usage is `{' '.join(usage.split())}`",
        fix=f"did you mean `{near}`?" if near else f"run `{path} --help` for all options.",
    )


def _nearest_choice(error: click.UsageError) -> str:
    """The choice most like an invalid value; empty without one."""
    kind = getattr(getattr(error, "param", None), "type", None)
    if not isinstance(kind, click.Choice) or "'" not in error.message:
        return ""
    from difflib import get_close_matches

    given = error.message.split("'")[1]
    return next(iter(get_close_matches(given, map(str, kind.choices), n=1)), "")
