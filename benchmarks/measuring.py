"""Processor time of things that are compared, and tables of it."""

from __future__ import annotations

import gc
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

ROUNDS = 7
_SECONDS = 0.2
"""A turn lasts so long at least: the clock of a process may tick slowly."""


def interleaved(
    runs: Mapping[str, Callable[[], object]], rounds: int = ROUNDS
) -> dict[str, float]:
    """The median of the processor seconds of each run.

    The runs take turns, so that a slow moment of the machine meets all of them.
    """
    times = {name: _times(run) for name, run in runs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    gc.collect()
    for _ in range(rounds):
        for name, run in runs.items():
            seconds[name].append(_seconds(run, times[name]) / times[name])
    return {name: median(values) for name, values in seconds.items()}


def _times(run: Callable[[], object]) -> int:
    """How often ``run`` makes a turn of some length."""
    run()
    times = 1
    while _seconds(run, times) < _SECONDS:
        times *= 2
    return times


def _seconds(run: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        run()
    return time.process_time() - start


def child_seconds(command: Sequence[str], rounds: int = ROUNDS) -> float:
    """The median of the processor seconds of a process, from its start to its end."""
    return interleaved_children({"": command}, rounds)[""]


def interleaved_children(
    commands: Mapping[str, Sequence[str]], rounds: int = ROUNDS
) -> dict[str, float]:
    """The same of several processes, which take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(_child_seconds(command))
    return {name: median(values) for name, values in seconds.items()}


def _child_seconds(command: Sequence[str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table as Markdown writes it, the first column to the left."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    print(f"\n{title}\n")
    for cells in (columns, ["-" * (width - 1) + ":" for width in widths], *rows):
        first, *others = zip(cells, widths, strict=True)
        start = first[0].replace(":", "-") if set(first[0]) <= set("-:") else first[0]
        padded = [start.ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print(f"| {' | '.join(padded)} |")
