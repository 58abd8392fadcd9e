"""A compiled expression: which engine serves it, and the guard on its time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from toolkit.languages.ruby_regex.ambiguity import Effort, effort
from toolkit.languages.ruby_regex.engines.sre import Texts, compile_native, texts_like
from toolkit.languages.ruby_regex.engines.watch import can_watch, search_watched
from toolkit.languages.ruby_regex.errors import RegexError, Untranslatable
from toolkit.languages.ruby_regex.match import Match, Native
from toolkit.languages.ruby_regex.prefilter import required_text
from toolkit.languages.ruby_regex.tree import RegexTree

if TYPE_CHECKING:
    from toolkit.languages.ruby_regex.engines.machine import Machine

ENGINES = ("re", "machine")

_STEPS_A_SECOND = 1e8
_UNWATCHED = 0.02
"""Seconds that a match may take at the very worst without being watched."""
_ALWAYS_WATCHED = 100_000
_WATCHED_A_SECOND = 60_000
"""Signals come through every 4,096 steps, and a step may read the whole text: so many
characters for each second of the deadline at most double it."""


class Regex:
    """An expression, and for each text the engine that keeps its meaning and its deadline.

    The standard library's engine serves unless it cannot keep the expression, or could run
    past the deadline where nothing can stop it; then the machine does.
    """

    def __init__(self, tree: RegexTree, engine: str | None = None) -> None:
        self.tree, self.groups, self.names = tree, tree.groups, tree.names
        self._engine = engine
        self._forms: dict[Texts, Native | None] = {}
        if engine == "re":
            self._form(Texts.ASCII)
            self._form(Texts.ANY)

    # What only a search needs is found out by the first one: a check never searches.

    @cached_property
    def _required(self) -> str:
        return required_text(self.tree)

    @cached_property
    def _effort(self) -> Effort:
        return effort(self.tree)

    @cached_property
    def _fearless(self) -> float:
        return self._effort.longest(_UNWATCHED * _STEPS_A_SECOND)

    @cached_property
    def _ascii(self) -> Native | None:
        return self._form(Texts.ASCII)

    def _form(self, texts: Texts) -> Native | None:
        """What the standard library's engine runs for ``texts``; None where it cannot."""
        if texts not in self._forms:
            self._forms[texts] = None if self._engine == "machine" else self._native(texts)
        return self._forms[texts]

    def _native(self, texts: Texts) -> Native | None:
        try:
            return compile_native(self.tree, texts)
        except Untranslatable as error:
            if self._engine != "re":
                return None
            message = f"`re` does not keep the meaning of {error}"
            span = 0, len(self.tree.pattern)
            raise RegexError(message, *span, unsupported=True) from error

    @cached_property
    def _machine(self) -> Callable[[str, int, float | None], Machine]:
        from toolkit.languages.ruby_regex.engines.machine import Machine
        from toolkit.languages.ruby_regex.engines.program import assemble

        return partial(Machine, assemble(self.tree))

    def search(self, text: str, start: int = 0, *, deadline: float | None = None) -> Match | None:
        """Find the first match from ``start``; `RegexTimeout` after ``deadline`` seconds."""
        if self._required not in text or (start and text.find(self._required, start) < 0):
            return None
        native = self._ascii if text.isascii() else self._form(texts_like(text))
        if native is not None:
            if deadline is None or len(text) <= self._fearless:
                return native.search(text, start)
            short = len(text) <= _ALWAYS_WATCHED or len(text) <= deadline * _WATCHED_A_SECOND
            if short and can_watch():
                return search_watched(native, text, start, deadline)
            if len(text) <= self._effort.longest(deadline * _STEPS_A_SECOND):
                return native.search(text, start)
        return self._machine(text, start, deadline).search()
