"""``toolkit kibana import``: saved objects into a running Kibana."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._errors import print_finding
from toolkit.cli.kibana._messages import no_url, not_writable, refusals
from toolkit.cli.kibana._objects import as_lines, files
from toolkit.connectors.http import Client
from toolkit.connectors.http.credentials import read_secret
from toolkit.connectors.kibana import KibanaAccess
from toolkit.connectors.kibana.importing import Imported, import_objects
from toolkit.errors import UsageError
from toolkit.evidence.files import File
from toolkit.kibana.objects import SavedObject, parse_saved_objects
from toolkit.model.contract import Scope

_NAME = "toolkit.ndjson"
"""Kibana accepts only this extension."""


@click.command("import")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--kibana", metavar="URL", help="Its address; default: TOOLKIT_KIBANA_URL.")
@click.option("--space", metavar="NAME", help="The space; default: the default space.")
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with an API key only; default: TOOLKIT_KIBANA_API_KEY.",
)
@click.option(
    "--ca",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with the CA certificates of the server.",
)
@click.option("--keep", is_flag=True, help="Import nothing if one of the objects exists.")
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
    """Import the saved objects of CONTRACT (default: toolkit.yml), and overwrite existing ones.

    The Kibana is that of the call or the environment, or a target of the contract that is
    `writable`. Prints the addresses of the dashboards.

    Exits 0 if all is imported, 1 if Kibana rejected some of it, 3 if it does not answer.
    """
    scope = read_scope(contract)
    access = replace(_access(scope, kibana), patience=wait, timeout=30.0)
    if space:
        access = replace(access, space=space)
    if api_key_file:
        access = replace(access, api_key=read_secret(api_key_file, str(api_key_file)))
    if ca:
        access = replace(access, ca=str(ca))
    found = [(file, parse_saved_objects(file.text, file.name)) for file in files(scope)]
    with Client(access) as client:
        # All at once: what one file refers to may be in another.
        done = import_objects(client, _NAME, as_lines(found), overwrite=not keep)
    _show(done, found, access)


def _access(scope: Scope, url: str | None) -> KibanaAccess:
    """Return the access to a Kibana that may be written to; raises `UsageError`."""
    found = KibanaAccess.of(scope, url)
    if found is None:
        raise UsageError(no_url())
    target = scope.contract.targets.kibana if scope.contract.targets else None
    named = url or KibanaAccess.named(None, None, Path(scope.folder))
    if not named and not found.writable and target:
        raise UsageError(not_writable(target.declared))
    return found


def _show(
    done: Imported, found: list[tuple[File, tuple[SavedObject, ...]]], access: KibanaAccess
) -> None:
    """Print the numbers of objects, then what was rejected, or the addresses of dashboards."""
    for file, held in found:
        written = sum((each.type, each.id) in done.written for each in held)
        click.echo(f"{file.name}: {written} of {len(held)} objects imported")
    for warning in done.warnings:
        click.echo(f"warning: Kibana reports: {warning}", err=True)
    objects = [each for _, held in found for each in held]
    for finding in refusals(done, objects):
        print_finding(finding)
    if done.refused:
        sys.exit(1)
    boards = (each.id for each in objects if each.type == "dashboard")
    addresses = [access.dashboard(done.id_of("dashboard", each)) for each in boards]
    for address in addresses or [f"{access.base}/app/discover"]:
        click.echo(address)
