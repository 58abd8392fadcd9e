"""Compiles the expressions of a call; the faults of one are findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from toolkit.cli._files import unreadable
from toolkit.errors import InputError, Unsupported
from toolkit.findings import Finding, Location, Mark
from toolkit.logstash.grok.definitions import parse_definitions, shipped_definitions
from toolkit.logstash.grok.expression import Expression, ExpressionError, Problem


def definitions_of(ecs: str, patterns: Sequence[str]) -> dict[str, str]:
    """Return the built-in definitions, and those of files in ``patterns``; raises `InputError`."""
    definitions = dict(shipped_definitions(ecs=ecs != "disabled"))
    for path in (file for name in patterns for file in _files(Path(name))):
        try:
            text = path.read_bytes().decode("utf-8", "surrogateescape")
        except OSError as error:
            raise InputError(unreadable(path, error, "correct the path.")) from error
        definitions |= parse_definitions(text)
    return definitions


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]


def compile_expression(
    text: str, definitions: Mapping[str, str], engine: str | None = None
) -> Expression:
    """Compile an expression.

    Args:
        text: The expression.
        definitions: Pattern definitions by name.
        engine: Name of a regex engine; None for the fastest that supports the expression.

    Raises:
        InputError: The expression has faults: all of them are findings.
        Unsupported: No engine supports the expression.
    """
    try:
        return Expression(text, definitions, engine=engine)
    except ExpressionError as error:
        kind = Unsupported if all(p.unsupported for p in error.problems) else InputError
        raise kind(*(_finding(problem, text) for problem in error.problems)) from None


def _finding(problem: Problem, text: str) -> Finding:
    start, end = problem.place.in_expression
    where = Location("expression", 1, start + 1, text, max(1, end - start))
    return Finding(
        what=problem.what,
        where=where,
        why=f"Logstash does not start with it. Logstash reports: {problem.logstash}",
        fix=problem.fix,
        marks=tuple(_inside(problem)),
        kind=problem.kind,
    )


def _inside(problem: Problem) -> Iterator[Mark]:
    origin = problem.place.origin
    if origin.syntax is not None:
        width = max(1, problem.place.end - problem.place.start)
        place = Location(origin.syntax, 1, problem.place.start + 1, origin.text, width)
        yield Mark("in the definition of", place)
