"""``toolkit impact``: what a field or a metric comes from, and what depends on it."""

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
    help="A tree for people, or one JSON object.",
)
def command(name: str, contract: Path, form: str) -> None:
    """Print what FIELD or METRIC of CONTRACT comes from, and all that depends on it.

    A field is named as in the index, `http.response.status_code`, or as Logstash does,
    `[http][response][status_code]`; a metric with or without `_bucket`, `_sum`, `_count`. Rules,
    alerts, panels, dashboards and autoscalers can be asked for by their names as well. Files are
    read; no service is started and no system asked.

    Exits 0; 2 if there is nothing of that name; 3 if something that may read it, or that it
    may come from, could not be read.
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._lineage import asked_for, gaps_around, gather_lineage, show_gaps
    from toolkit.reports.terminal import impact
    from toolkit.reports.terminal.style import style_of

    lineage = gather_lineage(read_scope(contract))
    nodes = asked_for(name, lineage)
    gaps = gaps_around(lineage, nodes)
    if form == "json":
        click.echo(impact.render_json(lineage, nodes, gaps), nl=False)
    else:
        click.echo(impact.render(lineage, nodes, style_of(sys.stdout)), nl=False, color=True)
    show_gaps(gaps)
    sys.exit(3 if gaps else 0)
