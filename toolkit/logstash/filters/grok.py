"""The `grok` filter: text matched by patterns becomes fields.

Emulates logstash-filter-grok 4.4.3 with jls-grok 0.11.5. ``timeout_scope`` is taken and
makes no difference: every pattern has the whole of ``timeout_millis`` for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from toolkit.logstash.event import Event, FieldError
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.grok.definitions import parse_definitions, shipped_definitions
from toolkit.logstash.grok.expression import Captured, Expression, ExpressionError, Problem
from toolkit.logstash.options import Hash, OptionError, OptionFault, Strings
from toolkit.logstash.regex import RegexTimeout
from toolkit.logstash.values import Value, inspect

__all__ = ["Grok"]

_Store: TypeAlias = Callable[[Event, str, Captured], None]
_BROKEN = re.compile(r"[\ud800-\udfff]")


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
        expressions = self.compile(context)
        search = _Search(
            expressions,
            store=self._storing(),
            deadline=self.timeout_millis / 1000 if self.timeout_millis > 0 else None,
            break_on_match=self.break_on_match,
        )

        def apply(event: Event) -> Iterable[Event]:
            try:
                matched = search.run(event)
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
        for pattern in self.patterns_dir:
            inside = context.list_files(f"{pattern.rstrip('/')}/{self.patterns_files_glob}")
            for name in inside or context.list_files(pattern):
                definitions |= _read(context, name)
        for name, definition in self.pattern_definitions.items():
            if isinstance(definition, str):
                definitions[name] = _chomp(definition)
            elif definition is not None:
                raise OptionError(_no_text("pattern_definitions", (name,)))
        return definitions

    def _ecs(self, context: Context) -> bool:
        chosen = self.ecs_compatibility or context.ecs_compatibility
        if chosen not in ("disabled", "v1", "v8"):
            raise OptionError(
                OptionFault(
                    what=f"`{chosen}` is no ecs_compatibility of grok",
                    option="ecs_compatibility",
                    why="grok has pattern sets for `disabled`, `v1` and `v8`",
                    fix="write `v8`",
                    logstash=f"ECS {chosen} is not supported by this plugin.",
                )
            )
        return chosen != "disabled"

    def _sources(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        for name, sources in self.match.items():
            if isinstance(sources, (list, tuple)):
                for index, source in enumerate(sources):
                    yield (name, index), source
            else:
                yield (name,), sources

    def _fault(self, problem: Problem, path: tuple[str | int, ...]) -> OptionFault:
        option, (start, end) = "match", problem.place.in_expression
        syntax = problem.place.origin.syntax
        if syntax is not None and syntax in self.pattern_definitions:
            option, path = "pattern_definitions", (syntax,)
            start, end = problem.place.start, problem.place.end
        return OptionFault(
            what=problem.what,
            option=option,
            path=path,
            start=start,
            end=end,
            kind=problem.kind,
            why=_reason(problem),
            fix=problem.fix,
            logstash=problem.logstash,
            unsupported=problem.unsupported,
        )

    def _storing(self) -> _Store:
        prefix, overwrite = _target(self.target), frozenset(self.overwrite)
        keep_empty = self.keep_empty_captures

        def store(event: Event, name: str, value: Captured) -> None:
            if (value is None or value == "") and not keep_empty:
                return
            where = f"{prefix}[{name}]" if prefix else name
            present = None if name in overwrite else event.get(where)
            if present is None:
                event.set(where, value)
            elif isinstance(present, list):
                event.set(where, [*present, value])
            elif isinstance(present, str):
                event.set(where, [present, value])

        return store


@dataclass(frozen=True, slots=True)
class _Search:
    """What is done with each event."""

    expressions: Mapping[str, tuple[Expression, ...]]
    store: _Store
    deadline: float | None
    break_on_match: bool

    def run(self, event: Event) -> bool:
        """Whether any field matched; `RegexTimeout` if a match was given up."""
        matched = False
        for name, expressions in self.expressions.items():
            if self._match_field(event, name, expressions):
                matched = True
                if self.break_on_match:
                    break
        return matched

    def _match_field(self, event: Event, name: str, expressions: tuple[Expression, ...]) -> bool:
        try:
            value = event.get(name)
            if not isinstance(value, list):
                return self._match_text(event, _text(value), expressions)
            matched = False
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
                for name, value in captured:
                    self.store(event, name, value)
                if self.break_on_match:
                    break
        return matched


def _text(value: Value) -> str:
    """Print a value as Ruby's ``to_s`` does; `UnicodeError` if its bytes are no UTF-8."""
    match value:
        case str():
            if not value.isascii() and _BROKEN.search(value):
                raise UnicodeError(value)
            return value
        case None:
            return ""
        case bool() | int() | float() | list() | dict():
            return inspect(value)
        case _:
            return str(value)


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


def _chomp(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _reason(problem: Problem) -> str:
    origin = problem.place.origin
    if origin.syntax is None:
        return "Logstash does not start with it"
    return f"the definition of `{origin.syntax}` has it: `{origin.text}`"


def _no_text(option: str, path: tuple[str | int, ...]) -> OptionFault:
    return OptionFault(
        what=f"{option} holds something that is no text",
        option=option,
        path=path,
        why="a grok expression is a string",
        fix="put it in quotes",
    )
