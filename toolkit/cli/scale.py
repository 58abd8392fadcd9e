"""``toolkit scale``: load until scaled, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from toolkit.evidence.autoscaling.scaling import Scaled


@click.command("scale")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--why", is_flag=True, help="Only look for the culprit; no load.")
@click.option("--kube-context", metavar="NAME", help="Scale in this cluster, as targets: allows.")
@click.option(
    "--format", "formats", multiple=True, metavar="F", help="text, json, junit or github; repeat."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Where the format of the same position goes; default standard output.",
)
@click.option(
    "--record", type=click.Path(path_type=Path, dir_okay=False), help="Keep what was observed."
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Judge what was recorded; nothing is started.",
)
@click.option(
    "--simulate",
    "traces",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="TRACE",
    help="Decide as the autoscaler would under this load, or recorded run; no load; repeat.",
)
@click.option("--cost", metavar="TIME", help="CPU of one request of a trace, such as 15ms.")
@click.option("--every", is_flag=True, help="Show all syncs of a simulation.")
@click.option(
    "--timeline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep what was seen, sync by sync: plots where the name ends in .html, else JSON.",
)
def command(
    contract: Path,
    why: bool,
    kube_context: str | None,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    record: Path | None,
    replay: Path | None,
    traces: tuple[Path, ...],
    cost: str | None,
    every: bool,
    timeline: Path | None,
) -> None:
    """Put load on the service of CONTRACT until its autoscaler acts, then take it away.

    On this machine: replicas are processes, their CPU is measured against the request of the
    Deployment, and the arithmetic of the HorizontalPodAutoscaler decides, on a clock that runs
    faster. Where the manifests alone show that it cannot work, no load is sent.

    With --kube-context, in a cluster: its own autoscaler decides, and what runs is looked at
    besides the manifests. Load needs a target that the contract declares writable.
    """
    from toolkit.cli._output import check_outputs, write_reports
    from toolkit.cli._places import place
    from toolkit.cli._scaling import (
        culprits,
        promised,
        under_load,
        with_warnings,
        write_timeline,
    )
    from toolkit.cli.verify import exit_code
    from toolkit.model.report import Verdict

    wanted = formats or ("text",)
    check_outputs(wanted, outputs)
    if traces:
        _simulate(contract, traces, cost, wanted, outputs, timeline, every=every)
    loads = not why and replay is None
    local = kube_context is None
    asked = frozenset[str]() if local and replay is None else frozenset({"kubernetes"})
    scope = promised(contract, starts=loads and local, systems=asked)
    where = place(scope, kube_context, load=loads)
    report = culprits(scope, where) if replay is None else None
    if not why and (report is None or report.verdict is not Verdict.FAIL):
        seen, run = under_load(scope, where, record, replay)
        report = with_warnings(report, run)
        if seen and not outputs and wanted == ("text",):
            _show(seen)
        if seen and timeline:
            write_timeline(seen, report, timeline)
    assert report is not None, "`--why` has looked at the manifests"
    write_reports(report, wanted, outputs)
    sys.exit(exit_code(report, strict=False))


def _simulate(
    path: Path,
    traces: tuple[Path, ...],
    cost: str | None,
    wanted: tuple[str, ...],
    outputs: tuple[Path, ...],
    timeline: Path | None,
    *,
    every: bool,
) -> NoReturn:
    """Print what the autoscaler would do, and judge it; nothing is started."""
    from toolkit.cli._output import write_reports
    from toolkit.cli._simulating import simulated, write_simulation
    from toolkit.cli.verify import exit_code
    from toolkit.reports.scaling.simulation import render
    from toolkit.reports.terminal.style import style_of

    seen, report = simulated(path, traces, cost)
    if seen and not outputs and wanted == ("text",):
        click.echo(render(seen, style_of(sys.stdout), every=every), color=True)
    if seen and timeline:
        write_simulation(seen, report, timeline)
    write_reports(report, wanted, outputs)
    sys.exit(exit_code(report, strict=False))


def _show(seen: Scaled) -> None:
    """The table of syncs, above the report."""
    from toolkit.reports.scaling.timeline import render
    from toolkit.reports.terminal.style import style_of

    click.echo(render(seen, style_of(sys.stdout)), color=True)
