"""Data views, and what is known of the indices they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.evidence.saved_objects import PanelFields
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["DataViewsIn", "data_views"]


@dataclass(frozen=True, slots=True)
class DataViewsIn(Derived[PanelFields]):
    """Count what panels read by the data views it is read through."""

    fields: Query[PanelFields]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.fields,)

    def derive(self, fields: Answer[PanelFields]) -> Answer[PanelFields]:
        found = sum(1 for _ in fields.evidence.views())
        return Answer(fields.evidence, fields.origin, found, "data views")


def data_views(fields: Query[PanelFields]) -> Query[PanelFields]:
    """What is known of the data views among all that panels read."""
    return DataViewsIn(fields)
