"""``toolkit kibana import``: saved objects into a Kibana that runs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toolkit.connectors.kibana import Access, Client
    from toolkit.evidence.files import File
    from toolkit.findings import Finding
    from toolkit.model.contract import Scope

__all__ = ["command"]


@click.command("import")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--kibana", metavar="URL", help="Where it runs; else TOOLKIT_KIBANA_URL.")
@click.option("--space", metavar="NAME", help="The space; the default one without it.")
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file that holds nothing but an API key; else TOOLKIT_KIBANA_API_KEY.",
)
@click.option(
    "--ca",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with the certificates that sign the server's.",
)
@click.option("--keep", is_flag=True, help="Write nothing if one of the objects is there already.")
@click.option(
    "--wait", type=float, default=0.0, metavar="SECONDS", help="How long to wait for Kibana."
)
def command(
    contract: Path,
    kibana: str | None,
    space: str | None,
    api_key_file: Path | None,
    ca: Path | None,
    keep: bool,
    wait: float,
) -> None:
    """Import the saved objects that CONTRACT names (default: toolkit.yml), over what is there.

    It writes to that Kibana, and nothing else does: the call or the environment names it, or
    a target of the contract that is `writable`. Ends with the addresses of the dashboards.

    Exits 0 if all is imported, 1 if Kibana refused some of it, 3 if it does not answer.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli.kibana._objects import files
    from toolkit.connectors.credentials import read_secret
    from toolkit.connectors.kibana import Client

    scope = read_scope(contract)
    access = replace(_access(scope, kibana), patience=wait, timeout=30.0)
    if space:
        access = replace(access, space=space)
    if api_key_file:
        access = replace(access, api_key=read_secret(api_key_file, str(api_key_file)))
    if ca:
        access = replace(access, ca=str(ca))
    found = files(scope)
    client, done = Client(access), _Done()
    try:
        for file in found:
            done.add(client, file, overwrite=not keep)
    finally:
        client.close()
    done.show(access)


def _access(scope: Scope, url: str | None) -> Access:
    """Who may be written to; raises `UsageError` where nobody says so."""
    from toolkit.cli.kibana._messages import no_url, not_writable
    from toolkit.connectors.kibana.access import access
    from toolkit.errors import UsageError

    targets = scope.contract.targets
    target = targets.kibana if targets else None
    found = access(url, target, Path(scope.folder))
    if found is None:
        raise UsageError(no_url())
    named = url or access(None, None, Path(scope.folder))
    if not named and not found.writable and target:
        raise UsageError(not_writable(target.declared))
    return found


@dataclass
class _Done:
    """What came of the files so far."""

    refused: list[Finding] = field(default_factory=list)
    dashboards: list[str] = field(default_factory=list)

    def add(self, client: Client, file: File, *, overwrite: bool) -> None:
        """Import one file, and say how many of its objects were written."""
        from toolkit.cli.kibana._messages import refusals
        from toolkit.cli.kibana._objects import as_lines
        from toolkit.connectors.kibana.importing import import_objects
        from toolkit.kibana.objects import parse_saved_objects

        objects = parse_saved_objects(file.text, file.name)
        name, data = as_lines(file, objects)
        done = import_objects(client, name, data, overwrite=overwrite)
        click.echo(f"{file.name}: {done.count} of {len(objects)} objects imported")
        for warning in done.warnings:
            click.echo(f"warning: Kibana says: {warning}", err=True)
        self.refused += refusals(done, objects, file)
        shown = (each.id for each in objects if each.type == "dashboard")
        self.dashboards += (done.id_of("dashboard", each) for each in shown)

    def show(self, access: Access) -> None:
        """End with what was refused, or with where to look."""
        from toolkit.cli._screen import style_of
        from toolkit.reports.text import render_finding

        for finding in self.refused:
            click.echo("error: " + render_finding(finding, style_of(sys.stderr)), err=True)
        if self.refused:
            sys.exit(1)
        addresses = [access.dashboard(each) for each in self.dashboards]
        for address in addresses or [f"{access.base}/app/discover"]:
            click.echo(address)
