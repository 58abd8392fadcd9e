"""The expectations of a contract. One group is one module.

The fields of these dataclasses are the keys of `toolkit.yml`; `toolkit.contract` decodes
them generically, and the JSON Schema is generated from them.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.findings import Location

__all__ = ["Expectation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One statement of a contract that can be true or false of a running system."""

    declared: Location
    """The place in the contract that declares it."""
