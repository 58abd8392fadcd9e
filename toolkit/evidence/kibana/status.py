"""The status of a running Kibana."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import Unavailable
from toolkit.evidence.kibana.kibana_queries import StatusQuery, StatusText
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import mapping
from toolkit.languages.positioned_json import read_json
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class UnavailableService:
    """A part of Kibana that is not available."""

    name: str
    level: str
    summary: str


@dataclass(frozen=True, slots=True)
class KibanaStatus:
    """The status of Kibana."""

    asked: str
    """Such as ``Kibana at localhost:5601``."""
    level: str
    """``available``, ``degraded``, ``unavailable`` or ``critical``."""
    summary: str = ""
    version: str = ""
    """Empty if the user may not see it; the services are then empty, too."""
    services: tuple[UnavailableService, ...] = ()
    """The unavailable ones, Kibana's own before those of plugins."""


@dataclass(frozen=True, slots=True)
class KibanaStatusIn(Derived[KibanaStatus]):
    """Parse the response."""

    asked: Query[StatusText]

    def derive(self, state: Answer[StatusText]) -> Answer[KibanaStatus]:
        body = mapping(read_json(state.evidence.text, state.origin))
        status = mapping(body.get("status"))
        overall = mapping(status.get("overall"))
        if "level" not in overall:
            raise Unavailable(_no_kibana(state.origin))
        found = KibanaStatus(
            state.origin,
            str(overall["level"]),
            str(overall.get("summary") or ""),
            str(mapping(body.get("version")).get("number") or ""),
            tuple(each for part in ("core", "plugins") for each in _services(status, part)),
        )
        return Answer(found, state.origin, state.sampled, state.unit)


def _services(status: Mapping[str, Any], part: str) -> Iterator[UnavailableService]:
    for name, held in mapping(status.get(part)).items():
        level = str(mapping(held).get("level") or "")
        if level not in ("", "available"):
            yield UnavailableService(name, level, str(mapping(held).get("summary") or ""))


def _no_kibana(asked: str) -> Finding:
    return Finding(
        what=f"{asked} did not report its status",
        where=Location(asked.replace("Kibana at ", "kibana:")),
        why="its response to `GET /api/status` has no `status.overall.level`",
        fix="correct the address; Kibana 8 and newer has this field.",
    )


def kibana_status(scope: Scope) -> Mapping[str, Query[KibanaStatus]]:
    """Return the query for the status of Kibana; empty in an offline run."""
    return {"kibana": KibanaStatusIn(StatusQuery())} if "kibana" in scope.live else {}
