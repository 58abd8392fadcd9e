"""``toolkit logs load``: lines through a pipeline into a store."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._signals import terminable
from toolkit.cli.logs import _options
from toolkit.cli.logs._choice import chosen, sample_files, template_body
from toolkit.cli.logs._inputs import expanded
from toolkit.cli.logs._loader import Loader, counting, loader, print_account, print_findings
from toolkit.connectors.elasticsearch.bulk import BulkSink
from toolkit.connectors.elasticsearch.client import ElasticsearchAccess
from toolkit.connectors.sinks import Sink
from toolkit.connectors.storefile import StoreFile
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation

_PATIENCE, _TIMEOUT = 300.0, 60.0
"""Seconds until a server that does not answer is given up, and to store a batch."""


@click.command("load")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@_options.contract("The contract with the pipeline.")
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
    """Load the lines of FILE (files, .gz, .zst, globs, `-`) through a pipeline into a store.

    Without FILE, the sample lines of the contract are loaded. Each event has an id that depends
    on its content: loading the same lines again neither loses nor duplicates one.

    Exits 0 if all events are stored, 1 if the store or the pipeline rejected some, 3 if the
    store does not answer, or lines reached something not emulated.
    """
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
            print_findings(found)
            print_account(found, sink.account)
            sink.close()
    sys.exit(1 if sink.account.rejected else _code(found))


def _sink(
    expected: LogExpectation, scope: Scope, into: Path, url: str | None, install: bool
) -> Sink:
    if url is None:
        return StoreFile(into)
    found = ElasticsearchAccess.of(scope, url)
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
