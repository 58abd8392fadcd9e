"""A progress bar for files that are read, if stderr is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def counting(names: Sequence[str]) -> Iterator[Callable[[int], None]]:
    """Yield a callback for the number of bytes that were read."""
    if not sys.stderr.isatty() or "-" in names:
        yield lambda size: None
        return
    length = sum(Path(name).stat().st_size for name in names)
    with click.progressbar(length=length, label="loading", file=sys.stderr) as bar:
        bar.update_min_steps = max(1, length // 200)
        yield bar.update
