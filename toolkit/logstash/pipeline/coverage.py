"""Coverage of a pipeline by events: filters, arms of branches, patterns, alternatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex.tree import Alternation, Look, RegexNode, children
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Context
from toolkit.logstash.filters.grok import Grok
from toolkit.logstash.grok.expression import Expression
from toolkit.logstash.options import OptionError, decode

_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Reach:
    """A part of a pipeline, and the number of events that reached it."""

    what: str
    span: nodes.Span
    count: int
    depth: int = 0
    """Its depth of nesting."""


@dataclass(slots=True)
class Coverage:
    """An observer that counts; `reaches` returns the counts."""

    context: Context
    plugins: Counter[int] = field(default_factory=Counter)
    turns: Counter[tuple[int, int | None]] = field(default_factory=Counter)
    groks: dict[int, _Groks] = field(default_factory=dict)

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        self.plugins[id(plugin)] += 1
        if plugin.name == "grok":
            self._grok(plugin).match(before)

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        self.turns[id(branch), arm] += 1

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> None:
        """Count nothing on either way: it is not known which parts are reached."""

    def _grok(self, plugin: nodes.Plugin) -> _Groks:
        if id(plugin) not in self.groks:
            self.groks[id(plugin)] = _Groks.of(plugin, self.context)
        return self.groks[id(plugin)]

    def reaches(self, statements: Iterable[nodes.Statement], depth: int = 0) -> Iterator[Reach]:
        """Yield the parts of ``statements`` with their counts, in the order of the text."""
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                yield from self._arms(statement, depth)
                continue
            count = self.plugins[id(statement)]
            yield Reach(statement.name, statement.name_span, count, depth)
            if statement.name == "grok":
                yield from self._grok(statement).reaches(depth + 1)

    def _arms(self, branch: nodes.Branch, depth: int) -> Iterator[Reach]:
        for index, entry in enumerate(branch.entries):
            yield Reach(entry.keyword, _head(entry), self.turns[id(branch), index], depth)
            yield from self.reaches(entry.body, depth + 1)
        if branch.entries[-1].condition is not None:
            past = self.turns[id(branch), None]
            yield Reach(
                "none of them" if branch.entries[1:] else "otherwise", branch.span, past, depth
            )


def _head(entry: nodes.BranchEntry) -> nodes.Span:
    """From the keyword to the end of the condition."""
    start = entry.span[0]
    return start, entry.condition.span[1] if entry.condition else start + len(entry.keyword)


@dataclass(slots=True)
class _Groks:
    """The expressions of one grok filter, in the order in which they are tried."""

    expressions: dict[str, list[_Counted]]
    break_on_match: bool

    @classmethod
    def of(cls, plugin: nodes.Plugin, context: Context) -> _Groks:
        try:
            grok = decode(Grok, attributes.values(plugin))
            compiled = grok.compile(context)
        except OptionError:
            return cls({}, True)
        counted = {
            name: [_Counted(each, _span(plugin, name, n)) for n, each in enumerate(group)]
            for name, group in compiled.items()
        }
        return cls(counted, grok.break_on_match)

    def match(self, event: Event) -> None:
        for name, expressions in self.expressions.items():
            text = ruby.to_s(event.get(name))
            for expression in expressions:
                if expression.match(text) and self.break_on_match:
                    return

    def reaches(self, depth: int) -> Iterator[Reach]:
        for name, expressions in self.expressions.items():
            for number, expression in enumerate(expressions, start=1):
                of = f", pattern {number} of {len(expressions)}" if len(expressions) > 1 else ""
                yield Reach(f"{name}{of}", expression.span, expression.count, depth)
                yield from expression.alternatives(depth + 1)


def _span(plugin: nodes.Plugin, name: str, index: int) -> nodes.Span:
    return attributes.place(plugin, "match", (name, index))


@dataclass
class _Counted:
    """An expression, how often it matched, and by which of its alternatives."""

    expression: Expression
    span: nodes.Span
    count: int = 0
    taken: Counter[int] = field(default_factory=Counter)

    def match(self, text: str) -> bool:
        try:
            found = self._marked.search(text, deadline=_SECONDS)
        except ruby_regex.RegexTimeout:
            return False
        if found is None:
            return False
        self.count += 1
        for number, group in self._groups.items():
            if found.span(group)[0] >= 0:
                self.taken[number] += 1
        return True

    def alternatives(self, depth: int) -> Iterator[Reach]:
        """Those written in the expression itself, not in the patterns it names."""
        for number, branch in enumerate(self._branches if self._groups else ()):
            yield Reach("alternative", self._place(branch), self.taken[number], depth)

    def _place(self, branch: RegexNode) -> nodes.Span:
        locate, quote = self.expression.expansion.locate, 1
        first, last = locate(branch.start, branch.end), locate(branch.end - 1, branch.end)
        start = self.span[0] + quote
        return start + first.in_expression[0], start + last.in_expression[1]

    @cached_property
    def _branches(self) -> tuple[RegexNode, ...]:
        locate = self.expression.expansion.locate
        return tuple(
            branch
            for each in _alternations(self.expression.regex.tree.body)
            if locate(each.start, each.end).origin.syntax is None
            for branch in each.branches
        )

    @cached_property
    def _marked(self) -> ruby_regex.Regex:
        """The expression with an empty group behind each alternative."""
        text = self.expression.expansion.regex
        for number, branch in sorted(enumerate(self._branches), key=lambda each: -each[1].end):
            text = f"{text[: branch.end]}(?<{_mark(number)}>){text[branch.end :]}"
        try:
            return ruby_regex.compile(text, dotall=True)
        except ruby_regex.RegexError:
            return self.expression.regex

    @cached_property
    def _groups(self) -> dict[int, int]:
        marks = {_mark(number): number for number in range(len(self._branches))}
        return {marks[name]: group for name, group in self._marked.names if name in marks}


def _mark(number: int) -> str:
    return f"alternative{number}"


def _alternations(node: RegexNode) -> Iterator[Alternation]:
    if isinstance(node, Look):
        return
    if isinstance(node, Alternation):
        yield node
    for child in children(node):
        yield from _alternations(child)
