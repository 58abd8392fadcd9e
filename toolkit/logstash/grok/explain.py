"""Why an expression does not match a line: how far it came, and what it missed there.

The longest beginning of the expression that matches is sought; then, inside what comes next,
the longest beginning of that. Pure, and slow: some dozen expressions are compiled for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.logstash.grok.expansion import Expansion, Place
from toolkit.logstash.grok.expression import Expression
from toolkit.logstash.grok.needs import need_of_pattern, need_of_regex
from toolkit.logstash.grok.oddities import Oddity, oddities
from toolkit.logstash.grok.probe import Probe


@dataclass(frozen=True, slots=True)
class Stop:
    """Where an expression stopped in a line. All offsets count characters from 0."""

    expression: str
    start: int
    """Where the token, or the text, of the expression that did not fit begins."""
    end: int
    line: str
    matched: int
    """Where in the line that token had to begin."""
    reached: int
    """How far into the line a part of it still matched."""
    pattern: str | None
    """The innermost pattern that did not fit; None for text of the expression itself."""
    definition: str
    """The text that ``definition_start`` and ``definition_end`` point into: the definition of
    that pattern, or the expression."""
    definition_start: int
    definition_end: int
    needs: str
    """What would have fitted: ``a digit``."""
    odd: tuple[Oddity, ...]
    """What is odd in the line, the nearest to the stop first."""

    @property
    def what(self) -> str:
        """The reason in a few words: ``INT needs a digit``."""
        return f"{self.pattern or 'the expression'} needs {self.needs}"


def explain(expression: Expression, line: str) -> Stop | None:
    """Say where ``expression`` stopped in ``line``; None if it matches."""
    cuts = Probe(expression.expansion.regex, line).furthest()
    if cuts is None:
        return None
    places = [expression.expansion.locate(cut.item.start, cut.item.end) for cut in cuts]
    inner, place = cuts[-1], places[-1]
    outer = max(n for n, found in enumerate(places) if found.origin.syntax is None)
    begun = inner.reached > cuts[outer].reached
    start, end = places[outer].start, places[outer].end
    return Stop(
        expression=expression.source,
        start=start,
        end=end,
        line=line,
        matched=cuts[outer].reached,
        reached=inner.reached,
        pattern=place.token.syntax if place.token else place.origin.syntax,
        definition=place.origin.text,
        definition_start=place.start,
        definition_end=place.end,
        needs=_need(expression.expansion, place, begun=begun),
        odd=tuple(sorted(oddities(line), key=lambda odd: abs(odd.start - inner.reached))),
    )


def explain_all(expressions: Iterable[Expression], line: str) -> list[Stop]:
    """Say where each of them stopped, the one that came furthest first.

    Empty if one matches.
    """
    stops: list[Stop] = []
    for expression in expressions:
        stop = explain(expression, line)
        if stop is None:
            return []
        stops.append(stop)
    return sorted(stops, key=lambda stop: stop.reached, reverse=True)


def _need(expansion: Expansion, place: Place, *, begun: bool) -> str:
    """Speak of the whole pattern where nothing of it fitted, else of the piece missed."""
    if place.token is not None:
        return need_of_pattern(place.token.syntax, expansion.definition_of(place))
    origin = place.origin
    if origin.syntax is not None and not begun:
        known = need_of_pattern(origin.syntax, "")
        if known != "``":
            return known
    return need_of_regex(origin.text, place.start, place.end)
