"""Migrations: Kibana upgrades objects of older exports to the current version of their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.kibana.drift import NOTHING, ObjectDifference
from toolkit.kibana.objects import SavedObject

_REWRITTEN_UNTIL: Mapping[str, tuple[int, ...]] = {
    "index-pattern": (8, 0, 0),
    "map": (8, 4, 0),
    "search": (8, 0, 0),
    "visualization": (8, 5, 0),
}
"""By type, the last version whose migration rewrote objects; since then they only add."""
_OTHERS = (8, 9, 0)
"""The same for dashboards, Lens and all other types."""
_SEEN = ("attributes.title", "attributes.name", "attributes.description")
"""Attributes that users write, and that no migration changes."""


@dataclass(frozen=True, slots=True)
class Migration:
    """From one version of a type to another."""

    here: str
    """The version of the export; empty without one."""
    there: str
    rewrites: bool
    """True if it may do more than add."""


def migration(ours: SavedObject, theirs: Mapping[str, Any]) -> Migration | None:
    """Return the migration between an export and Kibana's object; None without one."""
    here, there = (str(each.get("typeMigrationVersion") or "") for each in (ours.node, theirs))
    if not there or here == there:
        return None
    return Migration(here, there, _parts(here) < _REWRITTEN_UNTIL.get(ours.type, _OTHERS))


def is_certain(found: ObjectDifference, between: Migration | None) -> bool:
    """Return True if a difference cannot come from a migration."""
    if between is None or found.path in _SEEN:
        return True
    if found.path.startswith("references["):
        return NOTHING not in (found.ours, found.theirs)
    return found.ours is not NOTHING and not between.rewrites


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
