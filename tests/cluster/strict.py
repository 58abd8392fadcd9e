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
