"""Kibana's saved objects."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class KibanaExpectation(Expectation):
    """Data views, dashboards and panels, as Kibana exports them."""

    saved_objects: tuple[str, ...] = ()
    """Globs of NDJSON files."""
    external: tuple[str, ...] = ()
    """Globs of indices that others fill; data views of them are counted, not judged."""
