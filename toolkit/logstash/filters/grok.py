"""The `grok` filter: text matched by patterns becomes fields.

Emulates logstash-filter-grok 4.4.3 with jls-grok 0.11.5. ``timeout_scope`` makes no
difference here: every expression has the whole of ``timeout_millis`` for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from toolkit.logstash.event import Event
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.grok.definitions import chomp, parse_definitions, shipped_definitions
from toolkit.logstash.grok.expression import Expression, ExpressionError, Problem
from toolkit.logstash.grok.matching import Matching
from toolkit.logstash.options import Hash, OptionError, OptionFault, Strings
from toolkit.logstash.regex import RegexTimeout

__all__ = ["Grok"]


@dataclass(frozen=True, kw_only=True)
class Grok(Filter):
    """Match fields against expressions and store what they capture.

    An event is left with ``tag_on_failure`` if nothing matched, with ``tag_on_timeout``
    (and whatever was stored before) if a match was given up.
    """

    plugin: ClassVar[str] = "grok"
    emulates: ClassVar[str] = "4.4.3"

    match: Hash = field(default_factory=dict)
    patterns_dir: Strings = ()
    patterns_files_glob: str = "*"
    pattern_definitions: Hash = field(default_factory=dict)
    break_on_match: bool = True
    named_captures_only: bool = True
    keep_empty_captures: bool = False
    target: str | None = None
    overwrite: Strings = ()
    tag_on_failure: Strings = ("_grokparsefailure",)
    tag_on_timeout: str = "_groktimeout"
    timeout_millis: float = 30000
    timeout_scope: Literal["pattern", "event"] = "pattern"
    ecs_compatibility: str | None = None

    def register(self, context: Context) -> Apply:
        matching = Matching(
            expressions=self.compile(context),
            break_on_match=self.break_on_match,
            keep_empty_captures=self.keep_empty_captures,
            overwrite=frozenset(self.overwrite),
            target=_target(self.target),
            deadline=self.timeout_millis / 1000 if self.timeout_millis > 0 else None,
        )

        def apply(event: Event) -> Iterable[Event]:
            try:
                matched = matching.run(event)
            except RegexTimeout:
                event.tag(self.tag_on_timeout)
                return (event,)
            if matched:
                self.decorate(event)
            else:
                for tag in self.tag_on_failure:
                    event.tag(tag)
            return (event,)

        return apply

    def compile(self, context: Context) -> dict[str, tuple[Expression, ...]]:
        """Return the compiled expressions of each field, or raise `OptionError`."""
        definitions = self.definitions(context)
        faults: list[OptionFault] = []
        compiled: dict[str, list[Expression]] = {name: [] for name in self.match}
        for path, source in self._sources():
            if not isinstance(source, str):
                faults.append(_no_text("match", path))
                continue
            try:
                expression = Expression(
                    source, definitions, named_captures_only=self.named_captures_only
                )
            except ExpressionError as error:
                faults += (self._fault(problem, path) for problem in error.problems)
            else:
                compiled[str(path[0])].append(expression)
        if faults:
            raise OptionError(*faults)
        return {name: tuple(group) for name, group in compiled.items()}

    def definitions(self, context: Context) -> dict[str, str]:
        """Return the definitions in force: shipped, from files, and from the options."""
        definitions = dict(shipped_definitions(ecs=self._ecs(context)))
        for folder in self.patterns_dir:
            inside = context.list_files(f"{folder.rstrip('/')}/{self.patterns_files_glob}")
            for name in inside or context.list_files(folder):
                definitions |= _read(context, name)
        for name, definition in self.pattern_definitions.items():
            if isinstance(definition, str):
                definitions[name] = chomp(definition)
            elif definition is not None:
                raise OptionError(_no_text("pattern_definitions", (name,)))
        return definitions

    def _ecs(self, context: Context) -> bool:
        chosen = self.ecs_compatibility or context.ecs_compatibility
        if chosen in ("disabled", "v1", "v8"):
            return chosen != "disabled"
        fault = OptionFault(
            what=f"`{chosen}` is no ecs_compatibility of grok",
            option="ecs_compatibility",
            why="grok has pattern sets for `disabled`, `v1` and `v8`",
            fix="write `v8`",
            logstash=f"ECS {chosen} is not supported by this plugin.",
        )
        raise OptionError(fault)

    def _sources(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        for name, sources in self.match.items():
            if isinstance(sources, (list, tuple)):
                for index, source in enumerate(sources):
                    yield (name, index), source
            else:
                yield (name,), sources

    def _fault(self, problem: Problem, path: tuple[str | int, ...]) -> OptionFault:
        option, (start, end) = "match", problem.place.in_expression
        origin = problem.place.origin
        if origin.syntax is not None and self.pattern_definitions.get(origin.syntax):
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


def _target(target: str | None) -> str:
    if target is None:
        return ""
    return target if re.search(r"\[.*?\]", target) else f"[{target.strip()}]"


def _read(context: Context, name: str) -> dict[str, str]:
    try:
        content = context.read_file(name)
    except IsADirectoryError:
        return {}
    return parse_definitions(content.decode("utf-8", "surrogateescape"))


def _no_text(option: str, path: tuple[str | int, ...]) -> OptionFault:
    return OptionFault(
        what=f"`{'.'.join(map(str, path))}` of {option} is no text",
        option=option,
        path=path,
        why="Logstash reads a grok expression from a string, and from nothing else",
        fix="put it in quotes",
    )
