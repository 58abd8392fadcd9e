"""``toolkit trust``: allow the commands of a contract."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("trust")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--revoke", is_flag=True, help="Take it back.")
def command(contract: Path, revoke: bool) -> None:
    """Allow the commands that CONTRACT runs: they start its service, and put load on it.

    They are trusted until they change: their line, their environment, or a file of the
    contract's folder that they name. This is kept in the configuration of the user, by
    default in ~/.config/telemetry-contract/trusted.json.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._trust import commands_of, remember

    scope = read_scope(contract)
    found = commands_of(scope)
    remember(scope, () if revoke else found)
    click.echo(f"{scope.contract.declared.source} {'is not trusted' if revoke else 'may run'}:")
    for each in found:
        click.echo(f"  {each}")
    if not found:
        click.echo("  nothing: it has no `service:`")
