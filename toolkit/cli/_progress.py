"""Progress of a run, on stderr if it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from toolkit.verification import Progress


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a callback for each system that has answered; its line is cleared at the end."""
    if not sys.stderr.isatty():
        yield lambda system: None
        return
    click.echo("gathering …", err=True, nl=False)
    try:
        yield lambda system: click.echo(f"\r\x1b[Kgathered {system} …", err=True, nl=False)
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
