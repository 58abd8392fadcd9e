"""``toolkit schema``: the JSON Schema of a contract."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a contract, for editors."""
    from toolkit.contract import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
