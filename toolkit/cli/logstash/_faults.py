"""Finds the faults of a configuration, what is not emulated, and what deserves a warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.cli._pipelines import Settings, parse_configuration
from toolkit.errors import PipelineError, Unsupported
from toolkit.logstash.config import nodes
from toolkit.logstash.lint.all import lint
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.reports.terminal.configuration import CheckResult


def find_faults(paths: Sequence[str], settings: Settings) -> CheckResult:
    """Find all faults of the configurations; raises `InputError` if one cannot be read."""
    try:
        configuration, unknown = parse_configuration(paths, settings)
    except PipelineError as error:
        return CheckResult(faults=error.findings)
    except Unsupported as error:
        return CheckResult(unsupported=error.findings)
    context = settings.context(paths)
    found = CheckResult(
        warnings=tuple(
            replace(each.finding, severity=each.severity) for each in lint(configuration, context)
        ),
        plugins=sum(isinstance(node, nodes.Plugin) for node in nodes.walk(configuration)),
    )
    try:
        pipeline = compile_pipeline(configuration, context)
    except PipelineError as error:
        return replace(found, faults=error.findings, unsupported=unknown)
    return replace(found, unsupported=(*unknown, *pipeline.unsupported))
