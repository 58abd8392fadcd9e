"""``toolkit doctor``: what is reachable, and what will be unproven for lack of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("doctor")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
def command(contract: Path) -> None:
    """Say what this machine can look at of what CONTRACT promises.

    Exits 0 if all of it, 3 if something will be unproven.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._surroundings import surroundings

    found = list(surroundings(read_scope(contract)))
    for each in found:
        mark = "✓" if each.there else "?"
        click.echo(f"{mark} {each.what:<28} {each.detail}")
        if not each.there:
            click.echo(f"  leaves unproven  {', '.join(each.unproven) or 'nothing'}")
    sys.exit(0 if all(each.there for each in found) else 3)
