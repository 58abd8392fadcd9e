"""``toolkit logs load``: lines through a pipeline into a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toolkit.cli.logs._loading import Loader
    from toolkit.connectors.sinks import Account, Sink
    from toolkit.model.contract import Scope
    from toolkit.model.expectations.logs import LogExpectation

__all__ = ["command"]

_PATIENCE, _TIMEOUT = 300.0, 60.0
"""Seconds a server may be away or too busy, and seconds it may take to store a batch."""


@click.command("load")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option(
    "--contract",
    type=click.Path(path_type=Path),
    default=Path("toolkit.yml"),
    show_default=True,
    help="Says which pipeline the lines go through.",
)
@click.option("--logs", "name", metavar="NAME", help="Which logs of the contract they are.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("logs.duckdb"),
    show_default=True,
    help="The store.",
)
@click.option("--elasticsearch", metavar="URL", help="Load into this Elasticsearch instead.")
@click.option("--install-template", is_flag=True, help="Install the contract's template first.")
def command(
    files: tuple[str, ...],
    contract: Path,
    name: str | None,
    into: Path,
    elasticsearch: str | None,
    install_template: bool,
) -> None:
    """Send the lines of FILE (files, .gz, .zst, globs, `-`) through a pipeline into a store.

    Without FILE, the sample lines of the contract. Each event has an id by its content:
    loading the same lines again, or after a break, neither loses nor doubles one.

    Exits 0 if all is stored, 1 if the store or the pipeline refused some of it, 3 if the
    store is away, or lines reached what is not emulated.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._signals import terminable
    from toolkit.cli.logs._choice import chosen, sample_files
    from toolkit.cli.logs._inputs import expanded
    from toolkit.cli.logs._loading import loader
    from toolkit.cli.logs._progress import counting

    scope = read_scope(contract)
    expected = chosen(scope, name)
    names = expanded(files or sample_files(expected, scope))
    found = loader(expected, scope)
    sink = _sink(expected, scope, into, elasticsearch, install_template)
    with terminable():
        try:
            with counting(names) as progress:
                found.load(names, sink, progress)
        finally:
            _tell(found, sink.account)
            sink.close()
    sys.exit(1 if sink.account.rejected else _code(found))


def _sink(
    expected: LogExpectation, scope: Scope, into: Path, url: str | None, install: bool
) -> Sink:
    from dataclasses import replace

    from toolkit.connectors.storefile import StoreFile

    if url is None:
        return StoreFile(into)
    from toolkit.cli.logs._choice import template_body
    from toolkit.connectors.elasticsearch.access import access
    from toolkit.connectors.elasticsearch.bulk import BulkSink

    targets = scope.contract.targets
    found = access(url, targets.elasticsearch if targets else None, Path(scope.folder))
    assert found is not None
    patient = replace(found, patience=_PATIENCE, timeout=max(found.timeout, _TIMEOUT))
    sink = BulkSink(patient, expected.index)
    if install:
        sink.install(*template_body(expected, scope))
    return sink


def _tell(found: Loader, account: Account) -> None:
    from toolkit.cli._screen import style_of
    from toolkit.reports.text import render_finding

    for finding in found.findings:
        click.echo(f"error: {render_finding(finding, style_of(sys.stderr))}", err=True)
    for reason, count in account.rejected.most_common():
        line = account.examples[reason]
        click.echo(f"rejected {count}: {reason}", err=True)
        click.echo(f"  first: {line.where}", err=True)
    click.echo(f"{found.lines} lines, {found.unparsed} not parsed, {found.dropped} dropped")
    click.echo(str(account))


def _code(found: Loader) -> int:
    if found.findings and not found.unknown:
        return 1
    return 3 if found.unknown else 0
