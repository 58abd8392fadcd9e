"""The definitions of one version of Kubernetes, each decoded when it is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from toolkit.kubernetes.schema import Form

_START, _INDENT = '{\n  "', '\n    "'
"""In front of the first key and of each definition, in a file with an indent of 2."""
_DECODER = json.JSONDecoder()


class Definitions(Mapping[str, Form]):
    """The definitions of a file, by name. Most manifests need some 30 of 700."""

    def __init__(self, text: str) -> None:
        """Find the definitions.

        Args:
            text: The JSON of an object whose key ``$defs`` has them.
        """
        parts = text.split(_INDENT)[1:] if text.startswith(_START) else []
        self._texts = {part[: part.index('"')]: part for part in parts}
        self._decoded: dict[str, Form] = {} if parts else json.loads(text)["$defs"]

    def __getitem__(self, name: str) -> Form:
        if name not in self._decoded:
            text = self._texts[name]
            self._decoded[name], _ = _DECODER.raw_decode(text, text.index(":") + 2)
        return self._decoded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts or self._decoded)

    def __len__(self) -> int:
        return len(self._texts or self._decoded)


class Release:
    """The forms of one version of Kubernetes."""

    def __init__(self, text: str) -> None:
        """Read the definitions of a version, see `Definitions`."""
        self.definitions = Definitions(text)

    @cached_property
    def kinds(self) -> Mapping[str, Mapping[str, Form]]:
        """The forms of objects by API version, such as ``apps/v1``, and kind."""
        kinds: dict[str, dict[str, Form]] = {}
        for form in self.definitions.values():
            for api_version, kind in _manifests(form):
                kinds.setdefault(api_version, {})[kind] = form
        return kinds

    def form(self, api_version: str, kind: str) -> Form | None:
        """Return the form of an object; None if this version has no such kind.

        Args:
            api_version: Such as ``apps/v1``.
            kind: Such as ``Deployment``; the name of its definition ends with it.
        """
        for name in self.definitions:
            if name.endswith(f".{kind}"):
                form = self.definitions[name]
                if (api_version, kind) in _manifests(form):
                    return form
        return None


def _manifests(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return API version and kind, if a form is that of a manifest."""
    named = form.get("x-kubernetes-group-version-kind", [])
    properties = form.get("properties", {})
    if len(named) != 1 or "metadata" not in properties or "items" in properties:
        return []
    [one] = named
    return [("/".join(filter(None, (one["group"], one["version"]))), one["kind"])]
