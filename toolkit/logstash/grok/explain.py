"""The reason that an expression does not match a line: how far it matched, and what is missing.

The longest matching prefix of the expression is searched; then, inside the next item, the
longest prefix of that. Pure, and slow: a dozen or so expressions are compiled for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.logstash.grok.anomalies import LineAnomaly, anomalies
from toolkit.logstash.grok.expansion import Expansion, Place
from toolkit.logstash.grok.expression import Expression
from toolkit.logstash.grok.needs import need_of_pattern, need_of_regex
from toolkit.logstash.grok.probe import Probe


@dataclass(frozen=True, slots=True)
class GrokMismatch:
    """The place at which an expression stopped in a line. Offsets count characters from 0."""

    expression: str
    start: int
    """Offset of the token, or text, of the expression that did not match."""
    end: int
    line: str
    matched: int
    """Offset in the line at which that token had to match."""
    reached: int
    """Offset in the line up to which a part of it still matched."""
    pattern: str | None
    """The innermost pattern that did not match; None for text of the expression itself."""
    definition: str
    """The text that ``definition_start`` and ``definition_end`` point into: the definition of
    that pattern, or the expression."""
    definition_start: int
    definition_end: int
    needs: str
    """Text that would have matched: ``a digit``."""
    odd: tuple[LineAnomaly, ...]
    """Anomalies of the line, the nearest to the stop first."""

    @property
    def what(self) -> str:
        """A short reason: ``INT needs a digit``."""
        return f"{self.pattern or 'the expression'} needs {self.needs}"


def explain(expression: Expression, line: str) -> GrokMismatch | None:
    """Return the place at which ``expression`` stopped in ``line``; None if it matches."""
    cuts = Probe(expression.expansion.regex, line).furthest()
    if cuts is None:
        return None
    places = [expression.expansion.locate(cut.item.start, cut.item.end) for cut in cuts]
    inner, place = cuts[-1], places[-1]
    outer = max(n for n, found in enumerate(places) if found.origin.syntax is None)
    begun = inner.reached > cuts[outer].reached
    start, end = places[outer].start, places[outer].end
    return GrokMismatch(
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
        odd=tuple(sorted(anomalies(line), key=lambda odd: abs(odd.start - inner.reached))),
    )


def explain_all(expressions: Iterable[Expression], line: str) -> list[GrokMismatch]:
    """Return the places at which they stopped, the furthest first; empty if one matches."""
    stops: list[GrokMismatch] = []
    for expression in expressions:
        stop = explain(expression, line)
        if stop is None:
            return []
        stops.append(stop)
    return sorted(stops, key=lambda stop: stop.reached, reverse=True)


def _need(expansion: Expansion, place: Place, *, begun: bool) -> str:
    """Describe the whole pattern if no part of it matched, else the missing piece."""
    if place.token is not None:
        return need_of_pattern(place.token.syntax, expansion.definition_of(place))
    origin = place.origin
    if origin.syntax is not None and not begun:
        known = need_of_pattern(origin.syntax, "")
        if known != "``":
            return known
    return need_of_regex(origin.text, place.start, place.end)
