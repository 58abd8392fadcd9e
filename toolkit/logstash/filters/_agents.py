"""Parsing of user agent strings, as the plugin's Java parser does.

The regular expressions are uap-core's. The plugin has those of release 0.12.0 (2021),
ua-parser-builtins has newer ones. Of these, those are used that 0.12.0 had too, or that took
the place of one it had: ``uap_core_0_12_0.txt`` lists their checksums. Of the 17,831 names
this was measured with, 38 browsers, 14 operating systems and 7 devices are then not what the
plugin makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from zlib import crc32

from toolkit.logstash.event import ruby

if TYPE_CHECKING:
    from ua_parser import OS, Parser, UserAgent


@cache
def parser() -> Parser:
    """Load the parser; it remembers the names it has seen last."""
    from ua_parser import Parser, load_lazy_builtins

    agents, systems, devices = load_lazy_builtins()
    known = _known()
    return Parser.from_matchers(
        (_filtered(agents, known), _filtered(systems, known), _filtered(devices, known))
    )


def _known() -> frozenset[int]:
    text = resources.files(__package__).joinpath("uap_core_0_12_0.txt").read_text("ascii")
    return frozenset(int(checksum, 16) for checksum in text.split())


def _filtered(matchers: list[Any], known: frozenset[int]) -> list[Any]:
    return [matcher for matcher in matchers if crc32(matcher.regex.encode()) in known]


def agent_parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is known of an agent, by the names of the fields in legacy mode.

    >>> [part for part in agent_parts("curl/8.5") if not part[0].startswith("os")]
    [('name', 'curl'), ('device', 'Other'), ('major', '8'), ('minor', '5'), ('version', '8.5')]
    """
    found = parser().parse(text).with_defaults()
    agent, system = found.user_agent, found.os
    yield "name", agent.family
    yield "device", found.device.family
    yield from _numbers("", agent)
    if agent.major is not None:
        yield "version", _version(text, agent)
    yield from _numbers("os_", system)
    version = _system_version(system)
    if version is not None:
        yield "os_version", version
    yield "os_name", system.family
    yield "os", system.family
    yield "os_full", system.family if version is None else f"{system.family} {version}"


def _numbers(prefix: str, found: UserAgent | OS) -> Iterator[tuple[str, str]]:
    for name, number in (
        ("major", found.major),
        ("minor", found.minor),
        ("patch", found.patch),
    ):
        if number is not None:
            yield prefix + name, number


def _version(text: str, agent: UserAgent) -> str:
    known = _known_parts(agent.major, agent.minor, agent.patch, agent.patch_minor)
    version = ".".join(known)
    return _with_fourth_number(text, version) if len(known) == 3 else version


def _with_fourth_number(text: str, version: str) -> str:
    """Add the number that follows a version in the text up to the next blank, if any."""
    _, found, rest = text.partition(version + ".")
    number, blank, _ = rest.partition(" ")
    is_first = text.find(version) == text.find(version + ".")
    if found and is_first and blank and str(ruby.to_i(number)) == number:
        return f"{version}.{number}"
    return version


def _system_version(system: OS) -> str | None:
    numbers = _known_parts(system.minor, system.patch, system.patch_minor)
    if system.major is None or not numbers:
        return system.major
    # Only a number is followed by a point: `10.15`, `XP 2`.
    mark = "." if str(ruby.to_i(system.major)) == system.major else " "
    return system.major + mark + ".".join(numbers)


def _known_parts(*parts: str | None) -> list[str]:
    """Return the parts before the first that is missing."""
    return [str(part) for part in takewhile(lambda part: part is not None, parts)]
