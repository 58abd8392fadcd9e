"""Dashboards: the PromQL of their panels, variables and annotations, each with its path.

Supported are the classic form (``panels``, ``rows``), as file, as the API's envelope, and as a
resource (``spec``). The form with ``elements`` is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.grafana.variables import DashboardVariable
from toolkit.languages.positioned import Path, Positioned

_DURATION = re.compile(r"\d+(?:ms|[smhdwy])")


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """One expression, and its panel, variable or annotation."""

    kind: str
    """``panel``, ``variable`` or ``annotation``."""
    title: str
    expression: str
    path: Path


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The queries of a dashboard to Prometheus."""

    title: str
    queries: tuple[DashboardQuery, ...]
    variables: Mapping[str, DashboardVariable]
    elsewhere: tuple[tuple[str, Path], ...] = ()
    """Panels whose queries are in another object: title and path."""


def is_dashboard(value: Any) -> bool:
    """Return True if a JSON value is a dashboard in one of its forms."""
    found = _root(value) if isinstance(value, dict) else None
    return found is not None


def _root(value: Any) -> Path | None:
    """Return the path of the dashboard itself in the value."""
    for path in ((), ("dashboard",), ("spec",)):
        here = value
        for part in path:
            here = here.get(part) if isinstance(here, dict) else None
        if isinstance(here, dict) and any(key in here for key in ("panels", "rows", "elements")):
            return path
    return None


def read_dashboard(text: Positioned, name: str = "dashboard") -> Dashboard:
    """Parse a dashboard; ``name`` is used without a title.

    ``text`` must be one by `is_dashboard`.
    """
    root = _root(text.value) or ()
    title = str(text.get(*root, "title") or name)
    variables = dict(_variables(text, root))
    elsewhere = [(_title(text, path), path) for path in _panels(text, root) if _shared(text, path)]
    if text.get(*root, "elements") is not None:
        elsewhere.append((title, (*root, "elements")))
    queries = tuple(_queries(text, root, variables))
    return Dashboard(title, queries, variables, tuple(elsewhere))


def _shared(text: Positioned, path: Path) -> bool:
    """Return True for a library panel, of which the dashboard has only the name."""
    return bool(text.get(*path, "libraryPanel")) and not text.get(*path, "targets")


def _panels(text: Positioned, root: Path) -> Iterator[Path]:
    for key in ("panels", "rows"):
        for index, _ in _each(text.get(*root, key)):
            yield (*root, key, index)
            yield from _panels(text, (*root, key, index))


def _each(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    listed = value if isinstance(value, list) else []
    return ((index, each) for index, each in enumerate(listed) if isinstance(each, dict))


def _title(text: Positioned, path: Path) -> str:
    panel = text.get(*path)
    return str(panel.get("title") or panel.get("id") or path[-1])


def _queries(
    text: Positioned, root: Path, variables: Mapping[str, DashboardVariable]
) -> Iterator[DashboardQuery]:
    for source, kind, title, path in _possible_queries(text, root):
        expression = text.get(*path)
        asked = isinstance(expression, str) and expression.strip()
        if asked and _asks_prometheus(source, variables):
            yield DashboardQuery(kind, title, expression, path)


def _possible_queries(text: Positioned, root: Path) -> Iterator[tuple[Any, str, str, Path]]:
    """Yield the data source, kind, title and path of each query there may be."""
    for path in _panels(text, root):
        for index, target in _each(text.get(*path, "targets")):
            source = target.get("datasource") or text.get(*path, "datasource")
            yield source, "panel", _title(text, path), (*path, "targets", index, "expr")
    path = (*root, "templating", "list")
    for index, each in _each(text.get(*path)):
        if each.get("type") == "query":
            inside = ("query", "query") if isinstance(each.get("query"), dict) else ("query",)
            name = f"${each.get('name')}"
            yield each.get("datasource"), "variable", name, (*path, index, *inside)
    path = (*root, "annotations", "list")
    for index, each in _each(text.get(*path)):
        for inside in (("expr",), ("target", "expr")):
            name = str(each.get("name"))
            yield each.get("datasource"), "annotation", name, (*path, index, *inside)


def _variables(text: Positioned, root: Path) -> Iterator[tuple[str, DashboardVariable]]:
    for _, each in _each(text.get(*root, "templating", "list")):
        name, kind = str(each.get("name")), str(each.get("type"))
        yield name, DashboardVariable(name, kind, tuple(_values(each, kind)))


def _values(variable: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Return the values that a variable can have by the dashboard."""
    query = variable.get("query")
    if kind in ("constant", "datasource") and isinstance(query, str):
        yield query
    elif kind in ("custom", "interval") and isinstance(query, str):
        for part in query.split(","):
            # A value can have a name: ``five minutes : 5m``.
            value = part.rpartition(" : ")[2].strip()
            if kind == "custom" or _DURATION.fullmatch(value):
                yield value


def _asks_prometheus(source: Any, variables: Mapping[str, DashboardVariable]) -> bool:
    """Return True for a query of Prometheus, which is the default."""
    kind = source.get("type") if isinstance(source, dict) else None
    if kind:
        return "prometheus" in str(kind)
    name = str(source.get("uid") if isinstance(source, dict) else source or "")
    variable = variables.get(name.strip("${}[]"))
    shown = " ".join(variable.values) if variable and variable.values else name
    others = ("loki", "elasticsearch", "opensearch", "tempo", "influx", "graphite", "postgres")
    return not any(other in shown.lower() for other in others)
