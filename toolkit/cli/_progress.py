"""Progress of a run, on stderr if it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def passing_line(first: str) -> Iterator[Callable[[str], None]]:
    """Show a line, and yield a function that replaces it; it is cleared at the end."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return

    def show(text: str) -> None:
        click.echo(f"\r\x1b[K{text}", err=True, nl=False)

    show(first)
    try:
        yield show
    finally:
        show("")
