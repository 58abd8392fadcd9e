"""The options of the grok filter: definitions of patterns, and expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from toolkit.logstash.filters import Context, UnknownFile
from toolkit.logstash.grok.definitions import chomp, parse_definitions
from toolkit.logstash.grok.expression import Expression, ExpressionError, Problem
from toolkit.logstash.options import OptionError, OptionFault, OptionTexts, refuse

_fault = OptionTexts(__package__)
_Path: TypeAlias = "tuple[str | int, ...]"


def read_definitions(
    context: Context, folders: Sequence[str], glob: str
) -> tuple[dict[str, str], list[UnknownFile]]:
    """Read the pattern files of folders; a path that is not a folder is itself a glob.

    Args:
        context: Where Logstash runs.
        folders: Values of ``patterns_dir``.
        glob: The value of ``patterns_files_glob``.

    Returns:
        The definitions by name, a later one over an earlier one, and the folders that are
        not at hand.
    """
    definitions: dict[str, str] = {}
    unknown: list[UnknownFile] = []
    for folder in folders:
        try:
            definitions |= _read_folder(context, folder, glob)
        except UnknownFile as error:
            unknown.append(UnknownFile(str(error), folder))
    return definitions, unknown


def _read_folder(context: Context, folder: str, glob: str) -> dict[str, str]:
    definitions: dict[str, str] = {}
    inside = context.list_files(f"{folder.rstrip('/')}/{glob}")
    for name in inside or context.list_files(folder):
        try:
            content = context.read_file(name)
        except IsADirectoryError:
            continue
        definitions |= parse_definitions(content.decode("utf-8", "surrogateescape"))
    return definitions


def elsewhere(fault: OptionFault, unknown: Sequence[UnknownFile]) -> OptionFault:
    """Turn an undefined pattern into an unknown one if it may be in a folder not at hand."""
    if fault.kind != "unknown-pattern" or not unknown:
        return fault
    folders = ", ".join(f"`{each.path}`" for each in unknown)
    return replace(
        fault,
        what=f"{fault.what} here, and the pattern files in {folders} are not known",
        why=str(unknown[0]),
        fix=f"state where they are: `deployment: {{mounts: {{{unknown[0].path}: ./patterns}}}}`.",
        unsupported=True,
    )


def own_definitions(pattern_definitions: Mapping[str, Any]) -> dict[str, str]:
    """Return the definitions of the configuration; null defines nothing."""
    given = {name: value for name, value in pattern_definitions.items() if value is not None}
    strange = [name for name, value in given.items() if not isinstance(value, str)]
    if strange:
        raise OptionError(*(_no_text("pattern_definitions", (name,)) for name in strange))
    return {name: chomp(value) for name, value in given.items()}


def compile_match(
    match: Mapping[str, Any],
    definitions: Mapping[str, str],
    own: Mapping[str, str],
    *,
    named_captures_only: bool,
) -> dict[str, tuple[Expression, ...]]:
    """Compile the option ``match``.

    Args:
        match: Expressions by field.
        definitions: All definitions of patterns by name.
        own: Those of the configuration; a fault in one of them is reported there.
        named_captures_only: Do not capture patterns without a field name.

    Returns:
        The compiled expressions by field.

    Raises:
        OptionError: Expressions are invalid; all faults are listed.
    """
    faults: list[OptionFault] = []
    compiled: dict[str, list[Expression]] = {name: [] for name in match}
    for path, source in _sources(match):
        if not isinstance(source, str):
            faults.append(_no_text("match", path))
            continue
        try:
            expression = Expression(source, definitions, named_captures_only=named_captures_only)
        except ExpressionError as error:
            faults += (_expression_fault(problem, path, own) for problem in error.problems)
        else:
            compiled[str(path[0])].append(expression)
    refuse(*faults)
    return {name: tuple(group) for name, group in compiled.items()}


def _sources(match: Mapping[str, Any]) -> Iterator[tuple[_Path, Any]]:
    for name, sources in match.items():
        if isinstance(sources, (list, tuple)):
            for index, source in enumerate(sources):
                yield (name, index), source
        else:
            yield (name,), sources


def _expression_fault(problem: Problem, path: _Path, own: Mapping[str, str]) -> OptionFault:
    option, (start, end) = "match", problem.place.in_expression
    origin = problem.place.origin
    if origin.syntax is not None and own.get(origin.syntax) == origin.text:
        option, path = "pattern_definitions", (origin.syntax,)
        start, end = problem.place.start, problem.place.end
    within = f"it is in the definition of `{origin.syntax}`: `{origin.text}`"
    return OptionFault(
        what=problem.what,
        option=option,
        path=path,
        start=start,
        end=end,
        kind=problem.kind,
        why="Logstash does not start with it" if origin.syntax is None else within,
        fix=problem.fix,
        logstash=problem.logstash,
        unsupported=problem.unsupported,
    )


def _no_text(option: str, path: _Path) -> OptionFault:
    return _fault("no-text", path, path=".".join(map(str, path)), option=option)
