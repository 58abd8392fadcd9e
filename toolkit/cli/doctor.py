"""``toolkit doctor``: the prerequisites of the checks, and what is unproven without them."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("doctor")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
def command(contract: Path) -> None:
    """List what the checks of CONTRACT need, and what of it is missing here.

    Exits 0 if nothing is missing, 3 if some checks will be unproven.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._prerequisites import prerequisites

    found = list(prerequisites(read_scope(contract)))
    for each in found:
        mark = "✓" if each.available else "?"
        click.echo(f"{mark} {each.name:<28} {each.detail}")
        if not each.available:
            click.echo(f"  leaves unproven  {', '.join(each.unproven) or 'nothing'}")
    sys.exit(0 if all(each.available for each in found) else 3)
