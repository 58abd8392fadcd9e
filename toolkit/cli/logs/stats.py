"""``toolkit logs stats``: latency, status and unparsed lines of loaded logs."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._evidence import evidence_of
from toolkit.cli._files import write_file
from toolkit.cli._signals import terminable
from toolkit.cli._targets import live_targets
from toolkit.cli.logs import _options
from toolkit.cli.logs._choice import chosen, no_fields
from toolkit.cli.logs._failing import failing_shapes
from toolkit.cli.logs._inputs import expanded
from toolkit.cli.logs._loader import counting, loader, print_findings
from toolkit.connectors.elasticsearch.client import ElasticsearchAccess
from toolkit.connectors.storefile import Shape, StoreFile
from toolkit.errors import UsageError
from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.evidence.elasticsearch.responses import live_figures
from toolkit.reports.logs.html import page
from toolkit.reports.logs.tables import show
from toolkit.reports.terminal.style import style_of


@click.command("stats")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@_options.contract("The contract with the pipeline and the index.")
@_options.logs
@_options.store("--from", "The store of `toolkit logs load`.")
@_options.elasticsearch("Read this Elasticsearch instead.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write an HTML page with plots, too.",
)
def command(
    files: tuple[str, ...],
    contract: Path,
    name: str | None,
    store: Path,
    elasticsearch: str | None,
    html: Path | None,
) -> None:
    """Print parse rate, latency and status of a store, or of FILE without a store.

    Unparsed lines are grouped by their shape, each with an example.
    """
    if elasticsearch is not None:
        figures, shapes = _asked(contract, name, elasticsearch)
    else:
        figures, shapes = _stored(files, contract, name, store)
    for row in show(figures, shapes, style_of(sys.stdout)):
        click.echo(row, color=True)
    if html is not None:
        write_file(html, page(figures, shapes))


def _stored(
    files: tuple[str, ...], contract: Path, name: str | None, store: Path
) -> tuple[Figures, list[Shape]]:
    with TemporaryDirectory() as scratch:
        if files:
            store = Path(scratch, "logs.duckdb")
            _load(files, contract, name, store)
        with StoreFile(store, read_only=True) as held:
            return held.figures(), held.shapes()


def _load(files: tuple[str, ...], contract: Path, name: str | None, store: Path) -> None:
    scope, names = read_scope(contract), expanded(files)
    found = loader(chosen(scope, name), scope)
    with terminable(), StoreFile(store) as held, counting(names) as progress:
        found.load(names, held, progress)
    print_findings(found)


def _asked(contract: Path, name: str | None, url: str) -> tuple[Figures, list[Shape]]:
    scope, connectors = live_targets(read_scope(contract), live=True, elasticsearch=url)
    expected = chosen(scope, name)
    query = live_figures(expected, scope).get("live")
    if query is None:
        raise UsageError(no_fields(expected))
    figures: Figures = evidence_of(query, connectors)
    found = ElasticsearchAccess.of(scope, url)
    assert found is not None
    return figures, failing_shapes(found, expected) if figures.failures else []
