"""Run benchmarks: ``python -m benchmarks [NAME…]``, all of them without a name."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import autoscaler, check, grok, pipeline

BENCHMARKS: dict[str, Callable[[], None]] = {
    "grok": grok.main,
    "pipeline": pipeline.main,
    "check": check.main,
    "autoscaler": autoscaler.main,
}


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {unknown[0]}: {', '.join(BENCHMARKS)}")
    for name in names:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
