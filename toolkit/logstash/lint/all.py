"""Remarks on what is legal in a configuration and probably not intended.

Logstash starts with all of this; `compile` finds what it does not start with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.plugins import outdated
from toolkit.logstash.filters import Context
from toolkit.logstash.flow.graph import flow_of
from toolkit.logstash.lint.captures import capture_faults
from toolkit.logstash.lint.conditions import condition_faults
from toolkit.logstash.lint.fields import field_faults
from toolkit.logstash.lint.order import order_faults
from toolkit.logstash.lint.redos import explosion_faults


@dataclass(frozen=True, slots=True)
class Lint:
    """A remark on a configuration, and how much it matters."""

    severity: Severity
    finding: Finding


def lint(configuration: nodes.Configuration, context: Context | None = None) -> tuple[Lint, ...]:
    """Look over a configuration; remarks come in the order of the text.

    ``context`` is asked for the files of patterns; without one no regex is looked into.
    """
    flow = flow_of(configuration, context)
    found = [
        *((Severity.WARNING, fault) for fault in condition_faults(configuration, flow)),
        *((Severity.WARNING, fault) for fault in order_faults(configuration)),
        *((Severity.WARNING, fault) for fault in capture_faults(configuration)),
        *((Severity.WARNING, fault) for fault in _explosions(configuration, context)),
        *((Severity.WARNING, fault) for fault in _outdated(configuration, context)),
        *field_faults(configuration, flow),
    ]
    found.sort(key=lambda remark: remark[1].span)
    sources = configuration.sources
    return tuple(Lint(severity, fault.finding(sources)) for severity, fault in found)


def _outdated(configuration: nodes.Configuration, context: Context | None) -> Iterator[Fault]:
    if context is None or context.release is None:
        ecs = context.ecs_compatibility if context else "v8"
        yield from outdated(configuration, ecs)


def _explosions(configuration: nodes.Configuration, context: Context | None) -> Iterator[Fault]:
    if context is not None:
        yield from explosion_faults(configuration, context)
