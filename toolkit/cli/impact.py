"""``toolkit impact``: the sources of a field or metric, and its readers."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("impact")
@click.argument("name", metavar="FIELD|METRIC")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A tree, or one JSON object.",
)
def command(name: str, contract: Path, form: str) -> None:
    """Print the sources of FIELD or METRIC of CONTRACT, and all that depends on it.

    A field is named as in the index, `http.response.status_code`, or as in Logstash,
    `[http][response][status_code]`; a metric with or without `_bucket`, `_sum`, `_count`. Names
    of rules, alerts, panels, dashboards and autoscalers are accepted as well. Only files are
    read.

    Exits 0; 2 for an unknown name; 3 if a file that may be a source or a reader could not be
    read.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._lineage import gaps_around, gather_lineage, nodes_named, print_gaps
    from toolkit.reports.terminal import impact
    from toolkit.reports.terminal.style import style_of

    lineage = gather_lineage(read_scope(contract))
    nodes = nodes_named(name, lineage)
    gaps = gaps_around(lineage, nodes)
    if form == "json":
        click.echo(impact.render_json(lineage, nodes, gaps), nl=False)
    else:
        click.echo(impact.render(lineage, nodes, style_of(sys.stdout)), nl=False, color=True)
    print_gaps(gaps)
    sys.exit(3 if gaps else 0)
