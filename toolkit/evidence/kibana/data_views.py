"""Data views, and what is known of the indices they show."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class DataViewsIn(Derived[PanelFields]):
    """Count what panels read by the data views it is read through, and that are known there."""

    fields: Query[PanelFields]

    def derive(self, fields: Answer[PanelFields]) -> Answer[PanelFields]:
        found = fields.evidence
        looked = [each for each in found.views() if not found.asked or found.tells_of(each)]
        return Answer(found, fields.origin, len(looked), "data views")


def data_views(fields: Query[PanelFields]) -> Query[PanelFields]:
    """What is known of the data views among all that panels read."""
    return DataViewsIn(fields)
