"""Searches of the machine that are counted, and end after so many steps."""

from __future__ import annotations

from toolkit.languages.ruby_regex.engines.machine import Machine, Program
from toolkit.languages.ruby_regex.errors import RegexTimeout

_AT_A_TIME = 500


class _Counting(Machine):
    __slots__ = ("most", "taken")

    def __init__(self, program: Program, text: str, most: int) -> None:
        super().__init__(program, text, 0, None)
        self.taken, self.most = 0, most

    def count(self) -> int:
        try:
            self.search()
        except RegexTimeout:
            return self.most
        return self.taken + _AT_A_TIME - self._left

    def _check_deadline(self) -> None:
        self._left = _AT_A_TIME
        self.taken += _AT_A_TIME
        if self.taken >= self.most:
            raise RegexTimeout


def steps(program: Program, text: str, most: int) -> int:
    """Count the steps of a search in ``text``, up to about ``most``.

    Args:
        program: The compiled expression.
        text: The text to search.
        most: The search ends after so many steps, give or take 500.
    """
    return _Counting(program, text, most).count()


def span(program: Program, text: str, most: int) -> tuple[int, int] | None:
    """Return the span of the first match, or None without one within ``most`` steps.

    Args:
        program: The compiled expression.
        text: The text to search.
        most: The search ends after so many steps, give or take 500.
    """
    try:
        found = _Counting(program, text, most).search()
    except RegexTimeout:
        return None
    return found.span() if found else None
