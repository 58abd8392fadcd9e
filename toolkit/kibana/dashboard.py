"""Dashboards: their panels, by reference or by value, their controls, query and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.findings import Location
from toolkit.kibana.objects import ObjectReference, references_in
from toolkit.kibana.readings import Content, Dangling, Need, ObjectPart, Unread, read_fields
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened

_CONTROLS = {
    "optionsListControl": (Need.AGGREGATE, "optionsListDataView"),
    "rangeSliderControl": (Need.NUMBER, "rangeSliderDataView"),
}

_SLIDER = "timeSlider"
"""A control of the time, for which each data view has a field of its own."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of a dashboard."""

    kind: str
    """The type of its object: ``lens``, ``visualization``, ``search``, …"""
    title: str
    where: Location
    shows: ObjectReference | None = None
    """Its object, by reference."""
    holds: ObjectPart | None = None
    """Its object, by value."""
    dangling: Dangling | None = None


def panels(dashboard: ObjectPart) -> Iterator[Panel]:
    """Yield the panels of a dashboard, in their order, those in sections included."""
    listed = opened(dashboard.node, "panelsJSON")
    for each in listed.values():
        if isinstance(each.value, dict):
            yield _panel(each, dashboard)


def _panel(panel: PositionedNode, dashboard: ObjectPart) -> Panel:
    config = panel.at("embeddableConfig")
    kind, title = (
        str(panel.get("type") or "visualization"),
        panel.get("title") or config.get("title"),
    )
    if isinstance(panel.get("panelRefName"), str):
        return _by_reference(panel, kind, str(title or ""), dashboard)
    held = config.at("attributes" if isinstance(config.get("attributes"), dict) else "savedVis")
    if isinstance(panel.get("id"), str) and held.value is None:
        # Up to Kibana 6 a panel named its object itself.
        shown = ObjectReference(kind, panel.get("id"), panel.locate("id"))
        return Panel(kind, str(title or ""), shown.where, shown)
    references = {**_of_panel(dashboard, _index(panel)), **references_in(held)}
    title = str(title or held.get("title") or _index(panel))
    return Panel(kind, title, panel.locate("type"), holds=ObjectPart(held, references))


def _by_reference(panel: PositionedNode, kind: str, title: str, dashboard: ObjectPart) -> Panel:
    name, where = str(panel.get("panelRefName")), panel.locate("panelRefName")
    references = dashboard.references
    found = references.get(f"{_index(panel)}:{name}") or references.get(name)
    if found is None:
        return Panel(kind, title, where, dangling=Dangling(name, where))
    return Panel(found.type, title, where, found)


def _index(panel: PositionedNode) -> str:
    return str(panel.get("panelIndex") or panel.get("gridData", "i") or "")


def _of_panel(dashboard: ObjectPart, index: str) -> dict[str, ObjectReference]:
    """Return the references that a dashboard has for one of its panels."""
    head = f"{index}:"
    found = dashboard.references.items()
    return {name.removeprefix(head): each for name, each in found if name.startswith(head)}


def controls(dashboard: ObjectPart) -> Iterator[Content]:
    """Yield the fields of the controls above the panels."""
    if dashboard.node.get("controlGroupInput") is None:
        return
    for key, each in opened(dashboard.node, "controlGroupInput", "panelsJSON").items():
        kind = str(each.get("type"))
        if kind not in _CONTROLS:
            if kind != _SLIDER:
                yield Unread(f"a control of type `{kind}`", each.locate("type"))
            continue
        need, reference = _CONTROLS[kind]
        view = dashboard.view(f"controlGroup_{key}:{reference}")
        stated = each.get("explicitInput", "dataViewId")
        if view is None and not isinstance(stated, str):
            yield Dangling(f"controlGroup_{key}:{reference}", each.locate())
            continue
        yield from read_fields(each.at("explicitInput", "fieldName"), need, view or str(stated))
