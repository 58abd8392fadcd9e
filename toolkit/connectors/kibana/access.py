"""Address and credentials of a Kibana."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from toolkit.connectors import http
from toolkit.connectors.http.credentials import Named

_HINTS = {
    403: "give the user the privilege to read data views and saved objects.",
    404: "correct the address, and the path Kibana is served under.",
    413: "import it in parts.",
}


@dataclass(frozen=True, slots=True)
class KibanaAccess(http.Access):
    """The address of a Kibana, one of its spaces, and the credentials."""

    system: ClassVar[str] = "Kibana"
    port: ClassVar[int] = 5601
    headers: ClassVar[Mapping[str, str]] = {
        "accept": "application/json, application/ndjson",
        "kbn-xsrf": "toolkit",
    }
    patience: float = 30.0
    space: str | None = None
    """None is the default one."""

    @classmethod
    def further(cls, named: Named, own: Any) -> Mapping[str, Any]:
        return {"space": named.value("SPACE", own.space if own else None)}

    @property
    def shown(self) -> str:
        """Host, port, and the space."""
        space = f", space `{self.space}`" if self.space else ""
        return f"{urlsplit(self.url).netloc}{space}"

    @property
    def base(self) -> str:
        """The address of the space."""
        return self.url + (f"/s/{quote(self.space, safe='')}" if self.space else "")

    def dashboard(self, name: str) -> str:
        """The address at which a person opens a dashboard, by its id."""
        return f"{self.base}/app/dashboards#/view/{quote(name, safe='')}"

    def hint(self, status: int, request: str) -> str | None:
        if status == 403 and "_import" in request:
            return "give the user the privilege to manage saved objects."
        if status == 404 and self.space:
            return f"correct the address, or create the space `{self.space}`."
        return _HINTS.get(status)
