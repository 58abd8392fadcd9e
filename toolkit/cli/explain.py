"""``toolkit explain``: what a check looks for."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("check")
def command(check: str) -> None:
    """Say what CHECK looks for, why it matters, and how to fix a finding."""
    from toolkit.checks import all_checks
    from toolkit.cli._names import no_such_check
    from toolkit.errors import UsageError

    known = {each.id: each for each in all_checks()}
    if check not in known:
        raise UsageError(no_such_check(check, list(known)))
    click.echo(f"# {check}\n\n{known[check].doc}")
