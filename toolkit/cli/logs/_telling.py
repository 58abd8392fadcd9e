"""What became of lines, as it is told on the screen."""

from __future__ import annotations

import click

from toolkit.cli._errors import print_finding
from toolkit.cli.logs._loading import Loader
from toolkit.connectors.sinks import Account


def tell_findings(found: Loader) -> None:
    """Why lines did not become events."""
    for finding, sign in found.findings.items():
        print_finding(finding, sign)
    if found.unknown:
        click.echo(f"{found.unknown} lines reached what is not emulated", err=True)


def tell_account(found: Loader, account: Account) -> None:
    """What was read, and what became of the events."""
    for reason, count in account.rejected.most_common():
        line = account.examples[reason]
        click.echo(f"rejected {count}: {reason}", err=True)
        click.echo(f"  first: {line.where}", err=True)
    click.echo(f"{found.lines} lines, {found.unparsed} not parsed, {found.dropped} dropped")
    click.echo(str(account))
