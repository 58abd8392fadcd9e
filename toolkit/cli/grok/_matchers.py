"""Matches lines with an expression, by an engine of ours or by pygrok."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import click

from toolkit.cli._names import unknown
from toolkit.cli._streams import Write
from toolkit.cli.grok._expressions import compile_expression, definitions_of
from toolkit.errors import Unavailable, UsageError
from toolkit.findings import Finding, Location
from toolkit.languages.ruby_regex import ENGINES, RegexTimeout
from toolkit.logstash.event.values import Timestamp, to_json
from toolkit.reports.grok.captures import captures_printer

Matcher: TypeAlias = Callable[[str], str]
"""Returns the captures of a line as JSON, or ``null``."""

_SECONDS = 30.0
"""Logstash's default timeout for one expression on one text."""


def matcher_of(expression: str, ecs: str, patterns: Sequence[str], engine: str | None) -> Matcher:
    """Compile an expression into a matcher.

    Args:
        expression: The expression.
        ecs: ``disabled`` for the legacy definitions, ``v1`` for those with ECS names.
        patterns: Folders and files of further definitions.
        engine: Name of a regex engine, ``pygrok``, or None for the fastest.

    Raises:
        InputError: The expression has faults, or a file cannot be read.
        Unavailable: pygrok cannot compile the expression.
        Unsupported: The engine does not support the expression.
        UsageError: No engine has this name.
    """
    if engine == "pygrok":
        return _pygrok(expression, patterns)
    if engine is not None and engine not in ENGINES:
        raise UsageError(unknown("engine", engine, (*ENGINES, "pygrok")))
    compiled = compile_expression(expression, definitions_of(ecs, patterns), engine)
    shown, search = captures_printer(compiled.captures), compiled.regex.search

    def match(line: str) -> str:
        found = search(line, deadline=_SECONDS)
        return "null" if found is None else shown(found.groups())

    return match


def match_blocks(match: Matcher, blocks: Iterable[bytes], write: Write, name: str) -> None:
    """Match the lines of a file, and write the results; a timeout is reported on stderr.

    Args:
        match: Matches one line.
        blocks: Lines, with line feeds between them.
        write: Writes the results of a block.
        name: Name of the file, for reports of timeouts.
    """
    before = 0
    for block in blocks:
        found: list[str] = []
        for text in _lines(block):
            try:
                found.append(match(text))
            except RegexTimeout:
                found.append("null")
                number = before + len(found)
                click.echo(f"{name}:{number}: timeout after {_SECONDS:g} seconds", err=True)
        write(found)
        before += len(found)


def _lines(block: bytes) -> list[str]:
    try:
        return block.decode().split("\n")
    except UnicodeDecodeError:
        return [*map(_escaped, block.split(b"\n"))]


def _escaped(line: bytes) -> str:
    """Escape bytes that are not UTF-8, as Logstash's codec does."""
    from toolkit.logstash.event.codecs import from_line

    event = next(from_line(line.decode("utf-8", "surrogateescape"), Timestamp(0)))
    return str(event.get("message"))


def _pygrok(expression: str, patterns: Sequence[str]) -> Matcher:
    from toolkit.logstash.grok.pygrok_matcher import PygrokError, PygrokMatcher

    own = definitions_of("disabled", patterns)
    try:
        opinion = PygrokMatcher(expression, own if patterns else None)
    except PygrokError as error:
        raise Unavailable(_no_opinion(expression, error)) from None

    def match(line: str) -> str:
        try:
            return to_json(opinion.match(line))
        except PygrokError as error:
            raise Unavailable(_no_opinion(expression, error)) from None

    return match


def _no_opinion(expression: str, error: Exception) -> Finding:
    return Finding(
        what=f"pygrok has no opinion: {error}",
        where=Location("expression", 1, 1, expression, len(expression)),
        why="it knows the legacy patterns only, and fields whose names are words",
        fix="leave `--engine pygrok` out.",
    )
