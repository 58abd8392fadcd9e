"""``toolkit scale``: load until scaled, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from toolkit.cli import _scaling
from toolkit.cli._options import recording_options, report_options, trust_option
from toolkit.cli._output import check_outputs, write_reports
from toolkit.cli._scaling_backend import scaling_backend
from toolkit.cli._simulation import simulate, write_simulation
from toolkit.cli._trust import refusal
from toolkit.cli.verify import exit_code
from toolkit.errors import Unavailable, UsageError
from toolkit.model.report import Verdict
from toolkit.reports.scaling import simulation
from toolkit.reports.scaling import timeline as timelines
from toolkit.reports.terminal.style import style_of


@click.command("scale")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option("--why", is_flag=True, help="Run the checks that need no load.")
@click.option(
    "--kube-context",
    metavar="NAME",
    help="Scale in this cluster, if `targets:` allows it.",
)
@report_options
@recording_options
@click.option(
    "--simulate",
    "traces",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="TRACE",
    help="Simulate the autoscaler under a load trace or a recorded run; no load; repeatable.",
)
@trust_option
@click.option("--cost", metavar="TIME", help="CPU of one request of a trace, such as 15ms.")
@click.option("--every", is_flag=True, help="Print all syncs of a simulation.")
@click.option(
    "--timeline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all syncs to this file: plots if it ends in .html, else JSON.",
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
    trust: bool,
    cost: str | None,
    every: bool,
    timeline: Path | None,
) -> None:
    """Put load on the service of CONTRACT until its autoscaler acts, then take it away.

    On this machine, replicas are processes whose CPU is compared with the request of the
    Deployment, and the algorithm of the HorizontalPodAutoscaler decides, on a faster clock. If
    the manifests alone show that it cannot work, no load is sent.

    With --kube-context, the autoscaler of the cluster decides, and the cluster is checked as
    well as the manifests. Load needs a target that the contract declares writable.
    """
    wanted = formats or ("text",)
    check_outputs(wanted, outputs)
    if why and replay:
        raise UsageError(_scaling.why_and_replay())
    if traces:
        _simulate(contract, traces, cost, wanted, outputs, timeline, every=every)
    loads = not why and replay is None
    local = kube_context is None
    asked = frozenset[str]() if local and replay is None else frozenset({"kubernetes"})
    scope = _scaling.scaling_scope(contract, starts=loads and local, systems=asked)
    backend = scaling_backend(scope, kube_context, load=loads)
    report = _scaling.verify_without_load(scope, backend) if replay is None else None
    if not why and (report is None or report.verdict is not Verdict.FAIL):
        if loads and (refused := refusal(scope, trust=trust, load=True)):
            raise Unavailable(refused)
        seen, run = _scaling.verify_under_load(scope, backend, record, replay)
        report = _scaling.with_warnings(report, run)
        if seen and not outputs and wanted == ("text",):
            click.echo(timelines.render(seen, style_of(sys.stdout)), color=True)
        if seen and timeline:
            _scaling.write_timeline(seen, report, timeline)
    assert report is not None, "with `--why` there is no replay"
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
    """Print the simulated decisions of the autoscaler, and judge them; nothing is started."""
    seen, report = simulate(path, traces, cost)
    if seen and not outputs and wanted == ("text",):
        click.echo(simulation.render(seen, style_of(sys.stdout), every=every), color=True)
    if seen and timeline:
        write_simulation(seen, report, timeline)
    write_reports(report, wanted, outputs)
    sys.exit(exit_code(report, strict=False))
