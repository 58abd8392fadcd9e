"""``toolkit checks``: all checks, one a line."""

from __future__ import annotations

import click


@click.command("checks")
def command() -> None:
    """List all checks: their id, their severity, and the rule in one sentence."""
    from toolkit.checks import all_checks

    checks = all_checks()
    width = max(len(check.id) for check in checks)
    for check in checks:
        rule = check.doc.partition("\n")[0]
        foreign = "" if check.origin == "toolkit" else f"  ({check.origin})"
        click.echo(f"{check.id:<{width}}  {check.severity.name.lower():<7}  {rule}{foreign}")
