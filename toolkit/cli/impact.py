"""``toolkit impact``: the sources of a field or metric, and its readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._errors import print_finding
from toolkit.cli._evidence import evidence_of
from toolkit.connectors.files import FileSystem
from toolkit.errors import UsageError
from toolkit.evidence.lineage import lineage
from toolkit.evidence.lineage.metrics import family_of
from toolkit.findings import Finding, Location
from toolkit.logstash.fields import name_of
from toolkit.model.lineage import FIELDS, METRICS, Gap, Lineage, LineageNode
from toolkit.reports.terminal import impact
from toolkit.reports.terminal.finding import UNPROVEN
from toolkit.reports.terminal.style import style_of

_METRIC_KINDS = frozenset({"metric", "recording rule", "alert", "autoscaler", "resource"})


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
    scope = read_scope(contract)
    found: Lineage = evidence_of(lineage(scope), [FileSystem(Path(scope.folder))])
    nodes = _nodes_named(name, found)
    gaps = _gaps_around(found, nodes)
    if form == "json":
        click.echo(impact.render_json(found, nodes, gaps), nl=False)
    else:
        click.echo(impact.render(found, nodes, style_of(sys.stdout)), nl=False, color=True)
    _print_gaps(gaps)
    sys.exit(3 if gaps else 0)


def _nodes_named(name: str, found: Lineage) -> tuple[LineageNode, ...]:
    """Return the nodes of this name; raises `UsageError` without any."""
    path = name_of(name)
    known = {node.name for node in found.nodes if node.kind == "metric"}
    for meant in (name, ".".join(path or ()), family_of(name, known)):
        nodes = found.named(meant)
        if nodes:
            return nodes
    raise UsageError(_unknown(name, found))


def _unknown(name: str, found: Lineage) -> Finding:
    known = list(dict.fromkeys(node.name for node in found.nodes if not node.means))
    near = " or ".join(f"`{each}`" for each in get_close_matches(name, known, n=2, cutoff=0.5))
    unread = f"; {len(found.gaps)} could not be read" if found.gaps else ""
    return Finding(
        what=f"no field or metric is called `{name}`",
        where=Location("command line"),
        why=f"the files of the contract have {len(known)} fields, metrics and readers{unread}",
        fix=f"did you mean {near}?" if near else "name a field, a metric, a rule or a panel.",
    )


def _gaps_around(found: Lineage, nodes: Sequence[LineageNode]) -> list[Gap]:
    """Return the files that could not be read, and may concern ``nodes``."""
    around = (*nodes, *found.above(nodes), *found.below(nodes))
    side = METRICS if any(node.kind in _METRIC_KINDS for node in around) else FIELDS
    return [gap for gap in found.gaps if gap.side == side]


def _print_gaps(gaps: Sequence[Gap]) -> None:
    """Print on stderr what could not be read."""
    style = style_of(sys.stderr)
    for gap in gaps:
        click.echo("", err=True)
        print_finding(gap.finding, UNPROVEN)
    if gaps:
        word = style.paint("UNPROVEN", "yellow", "bold")
        click.echo(f"\n{word}  more may depend on it than is listed", err=True, color=True)
