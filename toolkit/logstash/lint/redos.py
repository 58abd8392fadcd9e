"""Catastrophic backtracking: regular expressions that can block Logstash on one line.

Reported are loops whose steps were measured to grow exponentially on a generated text;
expressions that are merely slow on long lines, such as several ``.*`` in a row, are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex.explosion import Explosion, explosions
from toolkit.languages.ruby_regex.tree import Alternation, RegexTree, Sequence
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.faults import Fault, Span
from toolkit.logstash.filters import Context
from toolkit.logstash.filters.grok import Grok
from toolkit.logstash.grok.expression import Expression
from toolkit.logstash.options import OptionError, decode

_OPENING = re.compile(r"\((?:\?[imx-]*:)?\Z")
_TURNS = 30
_LONGEST = 60
_NEVER = "the pipeline is blocked, and no timeout ends that"


def explosion_faults(configuration: nodes.Configuration, context: Context) -> Iterator[Fault]:
    """Look for loops that explode, in the expressions of grok and in conditions.

    The kind is ``endless-pattern`` where no deadline ends the match, else
    ``catastrophic-pattern``.
    """
    for plugin in nodes.plugins(configuration.statements("filter")):
        if plugin.name == "grok":
            yield from _grok(plugin, context)
    for node in nodes.walk(configuration):
        if isinstance(node, nodes.RegexpExpression):
            yield from _condition(node.right)


def _grok(plugin: nodes.Plugin, context: Context) -> Iterator[Fault]:
    try:
        grok = decode(Grok, attributes.values(plugin))
        compiled = grok.compile(context)
    except OptionError:
        return
    ends = None
    if grok.timeout_millis > 0:
        ends = f"grok gives up after {grok.timeout_millis / 1000:g} s (`{grok.tag_on_timeout}`)"
    for field, expressions in compiled.items():
        for index, expression in enumerate(expressions):
            for found in explosions(expression.regex.tree):
                loop, within, place = _written(expression, found)
                span = attributes.place(plugin, "match", (field, index), *place)
                yield _fault(found, loop, within, span, ends)


def _written(expression: Expression, found: Explosion) -> tuple[str, str | None, Span]:
    """The loop as it is written, the pattern that defines it, what brought it in."""
    start, end = _whole(expression.regex.tree, found)
    first, last = (expression.expansion.locate(at, at + 1) for at in (start, end - 1))
    if first.origin is last.origin and first.origin.syntax:
        text = first.origin.text[first.start : last.end]
        return text, first.origin.syntax, first.in_expression
    place = first.in_expression[0], last.in_expression[1]
    return expression.source[slice(*place)], None, place


def _whole(tree: RegexTree, found: Explosion) -> Span:
    """The span of a loop, with the bracket that opens what it repeats: that makes no node."""
    start, end = found.loop.start, found.loop.end
    opening = None
    if isinstance(found.loop.body, Sequence | Alternation):
        opening = _OPENING.search(tree.pattern, 0, start)
    return opening.start() if opening else start, end


def _condition(pattern: nodes.String | nodes.Regexp) -> Iterator[Fault]:
    text = pattern.pattern if isinstance(pattern, nodes.Regexp) else pattern.value
    try:
        tree = ruby_regex.compile(text).tree
    except ruby_regex.RegexError:
        return
    at = pattern.span[0] + 1
    for found in explosions(tree):
        start, end = _whole(tree, found)
        yield _fault(found, text[start:end], None, (at + start, at + end), None)


def _fault(found: Explosion, loop: str, within: str | None, span: Span, ends: str | None) -> Fault:
    turn, line = (repr(text)[1:-1] for text in (found.turn, found.text(_TURNS)))
    shown = line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]}…{line[-_LONGEST // 4 :]}"
    where = f", in the definition of `{within}`," if within else ""
    fix = f"write `(?>{loop})`, which tries no other way once it has matched."
    if within:
        fix = f"define `{within}` in pattern_definitions with `(?>{loop})` for it."
    return Fault(
        what=f"`{loop}`{where} can take for ever on a line that does not match",
        span=span,
        why=f"it goes through `{turn}` in more than one way, so that each further one doubles"
        f" what is tried in vain: on `{shown}`, with {_TURNS} of them, {ends or _NEVER}",
        fix=fix
        if found.cured
        else "let each turn begin with something that no other part of it matches.",
        kind="catastrophic-pattern" if ends else "endless-pattern",
    )
