"""Finds a field, metric or reader in the lineage of a contract."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from toolkit.cli._bugs import on_bug
from toolkit.cli._errors import print_finding
from toolkit.connectors.files import FileSystem
from toolkit.errors import Unavailable, UsageError
from toolkit.evidence.lineage import lineage
from toolkit.evidence.lineage.metrics import family_of
from toolkit.findings import Finding, Location
from toolkit.logstash.fields import name_of
from toolkit.model.contract import Scope
from toolkit.model.lineage import FIELDS, METRICS, Gap, Lineage, LineageNode
from toolkit.model.queries import QueryFailure
from toolkit.reports.terminal.finding import UNPROVEN
from toolkit.reports.terminal.style import style_of
from toolkit.verification import gather

_METRIC_KINDS = frozenset({"metric", "recording rule", "alert", "autoscaler", "resource"})


def gather_lineage(scope: Scope) -> Lineage:
    """Return the lineage of a contract, from files alone; raises `Unavailable`."""
    query = lineage(scope)
    connectors = [FileSystem(Path(scope.folder))]
    answer = gather([query], connectors, lambda system: None, on_bug)[query]
    if isinstance(answer, QueryFailure):
        raise Unavailable(*answer.findings)
    found: Lineage = answer.evidence
    return found


def nodes_named(name: str, found: Lineage) -> tuple[LineageNode, ...]:
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


def gaps_around(found: Lineage, nodes: Sequence[LineageNode]) -> list[Gap]:
    """Return the files that could not be read, and may concern ``nodes``."""
    around = (*nodes, *found.above(nodes), *found.below(nodes))
    side = METRICS if any(node.kind in _METRIC_KINDS for node in around) else FIELDS
    return [gap for gap in found.gaps if gap.side == side]


def print_gaps(gaps: Sequence[Gap]) -> None:
    """Print on stderr what could not be read."""
    style = style_of(sys.stderr)
    for gap in gaps:
        click.echo("", err=True)
        print_finding(gap.finding, UNPROVEN)
    if gaps:
        word = style.paint("UNPROVEN", "yellow", "bold")
        click.echo(f"\n{word}  more may depend on it than is listed", err=True, color=True)
