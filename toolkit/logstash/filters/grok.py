"""The `grok` filter: text matched by patterns becomes fields.

Emulates logstash-filter-grok 4.4.3 with jls-grok 0.11.5. ``timeout_scope`` makes no
difference here: every expression has the whole of ``timeout_millis`` for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar, Literal

from toolkit.languages.ruby_regex import RegexTimeout
from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import ANY, FieldOperation, Name, Write, below, name_of, names_of
from toolkit.logstash.filters import Apply, Context, Filter, UnknownFile
from toolkit.logstash.filters._grok_options import (
    compile_match,
    elsewhere,
    own_definitions,
    read_definitions,
)
from toolkit.logstash.grok.captures import captures_of
from toolkit.logstash.grok.definitions import shipped_definitions
from toolkit.logstash.grok.expression import Expression
from toolkit.logstash.grok.matching import Matching
from toolkit.logstash.options import Hash, OptionError, OptionTexts, Strings

_fault = OptionTexts(__package__)


@dataclass(frozen=True, kw_only=True)
class Grok(Filter):
    """Match fields against expressions and store what they capture.

    An event is left with ``tag_on_failure`` if nothing matched, with ``tag_on_timeout``
    (and whatever was stored before) if a match was given up.
    """

    plugin: ClassVar[str] = "grok"
    emulates: ClassVar[str] = "4.4.3"
    parses: ClassVar[bool] = True

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

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.match)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        """The captures; a pattern of a folder that is not at hand may capture any field."""
        definitions = self._known_definitions(context)
        for source, expressions in self.match.items():
            listed = expressions if isinstance(expressions, list) else [expressions]
            for index, each in enumerate(listed):
                if isinstance(each, str):
                    yield from self._captures(source, index, each, definitions)

    def _captures(
        self, source: str, index: int, expression: str, definitions: Mapping[str, str]
    ) -> Iterator[Write]:
        only = self.named_captures_only
        for each in captures_of(expression, definitions, named_only=only):
            unknown = (ANY,) if self.patterns_dir else ()
            for name in below(self.target, each.field) if each.known else unknown:
                yield Write(
                    name,
                    names_of(source),
                    option="match",
                    path=(source, index),
                    part=(each.start, each.end),
                    text=each.text,
                    form="number" if each.numeric else "text",
                    certain=False,
                )

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        try:
            compiled = self.compile(context) if context else {}
        except OptionError:
            yield ANY
            return
        target = _target(self.target)
        for expression in chain.from_iterable(compiled.values()):
            for each in expression.captures:
                if name := name_of(f"{target}[{each.field}]" if target else each.field):
                    yield name

    def _known_definitions(self, context: Context | None) -> Mapping[str, str]:
        shipped = shipped_definitions(ecs=self.is_ecs(context))
        try:
            if context is not None:
                return self.definitions(context)
            return {**shipped, **own_definitions(self.pattern_definitions)}
        except OptionError:
            return shipped

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
                self.fail(event, [self.tag_on_timeout])
                return (event,)
            if matched:
                self.decorate(event)
            else:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply

    def is_optional(self, text: str) -> bool:
        return True

    def compile(self, context: Context) -> dict[str, tuple[Expression, ...]]:
        """Return the compiled expressions of each field, or raise `OptionError`."""
        own = own_definitions(self.pattern_definitions)
        definitions, unknown = self._definitions(context)
        try:
            return compile_match(
                self.match, definitions, own, named_captures_only=self.named_captures_only
            )
        except OptionError as error:
            raise OptionError(*(elsewhere(each, unknown) for each in error.faults)) from None

    def definitions(self, context: Context) -> dict[str, str]:
        """Return the patterns it knows by name, its own first, or raise `OptionError`."""
        return self._definitions(context)[0]

    def _definitions(self, context: Context) -> tuple[dict[str, str], list[UnknownFile]]:
        shipped = shipped_definitions(ecs=self._ecs(context))
        read, unknown = read_definitions(context, self.patterns_dir, self.patterns_files_glob)
        return {**shipped, **read, **own_definitions(self.pattern_definitions)}, unknown

    def _ecs(self, context: Context) -> bool:
        chosen = self.ecs_compatibility or context.ecs_compatibility
        if chosen in ("disabled", "v1", "v8"):
            return chosen != "disabled"
        raise OptionError(_fault("grok-ecs", ecs=chosen))


def _target(target: str | None) -> str:
    if target is None:
        return ""
    return target if re.search(r"\[.*?\]", target) else f"[{ruby.strip(target)}]"
