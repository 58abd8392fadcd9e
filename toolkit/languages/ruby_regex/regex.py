"""A compiled expression: the choice of an engine for each text, and the deadline."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from toolkit.languages.ruby_regex.ambiguity import Effort, effort
from toolkit.languages.ruby_regex.engines.sre import Texts, compile_native, texts_like
from toolkit.languages.ruby_regex.engines.watch import can_watch, search_watched
from toolkit.languages.ruby_regex.errors import RegexError, RegexTimeout, Untranslatable
from toolkit.languages.ruby_regex.match import Match, Native
from toolkit.languages.ruby_regex.prefilter import required_text
from toolkit.languages.ruby_regex.tree import RegexTree

if TYPE_CHECKING:
    from toolkit.languages.ruby_regex.engines.machine import Machine

ENGINES = ("re", "machine")

_STEPS_PER_SECOND = 1e8
_UNWATCHED_SECONDS = 0.02
"""Seconds that a match may take in the worst case without being watched."""
_ALWAYS_WATCHED = 100_000
_PATIENCE = 0.3
"""Seconds for a search without a deadline; each one that times out halves it for the next."""
_LEAST_PATIENCE = 0.01
_MACHINE = 4
"""The machine may take so many times longer: it is slower."""
_WATCHED_PER_SECOND = 60_000
"""Signals are handled every 4,096 steps, and a step may read the whole text: a text of so many
characters for each second of the deadline exceeds it by the same time at most."""


class Regex:
    """A compiled expression.

    The standard library's engine runs it, unless it cannot express it, or could run past the
    deadline where it cannot be interrupted; then the machine does.
    """

    def __init__(self, tree: RegexTree, engine: str | None = None) -> None:
        self.tree, self.groups, self.names = tree, tree.groups, tree.names
        self._engine = engine
        self._patience = _PATIENCE
        self._forms: dict[Texts, Native | None] = {}
        if engine == "re":
            self._form(Texts.ASCII)
            self._form(Texts.ANY)

    # Computed by the first search: checks of a configuration compile expressions only.

    @cached_property
    def _required(self) -> str:
        return required_text(self.tree)

    @cached_property
    def _effort(self) -> Effort:
        return effort(self.tree)

    @cached_property
    def _max_unwatched_length(self) -> float:
        return self._effort.longest(_UNWATCHED_SECONDS * _STEPS_PER_SECOND)

    @cached_property
    def _ascii(self) -> Native | None:
        return self._form(Texts.ASCII)

    def _form(self, texts: Texts) -> Native | None:
        """Return the standard library's form of the expression for ``texts``, or None."""
        if texts not in self._forms:
            self._forms[texts] = None if self._engine == "machine" else self._native(texts)
        return self._forms[texts]

    def _native(self, texts: Texts) -> Native | None:
        try:
            return compile_native(self.tree, texts)
        except Untranslatable as error:
            if self._engine != "re":
                return None
            message = f"`re` cannot express {error}"
            span = 0, len(self.tree.pattern)
            raise RegexError(message, *span, unsupported=True) from error

    @cached_property
    def _machine(self) -> Callable[[str, int, float | None], Machine]:
        from toolkit.languages.ruby_regex.engines.machine import Machine
        from toolkit.languages.ruby_regex.engines.program import assemble

        return partial(Machine, assemble(self.tree))

    def search(self, text: str, start: int = 0, *, deadline: float | None = None) -> Match | None:
        """Find the first match.

        Args:
            text: The text to search.
            start: The offset to start at; look-behinds read the text before it.
            deadline: Seconds; None for as long as a search without an explosion takes.

        Raises:
            RegexTimeout: The deadline has passed, or the expression explodes.
        """
        if self._required not in text or (start and text.find(self._required, start) < 0):
            return None
        native = self._ascii if text.isascii() else self._form(texts_like(text))
        if native is not None and len(text) <= self._max_unwatched_length:
            return native.search(text, start)
        try:
            if deadline is None:
                return self._patient(native, text, start)
            return self._within(native, text, start, deadline)
        except RegexTimeout as error:
            error.pattern = self.tree.pattern
            raise

    def _within(
        self, native: Native | None, text: str, start: int, deadline: float
    ) -> Match | None:
        if native is not None:
            short = len(text) <= _ALWAYS_WATCHED or len(text) <= deadline * _WATCHED_PER_SECOND
            if short and can_watch():
                return search_watched(native, text, start, deadline)
            if len(text) <= self._effort.longest(deadline * _STEPS_PER_SECOND):
                return native.search(text, start)
        return self._machine(text, start, deadline).search()

    def _patient(self, native: Native | None, text: str, start: int) -> Match | None:
        """Search without a deadline, but not forever: an explosion ends as a timeout."""
        if self._patience < _LEAST_PATIENCE:
            raise RegexTimeout
        try:
            if native is not None and can_watch():
                return search_watched(native, text, start, self._patience)
            if native is not None and self._effort.power != math.inf:
                return native.search(text, start)
            return self._machine(text, start, self._patience * _MACHINE).search()
        except RegexTimeout:
            self._patience /= 2
            raise
