"""``toolkit logs load``: lines through a pipeline into a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.logs import _options

if TYPE_CHECKING:
    from toolkit.cli.logs._loading import Loader
    from toolkit.connectors.sinks import Sink
    from toolkit.model.contract import Scope
    from toolkit.model.expectations.logs import LogExpectation

_PATIENCE, _TIMEOUT = 300.0, 60.0
"""Seconds a server may be away or too busy, and seconds it may take to store a batch."""


@click.command("load")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@_options.contract("Says which pipeline the lines go through.")
@_options.logs
@_options.store("--into", "The store.")
@_options.elasticsearch("Load into this Elasticsearch instead.")
@click.option("--install-template", is_flag=True, help="Install the contract's template first.")
def command(
    files: tuple[str, ...],
    contract: Path,
    name: str | None,
    store: Path,
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
    from toolkit.cli.logs._telling import tell_account, tell_findings

    scope = read_scope(contract)
    expected = chosen(scope, name)
    names = expanded(files or sample_files(expected, scope))
    found = loader(expected, scope, figures=elasticsearch is None)
    sink = _sink(expected, scope, store, elasticsearch, install_template)
    with terminable():
        try:
            with counting(names) as progress:
                found.load(names, sink, progress)
        finally:
            tell_findings(found)
            tell_account(found, sink.account)
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
    from toolkit.connectors.elasticsearch.access import Access
    from toolkit.connectors.elasticsearch.bulk import BulkSink

    targets = scope.contract.targets
    found = Access.named(url, targets.elasticsearch if targets else None, Path(scope.folder))
    assert found is not None
    patient = replace(found, patience=_PATIENCE, timeout=max(found.timeout, _TIMEOUT))
    sink = BulkSink(patient, expected.index)
    if install:
        sink.install(*template_body(expected, scope))
    return sink


def _code(found: Loader) -> int:
    if found.findings and not found.unknown:
        return 1
    return 3 if found.unknown else 0
