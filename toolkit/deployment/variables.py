"""Variables in compose files and the files that set them.

Sources: the Compose Specification, "Interpolation" and "Set environment variables with an
.env file".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.findings import Location
from toolkit.languages.positioned import placed_in

_REFERENCE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?P<rest>[^A-Za-z_0-9])?)"
)
_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)[ \t]*[=:][ \t]*"
    r"(?:'(?P<literal>[^']*)'|\"(?P<quoted>(?:\\.|[^\"\\])*)\"|(?P<plain>[^\n]*?))"
    r"[ \t]*(?:[ \t]#[^\n]*)?\r?$",
    re.MULTILINE,
)
_OPERATORS = (":-", ":+", ":?", "-", "+", "?")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an environment."""

    value: str | None
    """None if it is set to something that the repository does not hold."""
    origin: Location
    reason: str = ""
    """Why the value is not known."""


def interpolate(text: str, lookup: Callable[[str], str | None]) -> tuple[str | None, list[str]]:
    """Fill in ``$NAME``, ``${NAME}``, ``${NAME:-default}``, ``${NAME:+other}`` and their like.

    Args:
        text: A scalar of a compose file.
        lookup: Returns the value of a variable, or None if it is not known.

    Returns:
        The text, and the names of variables without a known value; with such a name the text
        is missing.

    >>> interpolate("a:${TAG:-8.1}$$", {}.get), interpolate("$X", {}.get)
    (('a:8.1$', []), (None, ['X']))
    """
    out: list[str] = []
    missing: list[str] = []
    at = 0
    while found := _REFERENCE.search(text, at):
        out.append(text[at : found.start()])
        if found["escaped"]:
            out.append("$")
            at = found.end()
            continue
        name, end, operator, operand = _reference(text, found)
        value = _substitute(lookup(name), operator, operand, lookup, missing)
        if value is None:
            missing.append(name)
        out.append(value or "")
        at = end
    out.append(text[at:])
    return (None if missing else "".join(out)), missing


def _reference(text: str, found: re.Match[str]) -> tuple[str, int, str, str]:
    """The name, the offset behind the reference, the operator and its operand."""
    if found["name"]:
        return found["name"], found.end(), "", ""
    start, depth = found.end("braced"), 1
    end = start
    while end < len(text) and depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    inside = text[start : end - 1]
    operator = next(
        (each for each in (":-", ":+", ":?", "-", "+", "?") if inside.startswith(each)), ""
    )
    return found["braced"], end, operator, inside[len(operator) :]


def _substitute(
    value: str | None,
    operator: str,
    operand: str,
    lookup: Callable[[str], str | None],
    missing: list[str],
) -> str | None:
    given = bool(value) if operator.startswith(":") else value is not None
    kind = operator[-1:]
    if kind == "-" and not given:
        found, names = interpolate(operand, lookup)
        missing += names
        return found or ""
    if kind == "+":
        return interpolate(operand, lookup)[0] if given else ""
    return value


def read_env_file(
    text: str, source: str, lookup: Callable[[str], str | None] = lambda name: None
) -> dict[str, Variable]:
    """Read the variables of an ``.env`` file; later lines may use earlier ones.

    Args:
        text: The content of the file.
        source: Its name, for positions.
        lookup: Returns the value of a variable from elsewhere, or None.
    """
    place = placed_in(source, text)
    found: dict[str, Variable] = {}

    def known(name: str) -> str | None:
        return found[name].value if name in found else lookup(name)

    for name, start, raw, literal in _assignments(text):
        value, missing = (raw, []) if literal else interpolate(raw, known)
        reason = f"it needs {', '.join(f'`{each}`' for each in missing)}" if missing else ""
        found[name] = Variable(value, place(start, len(name)), reason)
    return found


def _assignments(text: str) -> Iterator[tuple[str, int, str, bool]]:
    """The name, its offset, the raw value of each assignment, and whether it is literal."""
    for line in _LINE.finditer(text):
        start = line.start("name")
        if line["literal"] is not None:
            yield line["name"], start, line["literal"], True
        elif line["quoted"] is not None:
            unescaped = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), line["quoted"])
            yield line["name"], start, unescaped, False
        else:
            yield line["name"], start, line["plain"].split(" #")[0].strip(), False


def values_of(variables: Mapping[str, Variable]) -> dict[str, str]:
    """The values that are known."""
    return {name: each.value for name, each in variables.items() if each.value is not None}
