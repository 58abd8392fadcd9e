"""Turns what is raised on purpose into four-part messages and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from toolkit.errors import ToolkitError

__all__ = ["reporting"]


@contextmanager
def reporting() -> Iterator[None]:
    """Print a `ToolkitError` on stderr and exit with its code; 130 on Ctrl-C."""
    try:
        yield
    except ToolkitError as error:
        _print(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(130)


def _print(error: ToolkitError) -> None:
    from toolkit.cli._screen import style_of
    from toolkit.reports.text import render_finding

    style = style_of(sys.stderr)
    for finding in error.findings:
        click.echo("error: " + render_finding(finding, style), err=True)
