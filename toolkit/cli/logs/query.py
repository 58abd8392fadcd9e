"""``toolkit logs query``: SQL for a store, or a query body for an Elasticsearch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from toolkit.cli._streams import read_text
from toolkit.cli.logs import _options
from toolkit.connectors.elasticsearch import ElasticsearchAccess, ElasticsearchClient
from toolkit.connectors.elasticsearch.client import path_of
from toolkit.connectors.storefile import StoreFile
from toolkit.languages.positioned_json import read_json
from toolkit.reports.logs.rows import FORMATS


@click.command("query")
@click.argument("query", metavar="SQL|BODY|-")
@_options.store("--from", "The store of `toolkit logs load`.")
@_options.elasticsearch("Search this Elasticsearch instead, with a query body.")
@click.option("--index", metavar="PATTERN", default="logs-*", help="The indices to search.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Format of the rows.",
)
def command(query: str, store: Path, elasticsearch: str | None, index: str, form: str) -> None:
    """Query a store in SQL (its table is `events`), or an Elasticsearch with a query body.

    A store is opened for reading only.
    """
    text = read_text(query)
    if elasticsearch is not None:
        click.echo(json.dumps(_searched(text, elasticsearch, index), indent=2, ensure_ascii=False))
        return
    with StoreFile(store, read_only=True) as held:
        names, rows = held.query(text)
    click.echo(FORMATS[form](names, rows), nl=False)


def _searched(text: str, url: str, index: str) -> Any:
    body = read_json(text, "query", what="the query body")
    access = ElasticsearchAccess.named(url, None, Path())
    assert access is not None
    with ElasticsearchClient(access) as client:
        return client.post(path_of(index, "_search"), body)
