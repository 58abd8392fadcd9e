"""Why Elasticsearch refuses an index template: names that none of its versions has there.

Only composable templates are judged: Elasticsearch has them since 7.8. What a later version
removed is in ``releases.json``, and is left to the versions that run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from toolkit.languages.positioned import Path

_ANALYZERS = ("analyzer", "search_analyzer", "search_quote_analyzer")
_OLD = "include_in_all"
"""A parameter of releases before 7, which ``releases.json`` has."""


@dataclass(frozen=True, slots=True)
class TemplateRefusal:
    """A part of a template for which Elasticsearch refuses all of it."""

    path: Path
    fact: str
    near: str = ""
    """An accepted name that is spelled alike."""
    fix: str = "correct the name, or take it out."
    key: bool = True
    """True if the key at the path is wrong, not its value."""


@dataclass(frozen=True, slots=True)
class _Accepted:
    """The names that Elasticsearch accepts, from ``accepted.json``."""

    names: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, tuple[str, ...]]
    """By the type of the field."""


@cache
def _accepted() -> _Accepted:
    text = resources.files("toolkit.elasticsearch").joinpath("accepted.json").read_text("utf-8")
    table = json.loads(text)
    groups = table.pop("parameters")
    return _Accepted(
        {key: tuple(names) for key, names in table.items()},
        {each: (*group["names"], "type") for group in groups for each in group["types"]},
    )


def is_composable(body: Any) -> bool:
    """Return True for the body of a composable template, which has its parts in `template`."""
    return isinstance(body, dict) and isinstance(body.get("template", {}), dict) and (
        "index_patterns" in body and ("template" in body or "composed_of" in body)
    )  # fmt: skip


def refusals(body: Mapping[str, Any]) -> Iterator[TemplateRefusal]:
    """Yield what is wrong in a composable template whose values have the right kinds."""
    known, inner = _accepted().names, body.get("template", {})
    yield from _unknown(body, known["index_template"], (), "a key of index templates")
    yield from _unknown(inner, known["template"], ("template",), "a key of `template`")
    settings = dict(_flat(inner.get("settings", {})))
    for name, path in settings.items():
        yield from _setting(name, ("template", "settings", *path))
    for path, definition in _fields(inner.get("mappings", {}), ("template", "mappings")):
        yield from _parameters(path, definition)
        # Component templates may define further analyzers.
        if not body.get("composed_of"):
            yield from _analyzers(path, definition, settings)


def _unknown(
    held: Mapping[str, Any], accepted: Iterable[str], path: Path, kind: str
) -> Iterator[TemplateRefusal]:
    names = tuple(accepted)
    for key in held:
        if key not in names:
            yield TemplateRefusal((*path, key), f"`{key}` is not {kind}", _near(key, names))


def _near(name: str, names: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, tuple(names), n=1, cutoff=0.8)), "")


def _flat(settings: Any, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """The settings by their full names without ``index.``, however they are nested."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*path, key))
        else:
            name = ".".join(map(str, (*path, key))).removeprefix("index.")
            yield name, (*path, key)


def _setting(name: str, path: Path) -> Iterator[TemplateRefusal]:
    """A setting that looks like another one; the rest may be that of a plugin."""
    known = _accepted().names
    below = any(name == each or name.startswith(f"{each}.") for each in known["settings_below"])
    near = "" if below or name in known["settings"] else _near(name, known["settings"])
    if near:
        yield TemplateRefusal(path, f"`{name}` is no setting of an index", near)


def _fields(mapping: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for below in ("properties", "fields"):
        for name, definition in mapping.get(below, {}).items():
            at = (*path, below, name)
            yield at, definition
            yield from _fields(definition, at)


def _parameters(path: Path, definition: Mapping[str, Any]) -> Iterator[TemplateRefusal]:
    kind = definition.get("type", "object")
    if "type" not in definition and not (
        "properties" in definition or [*definition] == ["enabled"]
    ):
        yield TemplateRefusal(path, f"the field `{path[-1]}` has no `type`", fix="add a `type`.")
        return
    accepted = _accepted().parameters.get(str(kind))
    for refusal in _unknown(definition, accepted or definition, path, f"a parameter of `{kind}`"):
        if refusal.path[-1] != _OLD:
            yield refusal


def _analyzers(
    path: Path, definition: Mapping[str, Any], settings: Iterable[str]
) -> Iterator[TemplateRefusal]:
    known = _accepted().names
    shipped = (*known["analyzers"], *known["plugin_analyzers"])
    for key in _ANALYZERS:
        name = definition.get(key)
        defined = any(each.startswith(f"analysis.analyzer.{name}.") for each in settings)
        if isinstance(name, str) and name not in shipped and not defined:
            fact = f"the analyzer `{name}` is not defined"
            fix = f"define `{name}` in `settings: {{analysis: {{analyzer: …}}}}`."
            yield TemplateRefusal((*path, key), fact, _near(name, shipped), fix, key=False)
