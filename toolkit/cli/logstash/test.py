"""``toolkit logstash test``: pipelines held to the events that case files expect."""

from __future__ import annotations

import sys

import click

from toolkit.cli._pipelines import Ecs, pipeline_options


@click.command("test")
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@click.option(
    "--pipeline",
    "configurations",
    multiple=True,
    metavar="CONF",
    help="A file, folder or glob; repeat. Default: what `toolkit.yml` names first.",
)
@pipeline_options
@click.option("--update", is_flag=True, help="Write what comes out into the files.")
def command(
    cases: tuple[str, ...],
    configurations: tuple[str, ...],
    ecs: Ecs,
    support_escapes: bool,
    now: str | None,
    update: bool,
) -> None:
    """Send the lines of each CASE through a pipeline, and compare what comes out.

    A CASE is a file of logstash-filter-verifier, JSON or YAML: `testcases` with `input` and
    `expected`, and for all of them `fields`, `codec` and `ignore`. Or it is one of
    elastic-package: `test-NAME.log`, or `test-NAME.json` with `events`, and beside it its
    `-expected.json` and `-config.yml`. `@version` is ignored.

    Exits 0; 1 if an event differs; 3 if one reached what is not emulated.
    """
    from toolkit.cli._pipelines import Settings, read_configuration, read_time
    from toolkit.cli.logstash._cases import expanded, read_case, rewrite
    from toolkit.cli.logstash._comparing import run_case
    from toolkit.cli.logstash._packages import (
        is_package_case,
        read_package_case,
        rewrite_package_case,
    )
    from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
    from toolkit.reports.terminal.case_results import exit_code, show
    from toolkit.reports.terminal.style import style_of

    settings = Settings(ecs, support_escapes, read_time(now, "--now"))
    configurations = configurations or _of_contract()
    context = settings.context(configurations)
    pipeline = compile_pipeline(read_configuration(configurations, settings), context)
    files = [
        read_package_case(path) if is_package_case(path) else read_case(path)
        for path in expanded(cases)
    ]
    results = [result for file in files for result in run_case(pipeline, file)]
    if update:
        for file in files:
            found = [result for result in results if result.file == file.path]
            if is_package_case(file.path):
                rewrite_package_case(file, found[0])
            else:
                rewrite(file, found)
    for row in show(results, style_of(sys.stdout), updated=update):
        click.echo(row, color=True)
    sys.exit(exit_code(results, updated=update))


def _of_contract() -> tuple[str, ...]:
    """The configurations that `toolkit.yml` names first."""
    from pathlib import Path

    from toolkit.cli._contract import read_scope
    from toolkit.errors import UsageError
    from toolkit.findings import Finding, Location

    contract = Path("toolkit.yml")
    logs = read_scope(contract).contract.logs if contract.exists() else ()
    found = next((each.pipeline for each in logs if each.pipeline), ())
    if not found:
        raise UsageError(
            Finding(
                what="no pipeline is named",
                where=Location("command line"),
                why="cases are lines that go through a pipeline, and no `toolkit.yml` names one",
                fix="give `--pipeline CONF`.",
            )
        )
    return found
