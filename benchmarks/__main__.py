"""Run benchmarks: ``python -m benchmarks [NAME…]``, the short ones without a name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks import autoscaler, check, grok, house, load, manifests, pipeline, public_trees
from benchmarks.lines import ROOT

BENCHMARKS: dict[str, Callable[[], None]] = {
    "grok": grok.main,
    "pipeline": pipeline.main,
    "check": check.main,
    "autoscaler": autoscaler.main,
    "manifests": manifests.main,
}

NAMED: dict[str, Callable[[argparse.Namespace], None]] = {
    "load": lambda given: load.main(given.events),
    "house": lambda given: house.main(given.root.resolve()),
    "public": lambda given: public_trees.main(given.trees.resolve()),
}
"""Run by name only: they last minutes, or measure the source."""


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ", ".join([*BENCHMARKS, *NAMED])
    parser.add_argument("names", nargs="*", metavar="NAME", help=known)
    parser.add_argument("--events", type=int, default=load.EVENTS, help="of load")
    parser.add_argument("--root", type=Path, default=ROOT, help="checkout for house")
    parser.add_argument("--trees", type=Path, default=ROOT, help="folder of checkouts for public")
    arguments = parser.parse_args()
    names = arguments.names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in {**BENCHMARKS, **NAMED}]:
        parser.error(f"no benchmark is called {unknown[0]}: {known}")
    for name in names:
        NAMED[name](arguments) if name in NAMED else BENCHMARKS[name]()


if __name__ == "__main__":
    main()
