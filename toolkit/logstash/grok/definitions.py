"""The pattern definitions that come with Logstash, and files of further ones.

The legacy set is the one pygrok bundles, edited where it has changed since, and what is new
in it; the ECS set is the legacy one, its captures renamed to ECS fields, and what is new in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from toolkit.logstash.grok import notation

_LINE_END = re.compile(r"(?:\r?\n|\r)\Z")
_LINE = re.compile(r"\s*(?P<name>[^\s#]\S*)\s+(?P<regex>.*)", re.DOTALL | re.ASCII)


def parse_definitions(text: str) -> dict[str, str]:
    r"""Read a file of definitions as jls-grok does: a name, blanks, a regex.

    Lines that begin with ``#`` are comment; blanks at the end belong to the regex.

    >>> parse_definitions("# ours\nID  [a-z]+ \n\n  HEX \\h+")
    {'ID': '[a-z]+ ', 'HEX': '\\h+'}
    """
    lines = (_LINE.fullmatch(line) for line in re.findall(r"[^\n]*\n|[^\n]+", text))
    return {line["name"]: chomp(line["regex"]) for line in lines if line}


def chomp(text: str) -> str:
    """Take one line end off, as Ruby's ``chomp`` does."""
    return _LINE_END.sub("", text)


@cache
def shipped_definitions(*, ecs: bool) -> Mapping[str, str]:
    """Return the definitions grok starts with: the ECS set, or the legacy one."""
    return MappingProxyType(_ecs() if ecs else _legacy())


def _legacy() -> dict[str, str]:
    changed = notation.rename(bundled_definitions(), _ours("legacy-changed"))
    return changed | notation.read_definitions(_ours("legacy"))


def _ecs() -> dict[str, str]:
    types = notation.read_types(_ours("ecs-v1-types"))
    renamed = notation.rename(shipped_definitions(ecs=False), _ours("ecs-v1-renamed"))
    definitions = renamed | notation.read_definitions(_ours("ecs-v1"))
    return {name: notation.write_references(regex, types) for name, regex in definitions.items()}


def bundled_definitions() -> dict[str, str]:
    """Return the older definitions that pygrok bundles."""
    # Importing pygrok would compile its sources, warnings included: its data is enough.
    spec = find_spec("pygrok")
    folders = spec.submodule_search_locations if spec else None
    definitions: dict[str, str] = {}
    for file in sorted(Path((folders or [""])[0], "patterns").iterdir()):
        definitions |= parse_definitions(file.read_text("utf-8"))
    return definitions


def _ours(name: str) -> str:
    return Path(__file__).with_name("patterns").joinpath(name).read_text("utf-8")
