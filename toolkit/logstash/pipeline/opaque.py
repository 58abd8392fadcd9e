"""Findings on filters that are not emulated, and on what cannot be known because of them."""

from __future__ import annotations

from dataclasses import replace

from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.config.stand_ins import StandIns
from toolkit.logstash.fields import is_dynamic, shown
from toolkit.logstash.flow.effects import Effects
from toolkit.logstash.unknown import READABLE

_MOST = 3


def opaque(plugin: nodes.Plugin, effects: Effects, stand_ins: StandIns) -> Finding:
    """Return the finding on a filter that is not emulated.

    Args:
        plugin: The filter.
        effects: All that it may do.
        stand_ins: Those of the configuration, among which one for this filter is missing.
    """
    fields = [each for each in effects.names if each[0] != "tags" and each != READABLE]
    literal = [shown(each) for each in fields if not is_dynamic(each)]
    example = stand_ins.example(plugin, literal[:1])
    return Finding(
        what=f"the filter `{plugin.name}` is not emulated",
        where=stand_ins.configuration.sources.locate(plugin.name_span),
        why=_written([shown(each) for each in fields], effects),
        fix=f"state what it sets: `stand_ins: {example}` in its entry of `logs:`,"
        f" or `--stand-ins '{example}'`.",
    )


def assumed(plugin: nodes.Plugin, sources: Sources) -> Finding:
    """Return the note on a filter that has a stand-in."""
    return Finding(
        what=f"a stand-in takes the place of `{plugin.name}`, which is not emulated",
        where=sources.locate(plugin.name_span),
        why="what depends on its fields is verified for the values of the stand-in only",
        fix="compare them with what real Logstash makes of these lines.",
        severity=Severity.INFO,
    )


def _written(fields: list[str], effects: Effects) -> str:
    if not effects.one_to_one:
        return "it may lose the event, or add others: nothing behind it is known"
    if any("%{}" in each for each in fields):
        return "it may write any field, so that none is known behind it"
    if not fields:
        return "it may tag the event; the rest of it is known"
    listed = ", ".join(f"`{each}`" for each in fields[:_MOST]) + ", …" * (len(fields) > _MOST)
    return f"what it writes is not known ({listed}); the rest of the event is"


def maybe(finding: Finding) -> Finding:
    """Return a finding on an event that may not come to that place."""
    return replace(
        finding,
        what=f"it is not known whether {finding.what}",
        why=f"a condition before it is not decided; {finding.why}",
    )


def uncounted(sources: Sources, span: nodes.Span, cause: Finding) -> Finding:
    """Return the finding on a condition that decides whether an event goes on, or how many.

    Args:
        sources: The text of the configuration.
        span: The place of the condition.
        cause: The filter that may write what it reads.
    """
    return Finding(
        what=f"`{' '.join(sources.text[slice(*span)].split())}` decides whether an event goes on,"
        " and is not known",
        where=sources.locate(span),
        why=f"{cause.what} ({cause.where})",
        fix=cause.fix,
    )
