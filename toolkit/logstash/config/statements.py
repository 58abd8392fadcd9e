"""The grammar of plugin sections, and of the branches and plugins in them."""

from __future__ import annotations

import re
from typing import Literal, cast

from toolkit.logstash.config.conditions import condition
from toolkit.logstash.config.cursor import SPACE, Cursor
from toolkit.logstash.config.nodes import (
    Branch,
    BranchEntry,
    Configuration,
    PluginSection,
    Statement,
)
from toolkit.logstash.config.values import plugin

_SECTION = re.compile(r"input|filter|output")
_IF = re.compile(r"if(?![A-Za-z0-9_-])")
_ELSE_IF = re.compile(rf"else{SPACE}if(?![A-Za-z0-9_-])")
_ELSE = re.compile(rf"else(?={SPACE}\{{)")


def configuration(cursor: Cursor) -> Configuration:
    """``config: (cs plugin_section)* cs``."""
    sections: list[PluginSection] = []
    cursor.skip()
    while cursor.position < len(cursor.text):
        sections.append(plugin_section(cursor))
        cursor.checkpoint = cursor.position
        cursor.skip()
    return Configuration(tuple(sections), cursor.sources, span=(0, len(cursor.text)))


def plugin_section(cursor: Cursor) -> PluginSection:
    """``plugin_section: ("input" / "filter" / "output") cs body``."""
    start = cursor.position
    kind = cast("Literal['input', 'filter', 'output'] | None", cursor.take(_SECTION))
    if kind is None:
        cursor.fail("section")
    cursor.skip()
    statements = body(cursor, f"{kind} section", start)
    return PluginSection(kind, statements, span=(start, cursor.position))


def body(cursor: Cursor, construct: str, start: int) -> tuple[Statement, ...]:
    """``body: "{" cs (branch_or_plugin cs)* "}"``.

    Args:
        cursor: Points at the brace.
        construct: The construct that the body belongs to, for messages.
        start: Offset of that construct.
    """
    statements: list[Statement] = []
    with cursor.inside(construct, start, "{}", "statement"):
        while not cursor.sees("}"):
            statements.append(branch_or_plugin(cursor))
            cursor.skip()
    return tuple(statements)


def branch_or_plugin(cursor: Cursor) -> Statement:
    """``branch_or_plugin: branch / plugin``."""
    return branch(cursor) if _IF.match(cursor.text, cursor.position) else plugin(cursor)


def branch(cursor: Cursor) -> Branch:
    """``branch: if (cs else_if)* (cs else)?``."""
    start = cursor.position
    cursor.take(_IF)
    entries = [_conditional(cursor, "if", start)]
    while (at := _next(cursor, _ELSE_IF)) is not None:
        entries.append(_conditional(cursor, "else if", at))
    if (at := _next(cursor, _ELSE)) is not None:
        cursor.skip()
        statements = body(cursor, "`else`", at)
        entries.append(BranchEntry("else", None, statements, span=(at, cursor.position)))
    return Branch(tuple(entries), span=(start, entries[-1].span[1]))


def _next(cursor: Cursor, keyword: re.Pattern[str]) -> int | None:
    """Consume ``cs keyword`` and return the keyword's offset; None if it is not next."""
    end = cursor.position
    cursor.skip()
    start = cursor.position
    if cursor.take(keyword) is not None:
        return start
    cursor.position = end
    return None


def _conditional(cursor: Cursor, keyword: Literal["if", "else if"], start: int) -> BranchEntry:
    """``if: "if" cs condition cs body``, from after the keyword."""
    cursor.skip()
    if cursor.sees("{"):
        cursor.fail("condition", start)
    cursor.operands, cursor.in_condition = 0, True
    asked = condition(cursor)
    cursor.in_condition = False
    cursor.skip()
    if not cursor.sees("{"):
        cursor.fail("operator")
    statements = body(cursor, f"`{keyword}`", start)
    return BranchEntry(keyword, asked, statements, span=(start, cursor.position))
