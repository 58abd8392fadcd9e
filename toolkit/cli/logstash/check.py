"""``toolkit logstash check``: the faults of a configuration, without starting Logstash."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from toolkit.cli._pipelines import Settings, parse_configuration, pipeline_options
from toolkit.deployment.surroundings import unknown_variables
from toolkit.errors import PipelineError, Unsupported
from toolkit.logstash.config import nodes
from toolkit.logstash.lint.all import lint
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.reports.terminal.configuration import CheckResult, show
from toolkit.reports.terminal.style import style_of


@click.command("check")
@click.argument("configurations", nargs=-1, required=True, metavar="CONF...")
@pipeline_options
def command(configurations: tuple[str, ...], settings: Settings) -> None:
    """Find the faults of CONF (files, folders or globs; one pipeline).

    Errors are those that Logstash reports at its start or at the first event: syntax, plugins,
    options, patterns, regular expressions, formats. Warnings are probable mistakes that it
    accepts.

    Exits 0; 2 if Logstash would not start; 3 if it would, but not all of it is emulated.
    """
    found = _find_faults(configurations, settings)
    for line in show(found, style_of(sys.stdout)):
        click.echo(line, color=True)
    sys.exit(found.exit_code)


def _find_faults(paths: Sequence[str], settings: Settings) -> CheckResult:
    """Find all faults of the configurations; raises `InputError` if one cannot be read."""
    settings = settings.completed(paths)
    try:
        configuration, missing = parse_configuration(paths, settings)
    except PipelineError as error:
        return CheckResult(faults=error.findings)
    except Unsupported as error:
        return CheckResult(unsupported=error.findings)
    context = settings.context(paths)
    unknown = tuple(unknown_variables(configuration, missing, "input", "filter", "output"))
    found = CheckResult(
        warnings=tuple(
            replace(each.finding, severity=each.severity) for each in lint(configuration, context)
        ),
        plugins=sum(isinstance(node, nodes.Plugin) for node in nodes.walk(configuration)),
    )
    try:
        pipeline = compile_pipeline(configuration, context, stand_ins=settings.stand_ins)
    except PipelineError as error:
        return replace(found, faults=error.findings, unsupported=unknown)
    return replace(
        found,
        unsupported=(*unknown, *pipeline.unsupported),
        warnings=(*pipeline.assumptions, *found.warnings),
    )
