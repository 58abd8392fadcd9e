"""Data views, and the indices they match."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class DataViewsIn(Derived[PanelFields]):
    """Count the known data views through which panels read fields."""

    fields: Query[PanelFields]

    def derive(self, fields: Answer[PanelFields]) -> Answer[PanelFields]:
        found = fields.evidence
        looked = [each for each in found.views() if not found.asked or found.tells_of(each)]
        return Answer(found, fields.origin, len(looked), "data views")


def data_views(fields: Query[PanelFields]) -> Query[PanelFields]:
    """Return the query for the data views among all that panels read."""
    return DataViewsIn(fields)
