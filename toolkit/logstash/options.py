"""The types of plugin options, and the errors found in them.

A filter is a frozen dataclass whose fields are its options, under Logstash's names, and
whose annotations say what Logstash accepts (`config :name, :validate => :type`):

==================  =============================================  ==================
annotation          Logstash                                       Python value
==================  =============================================  ==================
``str``             ``:string``                                    str
``int`` / ``float`` ``:number``                                    int or float
``bool``            ``:boolean``                                   bool
``Strings``         ``:array`` or ``:string, :list => true``       tuple[str, ...]
``Array``           ``:array`` (items of any kind)                 tuple[Any, ...]
``Hash``            ``:hash``; iterates in *Java's* hash order      Mapping[str, Any]
``FieldReference``  ``:field_reference``                           str
``Literal[...]``    ``:validate => [...]``                         str
``X | None``        no default                                     X or None
==================  =============================================  ==================

An option without a default is ``:required => true``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NewType, TypeAlias

__all__ = ["Array", "FieldReference", "Hash", "OptionError", "OptionFault", "Strings"]

Strings: TypeAlias = "tuple[str, ...]"
Array: TypeAlias = "tuple[Any, ...]"
Hash: TypeAlias = "Mapping[str, Any]"
FieldReference = NewType("FieldReference", str)


@dataclass(frozen=True, slots=True)
class OptionFault:
    """What is wrong with the value of an option, and where in that value.

    ``path`` leads into the value: names of hash keys and indices of arrays; ``start`` and
    ``end`` are character offsets in the string found there (None: all of it).
    """

    what: str
    option: str
    why: str
    fix: str
    path: tuple[str | int, ...] = ()
    start: int | None = None
    end: int | None = None
    kind: str = ""
    """A word checks can ask for: ``unknown-pattern``, ``regex``, ``date-format``, ``convert-type``, …"""
    logstash: str = ""
    """What real Logstash says of it, if anything."""
    unsupported: bool = False
    """The option is legal, and the emulation does not cover it."""


class OptionError(Exception):
    """Options that real Logstash refuses at start, or would stumble over with each event."""

    def __init__(self, *faults: OptionFault) -> None:
        super().__init__("; ".join(fault.what for fault in faults))
        self.faults = faults
