"""``toolkit kibana import``: saved objects into a Kibana that runs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toolkit.connectors.kibana import Imported
    from toolkit.evidence.files import File
    from toolkit.findings import Finding
    from toolkit.kibana.objects import SavedObject
    from toolkit.model.contract import Scope

__all__ = ["command"]


@click.command("import")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--kibana", metavar="URL", envvar="TOOLKIT_KIBANA_URL", help="Where it runs.")
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
@click.option(
    "--wait", type=float, default=0.0, metavar="SECONDS", help="How long to wait for Kibana."
)
def command(
    contract: Path,
    kibana: str | None,
    space: str | None,
    api_key_file: Path | None,
    ca: Path | None,
    wait: float,
) -> None:
    """Import the saved objects that CONTRACT names (default: toolkit.yml), over what is there.

    It writes to that Kibana, and nothing else does. Ends with the addresses of the dashboards.

    Exits 0 if all is imported, 1 if Kibana refused some of it, 3 if it does not answer.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._screen import style_of
    from toolkit.connectors.kibana import Kibana
    from toolkit.errors import UsageError
    from toolkit.kibana.objects import parse_saved_objects
    from toolkit.reports.text import render_finding

    scope = read_scope(contract)
    if kibana is None:
        raise UsageError(_no_url())
    key = api_key_file.read_text("utf-8").strip() if api_key_file else None
    target = Kibana(
        kibana, space, key or os.environ.get("TOOLKIT_KIBANA_API_KEY"), str(ca) if ca else None
    )
    refused: list[Finding] = []
    addresses: list[str] = []
    for file in _files(scope):
        objects = parse_saved_objects(file.text, file.name)
        name, data = _as_lines(file, objects)
        done = target.import_objects(name, data, patience=wait)
        click.echo(f"{file.name}: {done.count} of {len(objects)} objects imported")
        refused += _refusals(done, objects, file)
        addresses += (target.dashboard(each.id) for each in objects if each.type == "dashboard")
    for finding in refused:
        click.echo("error: " + render_finding(finding, style_of(sys.stderr)), err=True)
    if refused:
        sys.exit(1)
    for address in addresses or [f"{target.base}/app/discover"]:
        click.echo(address)


def _files(scope: Scope) -> tuple[File, ...]:
    """The files the contract names; raises `UsageError` where it names none."""
    from toolkit.connectors.files import FileSystem
    from toolkit.errors import InputError, UsageError
    from toolkit.evidence.files import Files
    from toolkit.model.queries import Unanswered

    expected = scope.contract.kibana
    if expected is None or not expected.saved_objects:
        raise UsageError(_nothing(scope))
    query = Files(expected.saved_objects, expected.declared, "saved objects")
    answer = FileSystem(Path(scope.folder)).answer([query])[query]
    if isinstance(answer, Unanswered):
        raise InputError(*answer.findings)
    files: tuple[File, ...] = answer.evidence.files
    return files


def _as_lines(file: File, objects: tuple[SavedObject, ...]) -> tuple[str, bytes]:
    """The name and the bytes Kibana takes: it reads one object a line, in a file so called."""
    name = Path(file.name)
    if name.suffix == ".ndjson":
        return name.name, file.data
    lines = (json.dumps(each.node.value, ensure_ascii=False) for each in objects)
    return f"{name.stem}.ndjson", "".join(f"{line}\n" for line in lines).encode()


def _refusals(done: Imported, objects: tuple[SavedObject, ...], file: File) -> list[Finding]:
    from toolkit.findings import Finding, Location
    from toolkit.kibana.objects import named

    places = {(each.type, each.id): each.node.locate("id") for each in objects}
    return [
        Finding(
            what=f"{named(each.type)} `{each.title}` was not imported: {each.reason}",
            where=places.get((each.type, each.id), Location(file.name)),
            why="Kibana misses " + ", ".join(f"{named(t)} `{i}`" for t, i in each.missing)
            if each.missing
            else "Kibana refuses the object",
            fix="export it with its related objects."
            if each.missing
            else "run `toolkit verify --only 'kibana/*'`, or export it anew from that version.",
        )
        for each in done.refused
    ]


def _no_url() -> Finding:
    from toolkit.findings import Finding, Location

    return Finding(
        what="no Kibana is named",
        where=Location("command line"),
        why="an import writes, so it is said each time where to",
        fix="give `--kibana http://HOST:5601`, or set TOOLKIT_KIBANA_URL.",
    )


def _nothing(scope: Scope) -> Finding:
    from toolkit.findings import Finding

    return Finding(
        what="the contract names no saved objects",
        where=scope.contract.declared,
        why="there is nothing to import",
        fix="add `kibana: {saved_objects: pipelines/kibana/*.ndjson}`.",
    )
