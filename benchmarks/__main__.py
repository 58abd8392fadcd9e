"""Run benchmarks: ``python -m benchmarks [NAME…]``, the short ones without a name."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import autoscaler, check, grok, load, pipeline

BENCHMARKS: dict[str, Callable[[], None]] = {
    "grok": grok.main,
    "pipeline": pipeline.main,
    "check": check.main,
    "autoscaler": autoscaler.main,
}

LONG: dict[str, Callable[[int], None]] = {"load": load.main}
"""Those that last minutes, and are run by name only."""


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ", ".join([*BENCHMARKS, *LONG])
    parser.add_argument("names", nargs="*", metavar="NAME", help=known)
    parser.add_argument("--events", type=int, default=load.EVENTS, help="of load")
    arguments = parser.parse_args()
    names = arguments.names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in {**BENCHMARKS, **LONG}]:
        parser.error(f"no benchmark is called {unknown[0]}: {known}")
    for name in names:
        LONG[name](arguments.events) if name in LONG else BENCHMARKS[name]()


if __name__ == "__main__":
    main()
