"""``toolkit grok match``: lines in, captures out."""

from __future__ import annotations

import click

from toolkit.cli._streams import read_blocks, written
from toolkit.cli.grok._matchers import match_blocks, matcher_of
from toolkit.cli.grok._options import definition_options


@click.command("match")
@click.argument("expression")
@click.argument("source", metavar="[FILE|-]", default="-")
@definition_options
@click.option(
    "--engine",
    metavar="NAME",
    help="A regex engine, or `pygrok` for another implementation.",
)
def command(
    expression: str, source: str, ecs: str, patterns: tuple[str, ...], engine: str | None
) -> None:
    """Match each line of FILE (default: standard input) with EXPRESSION.

    Prints one JSON object for each line, `null` without a match. Lines end at a line feed
    only.
    """
    match = matcher_of(expression, ecs, patterns, engine)
    name, blocks = read_blocks(source)
    with written("-") as write:
        match_blocks(match, blocks, write, name)
