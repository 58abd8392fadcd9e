"""The command ``toolkit``, which is also ``python -m telemetry_contract``."""

from __future__ import annotations

import sys

from telemetry_contract import HOME, is_ours, take_the_name

_OVERWRITTEN = """\
? could not look  {folder}
  files of telemetry-contract were overwritten by {others}
  why  both have a package `toolkit`, and pip lets the one that is installed last replace the other
  fix  install telemetry-contract in an environment of its own, with pipx for example.
"""


def main() -> None:
    """Run the command line on our package, whatever else is called ``toolkit`` here."""
    if not is_ours(HOME):
        sys.stderr.write(_overwritten())
        sys.exit(3)
    take_the_name()
    from toolkit.cli import main as command

    command(prog_name="toolkit")


def _overwritten() -> str:
    from importlib.metadata import packages_distributions

    names = {*packages_distributions().get("toolkit", ())} - {"telemetry-contract"}
    return _OVERWRITTEN.format(others=" and ".join(sorted(names)) or "others", folder=HOME)


if __name__ == "__main__":
    main()
