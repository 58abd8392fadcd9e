"""Prints the result of loading lines."""

from __future__ import annotations

import click

from toolkit.cli._errors import print_finding
from toolkit.cli.logs._loader import Loader
from toolkit.connectors.sinks import Account


def print_findings(found: Loader) -> None:
    """Print on stderr why lines did not become events."""
    for finding, sign in found.findings.items():
        print_finding(finding, sign)
    if found.unknown:
        click.echo(f"{found.unknown} lines reached what is not emulated", err=True)


def print_account(found: Loader, account: Account) -> None:
    """Print the numbers of lines and events, and the reasons for rejections."""
    for reason, count in account.rejected.most_common():
        line = account.examples[reason]
        click.echo(f"rejected {count}: {reason}", err=True)
        click.echo(f"  first: {line.where}", err=True)
    click.echo(f"{found.lines} lines, {found.unparsed} not parsed, {found.dropped} dropped")
    click.echo(str(account))
