"""``toolkit verify``: the comparison of a contract with what can be observed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli._options import recording_options, report_options, trust_option

if TYPE_CHECKING:
    from toolkit.cli._baseline import BaselineFile
    from toolkit.connectors import Connector
    from toolkit.findings import Severity
    from toolkit.model.contract import Scope
    from toolkit.model.report import Report


@click.command("verify")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@report_options
@click.option("--only", multiple=True, metavar="GLOB", help="Run only these checks; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "error"]),
    default="error",
    show_default=True,
    help="The lowest severity that fails.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings and stale suppressions, too.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Accept the findings that this file lists; fail on new ones only.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Write the findings of now to the --baseline."
)
@recording_options
@click.option("--no-service", is_flag=True, help="Judge files alone; the service is not started.")
@trust_option
@click.option("--live", is_flag=True, help="Read the systems under `targets:`, too.")
@click.option("--elasticsearch", metavar="URL", help="Read this Elasticsearch; implies --live.")
@click.option(
    "--allow-writes",
    is_flag=True,
    help="With --live: send the lines of `ledger:` to a target that is `writable: true`.",
)
@click.option("--kibana", metavar="URL", help="Read this Kibana; implies --live.")
@click.option("--kube-context", metavar="NAME", help="Read this cluster; implies --live.")
def command(
    contract: Path,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    only: tuple[str, ...],
    fail_on: str,
    strict: bool,
    baseline: Path | None,
    update_baseline: bool,
    record: Path | None,
    replay: Path | None,
    no_service: bool,
    trust: bool,
    live: bool,
    elasticsearch: str | None,
    kibana: str | None,
    allow_writes: bool,
    kube_context: str | None,
) -> None:
    """Compare logs, metrics and manifests with CONTRACT (default: toolkit.yml).

    Offline, files are read, and the service is started here, sent its requests and stopped.
    With --live, running systems are read as well. Their credentials are taken from the
    environment (TOOLKIT_ELASTICSEARCH_API_KEY, or _USERNAME and _PASSWORD; _CA; the same
    with TOOLKIT_KIBANA_).
    """
    from toolkit.cli._contract import read_scope
    from toolkit.cli._output import check_outputs, recording, write_reports
    from toolkit.cli._targets import live_targets, recorded_targets
    from toolkit.connectors.files import FileSystem
    from toolkit.findings import Severity

    wanted = formats or ("text",)
    check_outputs(wanted, outputs)
    threshold = min(Severity[fail_on.upper()], Severity.WARNING if strict else Severity.ERROR)
    scope = read_scope(contract)
    known = _baseline(baseline, update=update_baseline)
    if replay is None:
        scope, targets = live_targets(
            scope,
            live=live,
            elasticsearch=elasticsearch,
            kibana=kibana,
            kube_context=kube_context,
            allow_writes=allow_writes,
        )
        service = _service(scope, only, trust=trust, left_out=no_service)
        connectors = [FileSystem(Path(scope.folder)), *service, *targets]
    else:
        scope, connectors = recorded_targets(scope, replay)
    report = _verify(scope, only, threshold, recording(connectors, record))
    if known:
        report = known.apply(report, scope, update=update_baseline)
    write_reports(report, wanted, outputs)
    sys.exit(exit_code(report, strict=strict))


def _verify(
    scope: Scope, only: Sequence[str], fail_on: Severity, connectors: Iterable[Connector]
) -> Report:
    from toolkit.checks import checks_for
    from toolkit.cli._bugs import on_bug
    from toolkit.cli._progress import passing_line
    from toolkit.cli._signals import terminable
    from toolkit.verification import verify

    with terminable(), passing_line("gathering …") as show:
        return verify(
            scope,
            checks_for(scope.contract, _chosen(only)),
            connectors,
            today=date.today(),
            fail_on=fail_on,
            progress=lambda system: show(f"gathered {system} …"),
            on_bug=on_bug,
        )


def _service(
    scope: Scope, only: Sequence[str], *, trust: bool, left_out: bool
) -> Iterator[Connector]:
    """Yield the connector of the contract's service; it starts one only if it may."""
    if scope.contract.service is None:
        return
    from toolkit.checks import checks_for
    from toolkit.cli._trust import refusal
    from toolkit.connectors.service import LocalService
    from toolkit.connectors.unstarted import UnstartedService
    from toolkit.evidence.service.traffic import ServiceRun
    from toolkit.model.queries import QueryFailure
    from toolkit.verification import closure, plan

    if left_out:
        yield UnstartedService(QueryFailure((), declined="--no-service"))
        return
    steps = plan(scope, checks_for(scope.contract, _chosen(only)))
    needed = any(isinstance(each, ServiceRun) for each in closure(step.query for step in steps))
    refused = refusal(scope, trust=trust) if needed else None
    if refused:
        yield UnstartedService(QueryFailure((refused,)))
    else:
        yield LocalService(Path(scope.folder))


def _baseline(path: Path | None, *, update: bool) -> BaselineFile | None:
    if path is None and not update:
        return None
    from toolkit.cli._baseline import BaselineFile
    from toolkit.errors import UsageError

    if path is None:
        from toolkit.findings import Location

        raise UsageError.of(
            what="`--update-baseline` names no file",
            where=Location("command line"),
            why="the findings are written to the file of `--baseline`",
            fix="add `--baseline toolkit-baseline.json`.",
        )
    return BaselineFile.read(path, update=update)


def _chosen(only: Sequence[str]) -> Callable[[str], bool]:
    """Return the condition of `--only`; raises `UsageError` for a glob without checks."""
    from toolkit.checks import check_ids
    from toolkit.cli._names import unknown_check
    from toolkit.errors import UsageError

    for glob in only:
        if not any(fnmatchcase(each, glob) for each in check_ids()):
            raise UsageError(unknown_check(glob, check_ids()))
    return lambda name: not only or any(fnmatchcase(name, glob) for glob in only)


def exit_code(report: Report, *, strict: bool) -> int:
    """0 holds, 1 broken, 3 something could not be looked at; 1 goes before 3."""
    from toolkit.model.report import Verdict

    if report.verdict is Verdict.FAIL or (strict and report.stale):
        return 1
    return 0 if report.verdict is Verdict.PASS else 3
