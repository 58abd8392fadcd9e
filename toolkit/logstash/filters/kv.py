"""The `kv` filter: ``key=value`` pairs in a text become fields.

Emulates logstash-filter-kv 4.7.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from toolkit.languages.ruby_regex import Regex, RegexTimeout
from toolkit.logstash.event import ruby, sprintf
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Value, is_unicode
from toolkit.logstash.fields import FieldOperation, Write, below, names_of
from toolkit.logstash.filters import Apply, Context
from toolkit.logstash.filters._kv_expressions import Expressions, SplittingFilter, build
from toolkit.logstash.options import FieldReference, Hash, Strings

_Pairs: TypeAlias = dict[str, Any]
_Change: TypeAlias = Callable[[str], str]
_Case: TypeAlias = Literal["lowercase", "uppercase", "capitalize"]
_MESSAGE = FieldReference("message")
_CASES: Mapping[str, _Change] = {
    "lowercase": ruby.downcase,
    "uppercase": ruby.upcase,
    "capitalize": ruby.capitalize,
}


@dataclass(frozen=True, kw_only=True)
class Kv(SplittingFilter):
    """Store the pairs in the event, or as a hash in ``target``.

    What is there already is overwritten; a key found twice holds an array. The first key
    that is an illegal field reference ends it: the pairs before it are stored, and the event
    gets the tags of ``tag_on_failure``. An event without pairs passes untouched.
    """

    plugin: ClassVar[str] = "kv"
    emulates: ClassVar[str] = "4.7.0"
    parses: ClassVar[bool] = True

    source: FieldReference = _MESSAGE
    target: FieldReference | None = None
    transform_key: _Case | None = None
    transform_value: _Case | None = None
    prefix: str = ""
    include_keys: Strings = ()
    exclude_keys: Strings = ()
    default_keys: Hash = field(default_factory=dict)
    allow_duplicate_values: bool = True
    allow_empty_values: bool = False
    recursive: bool = False
    timeout_millis: float = 30_000
    tag_on_timeout: str = "_kv_filter_timeout"
    tag_on_failure: Strings = ("_kv_filter_error",)
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        reads = names_of(self.source)
        for index, key in enumerate(self.include_keys):
            for name in below(self.target, f"{self.prefix}{key}"):
                yield Write(name, reads, option="include_keys", path=(index,), certain=False)
        for key in (*self.default_keys, *([] if self.include_keys else [f"{self.prefix}%{{}}"])):
            yield from (Write(name, reads, certain=False) for name in below(self.target, key))

    def register(self, context: Context) -> Apply:
        parse = _Parser(self, build(self)).parse

        def apply(event: Event) -> Iterable[Event]:
            try:
                pairs = parse(event.get(self.source), event)
                if pairs:
                    self._store(event, pairs)
                    self.decorate(event)
            except RegexTimeout:
                self.fail(event, [self.tag_on_timeout])
            except FieldError:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply

    def _store(self, event: Event, pairs: _Pairs) -> None:
        if self.target is not None:
            event.set(self.target, pairs)
            return
        for key, value in pairs.items():
            event.set(key, value)


class _Parser:
    """Finds the pairs of a text."""

    def __init__(self, options: Kv, expressions: Expressions) -> None:
        self._options, self._expressions = options, expressions
        self._deadline = options.timeout_millis / 1000 if options.timeout_millis > 0 else None
        self._change_key = _changes(expressions, "key", options.transform_key)
        self._change_value = _changes(expressions, "value", options.transform_value)
        self._prefix = sprintf.compile(options.prefix)
        self._include = [*map(sprintf.compile, options.include_keys)]
        self._exclude = [*map(sprintf.compile, options.exclude_keys)]

    def parse(self, value: Value, event: Event) -> _Pairs:
        """The pairs of a text, or of all texts of an array, after the default keys."""
        found: _Pairs = {}
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                self._collect(text, event, found)
        return {**self._options.default_keys, **found}

    def _collect(self, text: str, event: Event, found: _Pairs) -> None:
        if not is_unicode(text):
            raise FieldError("invalid byte sequence in UTF-8")
        if self._expressions.value_split.search(text, deadline=self._deadline) is None:
            return
        admit = self._admission(event)
        for key, value in self._scan(text):
            if not value and not self._options.allow_empty_values:
                continue
            if key is None:
                raise FieldError("a group of an option took the place of the key")
            key = self._change_key(key)
            if admit(key):
                self._add(self._prefix(event) + key, self._change_value(value), event, found)

    def _scan(self, text: str) -> Iterator[tuple[str | None, str]]:
        pair, position = self._expressions.pair, 0
        others = range(2, pair.groups + 1)
        while match := pair.search(text, position, deadline=self._deadline):
            groups = (match.group(number) for number in others)
            yield match.group(1), next((text for text in groups if text is not None), "")
            _, position = match.span()

    def _admission(self, event: Event) -> Callable[[str], bool]:
        include = {template(event) for template in self._include}
        exclude = {template(event) for template in self._exclude}
        return lambda key: (not include or key in include) and key not in exclude

    def _add(self, key: str, value: str, event: Event, found: _Pairs) -> None:
        # A held string counts as a duplicate of its every part, as Ruby's `include?` has it.
        if not self._options.allow_duplicate_values and key in found and value in found[key]:
            return
        kept: Any = value
        if self._options.recursive:
            inner: _Pairs = {}
            self._collect(value, event, inner)
            kept = inner or value
        if key not in found:
            found[key] = kept
        elif isinstance(found[key], list):
            found[key].append(kept)
        else:
            found[key] = [found[key], kept]


def _changes(expressions: Expressions, part: str, case: str | None) -> _Change:
    """Return the changes of each key, or value, in the plugin's order."""
    options, compiled = (f"trim_{part}", f"remove_char_{part}"), expressions.options
    steps: list[_Change] = [_removing(compiled[each]) for each in options if each in compiled]
    if case is not None:
        steps.append(_CASES[case])

    def change(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return change


def _removing(expression: Regex) -> _Change:
    def remove(text: str) -> str:
        kept: list[str] = []
        position = start = 0
        while match := expression.search(text, start):
            first, last = match.span()
            kept.append(text[position:first])
            position, start = last, last + (first == last)
        return "".join([*kept, text[position:]])

    return remove
