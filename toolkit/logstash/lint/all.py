"""What a configuration may say, and hardly means.

Logstash starts with all of this; `compile` finds what it does not start with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.filters import Context
from toolkit.logstash.lint.captures import capture_faults
from toolkit.logstash.lint.conditions import condition_faults
from toolkit.logstash.lint.fields import Fields, Name, fields_of, plugins, reads
from toolkit.logstash.lint.order import order_faults
from toolkit.logstash.lint.redos import explosion_faults

_GIVEN = {
    "message", "@timestamp", "@version", "@metadata", "tags", "type", "event", "host", "log",
    "path", "agent", "ecs", "input", "fields", "cloud", "container", "kubernetes", "error",
    "url", "user",
}  # fmt: skip
"""Fields that inputs and shippers bring."""


@dataclass(frozen=True, slots=True)
class Lint:
    """A remark on a configuration, and how much it matters."""

    severity: Severity
    finding: Finding


def lint(configuration: nodes.Configuration, context: Context | None = None) -> tuple[Lint, ...]:
    """Look over a configuration; remarks come in the order of the text.

    ``context`` is asked for the files of patterns; without one no regex is looked into.
    """
    fields = fields_of(configuration)
    found = [
        *((Severity.WARNING, fault) for fault in condition_faults(configuration, fields)),
        *((Severity.WARNING, fault) for fault in order_faults(configuration)),
        *((Severity.WARNING, fault) for fault in capture_faults(configuration)),
        *((Severity.WARNING, fault) for fault in _explosions(configuration, context)),
        *_unwritten(configuration, fields),
    ]
    found.sort(key=lambda remark: remark[1].span)
    sources = configuration.sources
    return tuple(Lint(severity, fault.finding(sources)) for severity, fault in found)


def _explosions(configuration: nodes.Configuration, context: Context | None) -> Iterator[Fault]:
    if context is not None:
        yield from explosion_faults(configuration, context)


def _unwritten(
    configuration: nodes.Configuration, fields: Fields
) -> Iterator[tuple[Severity, Fault]]:
    """Fields that are read, and that nothing in sight writes."""
    seen: set[Name] = set()
    filters = {plugin.name for plugin in plugins(configuration.statements("filter"))}
    parses = bool(filters & {"grok", "dissect"}) and not fields.open
    known = sorted(_shown(name) for name in fields.written)
    for name, written, span in reads(configuration):
        if name in seen or name[0] in _GIVEN or fields.has(name):
            continue
        seen.add(name)
        near = get_close_matches(_shown(name), known, 1, 0.85)
        if near:
            yield Severity.WARNING, _misspelt(written, span, near[0])
        elif parses:
            yield Severity.INFO, _missing(written, span)


def _shown(name: Name) -> str:
    return "".join(f"[{part}]" for part in name)


def _misspelt(written: str, span: nodes.Span, near: str) -> Fault:
    return Fault(
        what=f"`{written}` is read, and no filter writes it; `{near}` is written",
        span=span,
        why="a field that is missing makes conditions false and stays literal in templates",
        fix=f"did you mean `{near}`?",
    )


def _missing(written: str, span: nodes.Span) -> Fault:
    return Fault(
        what=f"`{written}` is read, and no filter writes it",
        span=span,
        why="unless an input brings it, conditions on it are false and templates keep it literal",
        fix="capture it, correct its name, or remove what reads it.",
    )
