"""``toolkit grok explain``: where in a line an expression stops."""

from __future__ import annotations

import sys

import click

from toolkit.cli._streams import read_text
from toolkit.cli.grok._expressions import compile_expression, definitions_of
from toolkit.cli.grok._options import definition_options
from toolkit.logstash.grok.explain import explain_all
from toolkit.reports.terminal.grok_mismatch import match_lines, mismatch_lines
from toolkit.reports.terminal.style import style_of


@click.command("explain")
@click.argument("expressions", nargs=-1, required=True, metavar="EXPRESSION...")
@click.argument("line", metavar="LINE|-")
@definition_options
def command(expressions: tuple[str, ...], line: str, ecs: str, patterns: tuple[str, ...]) -> None:
    """Print where EXPRESSION stops in LINE (`-`: standard input), and what it expected.

    Of several expressions, the one that comes furthest is printed in full.

    Exits 0 if one matches, 1 if none does.
    """
    style, text = style_of(sys.stdout), read_text(line)
    definitions = definitions_of(ecs, patterns)
    compiled = [compile_expression(each, definitions) for each in expressions]
    stops = explain_all(compiled, text)
    for row in (
        mismatch_lines(stops, style, indent=0) if stops else match_lines(compiled, text, style)
    ):
        click.echo(row, color=True)
    sys.exit(1 if stops else 0)
