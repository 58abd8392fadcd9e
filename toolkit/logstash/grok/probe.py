"""Search for the longest prefix of a regular expression that matches a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.languages import ruby_regex
from toolkit.logstash.grok.outline import Item, outline

_SECONDS = 1.0
_MOST_BRANCHES = 12


@dataclass(frozen=True, slots=True)
class Cut:
    """A prefix of an expression that matches, and the item after it, which does not."""

    prefix: str
    item: Item
    suffix: str
    """The brackets that close the groups open in ``prefix``."""
    reached: int
    """The end of the match of the prefix."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Tries parts of an expression on a line."""

    text: str
    line: str

    def furthest(self) -> tuple[Cut, ...] | None:
        """Return the cut of the whole expression, then that inside its item, and so on.

        The last one reaches furthest. Returns None if the expression matches.
        """
        if self._reach(self.text) is not None:
            return None
        branches = [branch for branch in outline(self.text) if branch]
        found = (self._in_branch("", branch, "") for branch in branches)
        return max(found, key=lambda cuts: cuts[-1].reached)

    def _reach(self, part: str) -> int | None:
        """Return the end of the match of ``part``; None if it does not match."""
        try:
            found = ruby_regex.compile(part, dotall=True).search(self.line, deadline=_SECONDS)
        except (ruby_regex.RegexError, ruby_regex.RegexTimeout):
            return None
        return found.span()[1] if found else None

    def _in_branch(self, prefix: str, items: list[Item], suffix: str) -> tuple[Cut, ...]:
        """Cut at the first item that does not match; or, further on, in an optional one before."""
        fits, reached = self._fitting(prefix, items, suffix)
        cut = Cut(self._join(prefix, items[:fits]), items[fits], suffix, reached)
        best = self._inside(cut)
        for optional in self._optional_before(prefix, items[:fits], suffix):
            inner = self._inside(optional)
            if inner[-1].reached > best[-1].reached:
                best = inner
        return best

    def _fitting(self, prefix: str, items: list[Item], suffix: str) -> tuple[int, int]:
        """Return the number of items that match, and the end of their match."""
        fits, reached = 0, self._reach(prefix + suffix) or 0
        fails = len(items)
        while fails - fits > 1:
            middle = (fits + fails) // 2
            end = self._reach(self._join(prefix, items[:middle]) + suffix)
            if end is None:
                fails = middle
            else:
                fits, reached = middle, end
        return fits, reached

    def _optional_before(self, prefix: str, items: list[Item], suffix: str) -> Iterator[Cut]:
        while items and not items[-1].required:
            *items, last = items
            start = self._join(prefix, items)
            yield Cut(start, last, suffix, self._reach(start + suffix) or 0)

    def _inside(self, cut: Cut) -> tuple[Cut, ...]:
        """Descend into the item that did not match, as long as it has a body."""
        if cut.item.body is None:
            return (cut,)
        start, end = cut.item.body
        prefix, suffix = cut.prefix + self.text[cut.item.start : start], ")" + cut.suffix
        branches = [branch for branch in outline(self.text, start, end) if branch]
        whole = self._reach(prefix + self.text[start:end] + suffix)
        if whole is not None or not 0 < len(branches) <= _MOST_BRANCHES:
            return (cut,)
        found = (self._in_branch(prefix, branch, suffix) for branch in branches)
        return (cut, *max(found, key=lambda cuts: cuts[-1].reached))

    def _join(self, prefix: str, items: list[Item]) -> str:
        return prefix + self.text[items[0].start : items[-1].end] if items else prefix
