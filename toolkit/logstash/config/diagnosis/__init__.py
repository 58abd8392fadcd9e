"""Diagnosis of a syntax error: its true place, its cause, and Logstash's own message.

The parser stops where the text first violates the grammar; the mistake is often earlier.
Recognisers, one for each common mistake, look at the text around that place; the first that
recognises its mistake returns the fault. Most are rows of ``mistakes.toml``; the functions are
for mistakes that take a search or a calculation.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from toolkit.logstash.config.cursor import Cursor
from toolkit.logstash.config.diagnosis import brackets, strings, words
from toolkit.logstash.config.diagnosis.mistakes import read_mistakes, texts
from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault, SyntaxFault
from toolkit.logstash.config.treetop import report

__all__ = ["diagnose"]


def diagnose(cursor: Cursor, fault: SyntaxFault) -> Fault:
    """Find the true place of ``fault``, and add Logstash's own message and place."""
    trouble = Trouble(cursor, fault)
    named = (recognise(trouble) for recognise in _recognisers())
    found = next((each for each in named if each is not None), None) or _plain(trouble)
    reported = report(cursor.text, cursor.checkpoint)
    if reported is None:
        return found
    mark = ("Logstash reports", (reported.at, reported.at + 1))
    return replace(found, logstash=reported.summary, marks=(*found.marks, mark))


@cache
def _recognisers() -> tuple[Recogniser, ...]:
    rows = read_mistakes()
    return (
        *strings.RECOGNISERS,
        *rows["strings"],
        words.lonely_else,
        *brackets.RECOGNISERS,
        *rows["comments"],
        words.section_name,
        *rows["statements"],
        words.selector_in_condition,
        *rows["values"],
        words.bare_text,
        *rows["names"],
        words.operator,
        *rows["operands"],
        words.bare_operand,
        *rows["conditions"],
    )


def _plain(trouble: Trouble) -> Fault:
    wanted = texts()["wanted"].get(trouble.wanted, f"a {trouble.wanted}")
    seen = f"`{trouble.here}`" if trouble.here.strip() else "the end of the text"
    inside = f" inside the {trouble.construct}" if trouble.construct else ""
    what, why = f"unexpected {seen}, expected {wanted}", f"the grammar requires it{inside}"
    return Fault(what, trouble.span, f"write {wanted} here.", why)
