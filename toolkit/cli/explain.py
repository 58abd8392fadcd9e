"""``toolkit explain``: what a check looks for."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("check")
def command(check: str) -> None:
    """Say what CHECK looks for, why it matters, and how to fix a finding."""
    from toolkit.checks import check_ids, documentation

    found = documentation(check)
    if found is None:
        from toolkit.cli._names import no_such_check
        from toolkit.errors import UsageError

        raise UsageError(no_such_check(check, check_ids()))
    click.echo(f"# {check}\n\n{found}")
