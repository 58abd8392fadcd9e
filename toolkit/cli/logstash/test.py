"""``toolkit logstash test``: the events of a pipeline, compared with case files."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._pipelines import Settings, pipeline_options, reading
from toolkit.cli.logstash import _packages
from toolkit.cli.logstash._case_runs import run_case
from toolkit.cli.logstash._cases import expanded, read_case, rewrite
from toolkit.errors import UsageError
from toolkit.findings import Location
from toolkit.reports.terminal.case_results import exit_code, show
from toolkit.reports.terminal.style import style_of


@click.command("test")
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@click.option(
    "--pipeline",
    "configurations",
    multiple=True,
    metavar="CONF",
    help="A file, folder or glob; repeatable. Default: the first of `toolkit.yml`.",
)
@pipeline_options
@click.option("--update", is_flag=True, help="Write the actual events into the files.")
def command(
    cases: tuple[str, ...],
    configurations: tuple[str, ...],
    settings: Settings,
    update: bool,
) -> None:
    """Send the lines of each CASE through a pipeline, and compare the events.

    A CASE is a file of logstash-filter-verifier, JSON or YAML: `testcases` with `input` and
    `expected`, and for all of them `fields`, `codec` and `ignore`. Or it is one of
    elastic-package: `test-NAME.log`, or `test-NAME.json` with `events`, and beside it its
    `-expected.json` and `-config.yml`. `@version` is ignored.

    Exits 0; 1 if an event differs; 3 if events agree as far as they are known, and are not
    known in full: see `toolkit logstash run`.
    """
    configuration, pipeline = settings.compiled(configurations or _of_contract())
    files = [
        _packages.read_package_case(path) if _packages.is_package_case(path) else read_case(path)
        for path in expanded(cases)
    ]
    if not all(file.codec for file in files):
        codec = "json" if reading(configuration, None).json else "plain"
        files = [file if file.codec else replace(file, codec=codec) for file in files]
    results = [result for file in files for result in run_case(pipeline, file)]
    if update:
        for file in files:
            found = [result for result in results if result.file == file.path]
            if _packages.is_package_case(file.path):
                _packages.rewrite_package_case(file, found[0])
            else:
                rewrite(file, found)
    for row in show(results, style_of(sys.stdout), updated=update):
        click.echo(row, color=True)
    sys.exit(exit_code(results, updated=update))


def _of_contract() -> tuple[str, ...]:
    """Return the first pipeline of `toolkit.yml`; raises `UsageError` without one."""
    contract = Path("toolkit.yml")
    logs = read_scope(contract).contract.logs if contract.exists() else ()
    found = next((each.pipeline for each in logs if each.pipeline), ())
    if not found:
        raise UsageError.of(
            what="no pipeline is given",
            where=Location("command line"),
            why="cases are sent through a pipeline, and no `toolkit.yml` has one",
            fix="give `--pipeline CONF`.",
        )
    return found
