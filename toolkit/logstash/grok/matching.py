"""Matching the fields of an event, and storing the captures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Value, is_unicode
from toolkit.logstash.grok.expression import Captured, Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The fields to match with their expressions, and the way captures are stored."""

    expressions: Mapping[str, tuple[Expression, ...]]
    break_on_match: bool = True
    keep_empty_captures: bool = False
    overwrite: frozenset[str] = frozenset()
    target: str = ""
    """A field reference in brackets that captures go under."""
    deadline: float | None = None
    """Seconds for one expression on one text."""

    def run(self, event: Event) -> bool:
        """Return True if any field matched; raise `RegexTimeout` if a match was given up."""
        matched = False
        for name, expressions in self.expressions.items():
            if self._match_field(event, name, expressions):
                matched = True
                if self.break_on_match:
                    break
        return matched

    def _match_field(self, event: Event, name: str, expressions: tuple[Expression, ...]) -> bool:
        # An error half-way leaves what is stored by then, and counts as no match at all.
        matched = False
        try:
            value = event.get(name)
            if not isinstance(value, list):
                return self._match_text(event, _text(value), expressions)
            for item in list(value):
                matched |= self._match_text(event, _text(item), expressions)
        except (FieldError, UnicodeError):
            return False
        return matched

    def _match_text(self, event: Event, text: str, expressions: tuple[Expression, ...]) -> bool:
        # The last expression tried decides, even where an earlier one has matched.
        matched = False
        for expression in expressions:
            captured = expression.match(text, deadline=self.deadline)
            matched = captured is not None
            if captured is not None:
                self._store(event, captured)
                if self.break_on_match:
                    break
        return matched

    def _store(self, event: Event, captured: Iterable[tuple[str, Captured]]) -> None:
        """Set each field, or append to it; or put the value in the place of another."""
        target, overwrite, keep_empty = self.target, self.overwrite, self.keep_empty_captures
        for name, value in captured:
            if keep_empty or (value is not None and value != ""):
                where = f"{target}[{name}]" if target else name
                if name in overwrite:
                    event.set(where, value)
                else:
                    event.append(where, value)


def _text(value: Value) -> str:
    """Print a value as Ruby's ``to_s``; raise `UnicodeError` for bytes that are not UTF-8."""
    text = ruby.to_s(value)
    if not is_unicode(text):
        raise UnicodeError(text)
    return text
