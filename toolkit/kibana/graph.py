"""All saved objects of some files: their references, and the fields they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.findings import Location, Reader
from toolkit.kibana.dashboard import Panel, controls, panels
from toolkit.kibana.lens import ad_hoc_views, read_annotations, read_lens
from toolkit.kibana.maps import read_map
from toolkit.kibana.objects import ObjectReference, SavedObject
from toolkit.kibana.query_fields import read_filters, read_query
from toolkit.kibana.readings import INDICES, SEARCH, Content, FieldRead, ObjectPart, Unread
from toolkit.kibana.search import read_search
from toolkit.kibana.views import View, script_readings, view_of
from toolkit.kibana.visualization import read_search_source, read_visualization
from toolkit.languages.positioned_json import opened

_SILENT = frozenset(
    {"tag", "config", "config-global", "url", "links", "image", "DASHBOARD_MARKDOWN", "markdown"}
)
"""Types that read no fields."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that one object or panel reads, and the objects that contain it."""

    chain: tuple[Reader, ...]
    """Such as a dashboard, and its panel."""
    content: Content
    views: tuple[View, ...] = ()
    """For a field: the possible data views; empty if it does not exist."""

    def __str__(self) -> str:
        return " → ".join(map(str, self.chain))


@dataclass(frozen=True)
class Graph:
    """Saved objects by type and id."""

    objects: tuple[SavedObject, ...]
    by_key: Mapping[tuple[str, str], SavedObject] = field(init=False, repr=False)
    views: Mapping[str, View] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key = {(each.type, each.id): each for each in self.objects}
        views = {
            each.id: view_of(each.attributes, each.id)
            for each in self.objects
            if each.type == "index-pattern"
        }
        object.__setattr__(self, "by_key", by_key)
        object.__setattr__(self, "views", views)

    def missing(self) -> Iterator[tuple[SavedObject, ObjectReference]]:
        """Yield the references to objects that are not in these files."""
        for each in self.objects:
            for reference in dict.fromkeys(each.references.values()):
                if (reference.type, reference.id) not in self.by_key:
                    yield each, reference

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that is read, dashboards first, each object once."""
        return tuple(self._statements())

    def _statements(self) -> Iterator[Statement]:
        seen: set[SavedObject] = set()
        for each in self.objects:
            if each.type == "dashboard":
                yield from self._dashboard(each, seen)
        for each in self.objects:
            if each not in seen and each.type != "dashboard":
                yield from self._read(each, (each.reader,))

    def _dashboard(self, dashboard: SavedObject, seen: set[SavedObject]) -> Iterator[Statement]:
        part = ObjectPart(dashboard.attributes, dashboard.references)
        here = (dashboard.reader,)
        below = [each for panel in panels(part) for each in self._panel(panel, here, seen)]
        used = tuple(dict.fromkeys(view for each in below for view in each.views))
        yield from self._placed(controls(part), (*here, Reader("control")), part, used)
        if part.node.get("kibanaSavedObjectMeta", "searchSourceJSON") is not None:
            source = opened(part.node, "kibanaSavedObjectMeta", "searchSourceJSON")
            yield from self._placed(read_search_source(part, source)[1], here, part, used)
        yield from below

    def _panel(
        self, panel: Panel, here: tuple[Reader, ...], seen: set[SavedObject]
    ) -> Iterator[Statement]:
        if panel.dangling:
            yield Statement((*here, Reader("panel", panel.title or panel.kind)), panel.dangling)
        elif panel.shows:
            found = self.by_key.get((panel.shows.type, panel.shows.id))
            if found is not None and found not in seen:
                seen.add(found)
                yield from self._read(found, (*here, Reader("panel", panel.title or found.title)))
        elif panel.holds:
            chain = (*here, Reader("panel", panel.title))
            yield from self._part(panel.kind, panel.holds, chain, panel.where)

    def _read(self, found: SavedObject, chain: tuple[Reader, ...]) -> Iterator[Statement]:
        part = ObjectPart(found.attributes, found.references)
        if found.type == "index-pattern":
            reading = self.views[found.id].time
            yield from self._placed([reading] if reading else [], chain, part, ())
            for made, each in script_readings(found.attributes, found.id):
                yield from self._placed([each], (*chain, Reader("its field", made)), part, ())
        else:
            yield from self._part(found.type, part, chain, found.node.locate("type"))

    def _part(
        self, kind: str, part: ObjectPart, chain: tuple[Reader, ...], where: Location
    ) -> Iterator[Statement]:
        reader = _READERS.get(kind)
        if reader is not None:
            yield from self._placed(reader(part), chain, part, ())
        elif kind not in _SILENT:
            yield Statement(chain, Unread(f"an object of type `{kind}`", where))

    def _placed(
        self,
        content: Iterator[Content] | list[Content] | list[FieldRead],
        chain: tuple[Reader, ...],
        part: ObjectPart,
        used: tuple[View, ...],
    ) -> Iterator[Statement]:
        own = {name: view_of(node, name) for name, node in ad_hoc_views(part)}
        for each in content:
            views = self._views(each, own, used) if isinstance(each, FieldRead) else ()
            yield Statement(chain, each, views)

    def _views(
        self, reading: FieldRead, own: Mapping[str, View], used: tuple[View, ...]
    ) -> tuple[View, ...]:
        name, where = reading.view, reading.where
        if name.startswith(INDICES):
            globs = name.removeprefix(INDICES)
            return (View(name, tuple(globs.split(",")), frozenset(), where),)
        if name.startswith(SEARCH):
            name = self._of_search(name.removeprefix(SEARCH))
        if not name:
            return used or tuple(self.views.values())
        view = own.get(name) or self.views.get(name)
        return (view,) if view else ()

    def _of_search(self, name: str) -> str:
        """Return the data view of a saved search."""
        search = self.by_key.get(("search", name))
        if search is None:
            return ""
        found = (e.id for e in search.references.values() if e.type == "index-pattern")
        source = opened(search.attributes, "kibanaSavedObjectMeta", "searchSourceJSON")
        return next(found, "") or str(source.get("index") or "")


def _read_query(part: ObjectPart) -> Iterator[Content]:
    """Yield the text and the filters of a saved query."""
    yield from read_query(part.node.at("query"), "")
    yield from read_filters(part.node.at("filters"), "")


def _read_annotations(part: ObjectPart) -> Iterator[Content]:
    """Yield the annotations that several panels share."""
    views = (each.id for each in part.references.values() if each.type == "index-pattern")
    yield from read_annotations(part.node, next(views, ""))


_READERS: Mapping[str, Callable[[ObjectPart], Iterator[Content]]] = {
    "lens": read_lens,
    "visualization": read_visualization,
    "search": read_search,
    "map": read_map,
    "query": _read_query,
    "event-annotation-group": _read_annotations,
}
