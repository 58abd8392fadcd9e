"""Says on stderr what is being waited for, where somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from toolkit.verification import Progress


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield what is told of each system that has answered; clears its line at the end."""
    if not sys.stderr.isatty():
        yield lambda system: None
        return
    click.echo("looking …", err=True, nl=False)
    try:
        yield lambda system: click.echo(f"\r\x1b[Klooked at {system} …", err=True, nl=False)
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
