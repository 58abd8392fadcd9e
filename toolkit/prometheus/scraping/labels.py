"""Label sets of which a part is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from toolkit.prometheus.selectors import Matcher

_ASSIGNED = ("container", "instance", "namespace", "node", "pod", "service")
"""Labels whose values are made as the system runs: one that is not known counts as right."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a target or a series, as far as they are known."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    """None: the label may be there, with a value that is not known."""
    unknown: str = ""
    """A regular expression of further labels that may be there; empty if there are none."""
    sure: bool = True
    """False if it is not known whether relabeling keeps it."""

    def get(self, name: str) -> str | None:
        """Return a value: empty if there is no such label, None if it is not known."""
        if name in self.values:
            return self.values[name]
        return None if self.unknown and re.fullmatch(self.unknown, name) else ""

    @property
    def texts(self) -> Iterator[str]:
        """The values that are known."""
        return (value for value in self.values.values() if value)

    def joined(self, names: Iterable[str], separator: str) -> str | None:
        """Return several values as one text; None if one of them is not known."""
        found = [self.get(name) for name in names]
        return separator.join(v for v in found if v is not None) if None not in found else None

    def having(self, name: str, value: str | None) -> Labels:
        """Return the labels with another value; an empty one removes the label."""
        kept = {key: held for key, held in self.values.items() if key != name}
        without = replace(self, values=kept)
        if value == without.get(name):
            return without
        return replace(self, values={**kept, name: value})

    def accepted(self, matcher: Matcher) -> bool | None:
        """Return True if a matcher accepts it, if it is there; None if that is not known."""
        value = self.get(matcher.label)
        if value is not None:
            return matcher.accepts(value)
        return True if matcher.label in _ASSIGNED or matcher.value == ".*" else None

    def fits(self, matchers: Iterable[Matcher]) -> bool | None:
        """Return True if all matchers accept it, False if one does not, None if unknown."""
        answers = [self.accepted(matcher) for matcher in matchers]
        if False in answers:
            return False
        return None if None in answers or not self.sure else True
