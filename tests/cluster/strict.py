"""What a real API server says of an object that it is not to keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.api import Api, ApiError


@dataclass(frozen=True)
class Strict:
    """Asks with strict field validation, and as a dry run."""

    api: Api
    _kinds: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)

    def refuses(self, body: Mapping[str, Any]) -> str:
        """Why it cannot be read: an unknown field, or a wrong type. Empty if it can.

        Whether the values make sense together is another question.
        """
        copy = {**body, "metadata": {**body["metadata"], "name": f"{body['metadata']['name']}-2"}}
        try:
            self.api("POST", f"{self._path(body)}?dryRun=All&fieldValidation=Strict", copy)
        except ApiError as error:
            if error.status == 400:
                return str(json.loads(str(error).partition(": ")[2])["message"])
            if error.status != 422:
                raise
        return ""

    def answer(self, kind: Mapping[str, Any], body: Any) -> tuple[int, list[tuple[str, str]]]:
        """Return the HTTP status of a creation, and path and reason of each fault.

        Args:
            kind: An object of the kind, and in the namespace, as which the body is sent.
            body: The body.
        """
        try:
            self.api("POST", f"{self._path(kind)}?dryRun=All&fieldValidation=Strict", body)
        except ApiError as error:
            said = json.loads(str(error).partition(": ")[2])
            causes = said.get("details", {}).get("causes", [])
            return error.status, [(each.get("field", ""), each["reason"]) for each in causes]
        return 201, []

    def _path(self, body: Mapping[str, Any]) -> str:
        version = str(body["apiVersion"])
        group = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if group not in self._kinds:
            self._kinds[group] = {
                each["kind"]: (each["name"], each["namespaced"])
                for each in self.api.get(group)["resources"]
                if "/" not in each["name"]
            }
        name, namespaced = self._kinds[group][body["kind"]]
        place = body["metadata"].get("namespace", "default")
        return f"{group}/namespaces/{place}/{name}" if namespaced else f"{group}/{name}"
