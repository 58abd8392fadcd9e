"""The effects of Ruby code in a configuration on its event, as far as its text shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = r"""(?:'[^'\\#]*'|"[^"\\#]*")"""
_CALL = re.compile(
    rf"""\bevent\s*\.\s*(?:
      (?P<method>set|remove|tag|get|includes?\?|sprintf)\s*\(?\s*(?P<text>{_STRING})
    | timestamp\b(?!\s*=[^=~])
    | to_(?:hash|json|s)\b
    )""",
    re.VERBOSE,
)
_EVENT = re.compile(r"\bevent\b")
_IN_PLACE = re.compile(
    r"""\w!(?!=)                           # gsub!, merge!, …
    | <<                                   # appends to a string or an array
    | \]\s*[-+*/|&]*=(?![=~>])             # [key] = value, [key] += value
    | \.\s*\w+\s*[-+*/|&]*=(?![=~>])       # .attribute = value
    | \.\s*(?:push|append|prepend|concat|insert|unshift|shift|pop|replace|clear|fill|store|update
      |delete\w*|keep_if|compare_by_identity|force_encoding|setbyte)\b
    | \b(?:eval|instance_\w+|class_\w+|binding|send|__send__|public_send|method|define_method)\b
    | `|%x                                 # runs a program
    """,
    re.VERBOSE,
)
_COUNT = re.compile(r"\b(?:cancel|uncancel|new_event_block|yield)\b")


@dataclass(frozen=True, slots=True)
class Script:
    """Ruby code that is given an event."""

    text: str

    def writes(self) -> Iterator[str] | None:
        """Return the references of the fields it sets and removes; None if it may be any.

        Values are known to change through ``event.set("NAME", …)`` and ``event.remove("NAME")``
        only if nothing else in the code can: neither another use of the event, nor a method
        that changes a value where it is.
        """
        if len(_CALL.findall(self.text)) < len(_EVENT.findall(self.text)) or _IN_PLACE.search(
            self.text
        ):
            return None
        return self._given("set", "remove")

    def reads(self) -> Iterator[str]:
        """Yield the references of the fields it reads by ``event.get("NAME")``."""
        return self._given("get")

    def tags(self) -> Iterator[str]:
        """Yield the tags it adds by ``event.tag("NAME")``."""
        return self._given("tag")

    def _given(self, *methods: str) -> Iterator[str]:
        calls = _CALL.finditer(self.text)
        return (call["text"][1:-1] for call in calls if call["method"] in methods)

    @property
    def one_to_one(self) -> bool:
        """True if it neither cancels its event nor makes others."""
        return _COUNT.search(self.text) is None
