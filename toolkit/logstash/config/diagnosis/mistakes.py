"""Common mistakes as data: rows of ``mistakes.toml``, which also describes how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

from toolkit.logstash.config.diagnosis.trouble import Trouble
from toolkit.logstash.config.faults import Fault, Span
from toolkit.logstash.texts import read_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A row: what must hold around the place, and what is reported then."""

    example: str
    wanted: list[str]
    what: str
    why: str
    fix: str
    place: str = "token"
    mark: str = ""
    construct: str = ".*"
    token: str = ".*"
    word: str = ".*"
    before: str = ""
    text: str = ""

    def __call__(self, trouble: Trouble) -> Fault | None:
        """Return the fault, if this is the mistake."""
        found = self._match(trouble) if trouble.wanted in self.wanted else None
        if found is None:
            return None
        shown = {
            "token": trouble.here,
            "lowered": trouble.here.lower(),
            "word": trouble.before[0],
            "construct": trouble.construct,
            **{name: text for each in found for name, text in each.groupdict().items() if text},
        }
        what, fix, why, mark = (
            Template(text).substitute(shown) for text in (self.what, self.fix, self.why, self.mark)
        )
        marks = ((mark, trouble.span),) if mark else ()
        return Fault(what, self._span(trouble, found), fix, why, marks)

    def _match(self, trouble: Trouble) -> list[re.Match[str]] | None:
        """Match every condition; None if one does not hold."""
        wholes = (
            (self.construct, trouble.construct),
            (self.token, trouble.here),
            (self.word, trouble.before[0]),
        )
        if not all(re.fullmatch(shape, text, re.DOTALL) for shape, text in wholes):
            return None
        before = re.compile(rf"(?:{self.before})\Z").search(trouble.text, 0, trouble.at)
        after = re.compile(self.text).match(trouble.text, trouble.at)
        return [before, after] if before and after else None

    def _span(self, trouble: Trouble, found: list[re.Match[str]]) -> Span:
        for match in found:
            if match.groupdict().get("place"):
                return match.span("place")
        if self.place == "bracket" and trouble.inner is not None:
            return trouble.inner.at, trouble.inner.at + 1
        return trouble.before[1] if self.place == "word" else trouble.span


@cache
def texts() -> Mapping[str, Any]:
    """Return the tables of ``mistakes.toml``."""
    return read_texts(__package__, "mistakes.toml")


def read_mistakes() -> Mapping[str, list[Mistake]]:
    """Read the mistakes, in their groups; those of a group are tried in turn."""
    groups = texts()["mistakes"].items()
    return {group: [Mistake(**row) for row in rows] for group, rows in groups}
