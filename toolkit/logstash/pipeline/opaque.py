"""Findings on filters that are not emulated, and on what cannot be known because of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.config.stand_ins import StandIns
from toolkit.logstash.fields import names_of, related, shown
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
    fields = _fields(effects)
    literal = [each for each in fields if "%{}" not in each]
    example = stand_ins.example(plugin, literal[:1])
    return Finding(
        what=f"the filter `{plugin.name}` is not emulated",
        where=stand_ins.configuration.sources.locate(plugin.name_span),
        why=_written(fields, effects),
        fix=f"state what it sets: `stand_ins: {example}` in its entry of `logs:`,"
        f" or `--stand-ins '{example}'`.",
    )


def assumed(
    plugin: nodes.Plugin, effects: Effects, references: Sequence[str], sources: Sources
) -> Iterator[Finding]:
    """Yield the notes on a filter that has a stand-in.

    Args:
        plugin: The filter.
        effects: All that it may do itself.
        references: The fields of the stand-in.
        sources: The text of the configuration.
    """
    yield Finding(
        what=f"a stand-in takes the place of `{plugin.name}`, which is not emulated",
        where=sources.locate(plugin.name_span),
        why="what depends on its fields is verified for the values of the stand-in only",
        fix="compare them with what real Logstash makes of these lines.",
        severity=Severity.INFO,
    )
    for each in references:
        if not any(related(name, written) for name in effects.names for written in names_of(each)):
            yield _foreign(plugin, each, effects, sources)


def _foreign(plugin: nodes.Plugin, reference: str, effects: Effects, sources: Sources) -> Finding:
    fields = _fields(effects)
    near = get_close_matches(reference, fields, n=1, cutoff=0.8)
    return Finding(
        what=f"the stand-in of `{plugin.name}` sets `{reference}`, which the filter cannot write",
        where=sources.locate(plugin.name_span),
        why=f"by its options it writes {_listed(fields)}"
        if fields
        else "by its options it writes no field",
        fix=f"did you mean `{near[0]}`?" if near else "state only what the filter writes.",
        severity=Severity.WARNING,
    )


def unused(name: str, plugin: nodes.Plugin, sources: Sources) -> Finding:
    """Return the warning about a stand-in that takes no filter's place.

    Args:
        name: Its name.
        plugin: The first filter of that name.
        sources: The text of the configuration.
    """
    return Finding(
        what=f"the stand-in for `{name}` is not used",
        where=sources.locate(plugin.name_span),
        why=f"`{plugin.name}` is emulated here, or has another stand-in",
        fix="remove it from the stand-ins.",
        severity=Severity.WARNING,
    )


def _written(fields: list[str], effects: Effects) -> str:
    if not effects.one_to_one:
        return "it may lose the event, or add others: nothing behind it is known"
    if any("%{}" in each for each in fields):
        return "it may write any field, so that none is known behind it"
    if not fields:
        return "it may tag the event; the rest of it is known"
    return f"what it writes is not known ({_listed(fields)}); the rest of the event is"


def _fields(effects: Effects) -> list[str]:
    """The fields that a filter may write, without the tags."""
    return [shown(each) for each in effects.names if each[0] != "tags" and each != READABLE]


def _listed(fields: Sequence[str]) -> str:
    return ", ".join(f"`{each}`" for each in fields[:_MOST]) + ", …" * (len(fields) > _MOST)


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
