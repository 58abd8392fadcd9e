"""Logstash's plugins: names, options, and the fields that those write which are not emulated.

All of it is in `plugins.json`, by kind and name:

============  ==============================================================================
``options``   names of options; those of all plugins of a kind are under ``*``. Without them
              the options are not known, or the class of an emulated filter has them.
``required``  options without which the plugin does not start
``ecs_required``  options that ECS compatibility requires, unless another one ends in a text
``obsolete``  options that keep it from starting, and what took their place
``until``     the same for the options that releases before a certain one accept
``bundled``   false for plugins that have to be installed
``parses``    true for inputs and codecs that take their lines apart
``writes``    fields it writes; without them it may write any field
``reads``     fields it reads, besides those of templates in its options
``tags``      tags it sets; ``fails``: those of events it could not parse
``code``      options in which ``%{…}`` is no template
``script``    options with Ruby code in which the event can be changed
``alters``    options with which it may lose events, or add others; true if it always may
``default``   values of options that are not given
============  ==============================================================================

``writes`` and a default may differ by ECS compatibility: ``{"disabled": …, "ecs": …}``. In
these texts ``{option}`` is the value of an option, ``{option.PATH}`` a part of it:
``keys`` or ``values`` of a hash, ``*`` for each item of a list, a number for one item, ``3/4``
for each fourth beginning with that of index 3, ``parent`` for the field that holds the one
named, another word for the entry of a hash. ``{option.PATH:word}`` takes ``x`` of ``word:x``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal, TypeAlias

from toolkit.logstash.fields import ANY, Write, name_of, names_of, read_by, shown
from toolkit.logstash.ruby_code import Script

Kind: TypeAlias = Literal["input", "filter", "output", "codec"]
KINDS: tuple[Kind, ...] = ("input", "filter", "output", "codec")

_SLOT = re.compile(r"(?<!%)\{(?P<option>\w+)(?:\.(?P<path>[^}:]+))?(?::(?P<word>\w+))?\}")
_MODES = ("disabled", "ecs")
_STRANGER: Mapping[str, Any] = {
    "reads": ["{source}", "{field}"],
    "writes": ["{target}"],
    "default": {"target": shown(ANY)},
    "known": False,
    "alters": True,
}
"""A plugin of which only its options are known: it is taken to use the usual names."""


@cache
def described(kind: Kind) -> Mapping[str, Mapping[str, Any]]:
    """The plugins of a kind, by name."""
    text = resources.files(__package__).joinpath("plugins.json").read_text("utf-8")
    found = json.loads(text)[kind]
    common = found.pop("*")
    return {name: _with(common, plugin) for name, plugin in found.items()}


def _with(common: Mapping[str, Any], plugin: Mapping[str, Any]) -> Mapping[str, Any]:
    if "options" not in plugin:
        return plugin
    options = [*common["options"], *plugin["options"]]
    obsolete = {**common.get("obsolete", {}), **plugin.get("obsolete", {})}
    return {**plugin, "options": options, "obsolete": obsolete}


def bundled(kind: Kind) -> list[str]:
    """The names of the plugins that come with Logstash, sorted."""
    return [name for name, plugin in described(kind).items() if plugin.get("bundled", True)]


def is_known(name: str, kind: Kind | None = None) -> bool:
    """Return whether a plugin of this name exists, of one kind or of any."""
    return any(name in described(each) for each in ([kind] if kind else KINDS))


@dataclass(frozen=True, slots=True)
class Described:
    """A plugin by its documentation, with its options as they are given."""

    kind: Kind
    name: str
    values: Mapping[str, Any]
    ecs: str | None = None
    """The ECS compatibility of the pipeline; None where it may be any."""

    def writes(self) -> Iterator[Write]:
        """The fields it writes where it succeeds."""
        about = self._about
        reads = names_of(
            *self._expand(about.get("reads", ())),
            *(name for script in self._scripts for name in script.reads()),
        )
        code = about.get("code", ())
        templates = read_by([value for name, value in self.values.items() if name not in code])
        script = self._written_by_script()
        known = about.get("known", True) or script is not None
        variants = self._variants(about["writes"]) if script is None else [script]
        names = names_of(*(text for texts in variants for text in self._expand(texts)))
        if not names and isinstance(about["writes"], dict) and self._mode != "disabled":
            # With these options it starts without ECS compatibility only.
            values = {**self.values, "ecs_compatibility": "disabled"}
            yield from replace(self, values=values).writes()
        for name in names:
            yield Write(name, (*reads, *templates), known=known)

    @property
    def _mode(self) -> str | None:
        chosen: str | None = self.values.get("ecs_compatibility", self.ecs)
        return chosen

    @property
    def one_to_one(self) -> bool:
        """True if each event comes out, and no other one with it."""
        options = self._about.get("alters", ())
        alters = options is True or any(name in self.values for name in options)
        return not alters and all(each.one_to_one for each in self._scripts)

    def tags(self) -> Iterator[str]:
        """The tags it can set, besides those of the common options."""
        yield from self._expand(self._about.get("tags", ()))
        yield from (tag for script in self._scripts for tag in script.tags())
        yield from self.failure_tags()

    def failure_tags(self) -> Iterator[str]:
        """The tags of events it could not parse."""
        yield from self._expand(self._about.get("fails", ()))

    @property
    def _scripts(self) -> list[Script]:
        options = self._about.get("script", ())
        return [Script(str(self.values[name])) for name in options if name in self.values]

    def _written_by_script(self) -> list[str] | None:
        """The fields that its code changes; None if it has no code, or they may be any."""
        found = [script.writes() for script in self._scripts]
        if not found or any(each is None for each in found):
            return None
        return [name for each in found for name in each or ()]

    @property
    def _about(self) -> Mapping[str, Any]:
        unknown = _STRANGER if self.kind == "filter" else {"writes": []}
        about = described(self.kind).get(self.name, {})
        return about if "writes" in about else {**unknown, **about}

    def _variants(self, value: Any) -> list[Any]:
        """The entries of a description for the mode of ECS compatibility, or for both."""
        if not isinstance(value, dict):
            return [value]
        chosen = self._mode
        modes = _MODES if chosen is None else [_MODES[chosen != _MODES[0]]]
        return [value[mode] for mode in modes if mode in value]

    def _expand(self, texts: Sequence[str]) -> Iterator[str]:
        """Fill the values of options in."""
        for text in texts:
            slots = [*_SLOT.finditer(text)]
            for values in product(*map(self._slot, slots)):
                filled = text
                for slot, value in reversed([*zip(slots, values, strict=True)]):
                    alone = slot[0] == text or not value
                    part = value if alone or value[0] == "[" else f"[{value}]"
                    filled = f"{filled[: slot.start()]}{part}{filled[slot.end() :]}"
                yield filled

    def _slot(self, slot: re.Match[str]) -> list[str]:
        option, path, word = slot["option"], slot["path"], slot["word"]
        if option in self.values:
            given = [self.values[option]]
        else:
            defaults = self._variants(self._about.get("default", {}).get(option, []))
            given = [*self._expand([text for text in defaults if isinstance(text, str)])]
        found = [text for value in given for text in _walk(value, path.split(".") if path else [])]
        if word:
            found = [text.split(":")[1] for text in found if text.startswith(f"{word}:")]
        return found


def _walk(value: Any, path: list[str]) -> Iterator[str]:
    """The texts at the end of a path into the value of an option."""
    if path:
        for inner in _step(value, path[0]):
            yield from _walk(inner, path[1:])
    elif isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, str))
    elif isinstance(value, str):
        yield value


def _pairs(value: Any, listed: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The entries of a hash, be it written as an array, or as an array of pairs."""
    if isinstance(value, dict):
        yield from value.items()
    elif all(isinstance(each, list) and len(each) == 2 for each in listed):
        yield from listed
    else:
        yield from zip(listed[::2], listed[1::2], strict=False)


def _step(value: Any, step: str) -> Sequence[Any]:
    listed = value if isinstance(value, list | tuple) else [value]
    match step:
        case "*":
            return listed
        case "keys" | "values":
            return [pair[step == "values"] for pair in _pairs(value, listed)]
        case "parent":
            name = name_of(value) if isinstance(value, str) else None
            return [shown(name[:-1])] if name and len(name) > 1 else []
    if isinstance(value, dict):
        return [value[step]] if step in value else []
    if not step[:1].isdigit():
        return []
    first, _, of = step.partition("/")
    return listed[int(first) :: int(of)] if of else listed[int(first) :][:1]
