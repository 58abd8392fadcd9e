r"""The notation in which our own pattern definitions are stored (folder ``patterns``).

A file is made of blocks: a line that begins at the margin, and indented lines that belong
to it. ``#`` begins a line of comment.

Definitions::

    NAME regex, which may be long
        and goes on here: pieces are put together as they are
         and a fifth blank belongs to the piece
    X_ENDPOINTS ":"
        IP source.ip
        INT source.port
    COLUMNS "\t"
        %{X_ENDPOINTS}
        \[%{HTTPDATE:timestamp}\]
        -|INT http.request.bytes http.response.bytes
        ?
        DATA user_agent.original
    OTHER < COLUMNS
        "DATA" "NOTSPACE"

A quoted joiner goes between the pieces. Such a piece may be a column, ``SYNTAX field``, or
several of one syntax; ``-|`` before it is the text in place of a missing value, as it is
in ``%{-|X}``, which is ``(?:-|%{X})``. The part after ``?`` may be absent as a whole. A name
in ``X_`` is not a pattern of its own: its definition is inserted where it is named. ``<`` takes
the definition of another pattern and edits it as a table does. A field is written as in ECS,
``source.port``; the reference ``[source][port]`` and the type come from a table of fields.

Tables have a header, and names below it: fields of a type, or renamings of captures, each
with the name of the capture and what takes its place.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping

_TOKEN = re.compile(r"%\{(?P<syntax>\w+):(?P<capture>[^}\[]+)\}|\(\?<(?P<group>[a-z@][^>\[]*)>")
_OPTIONAL = re.compile(r"%\{(?P<absent>[^|}]+)\|(?P<token>[^}]*)\}")
_RENAMED = re.compile(r"%\{(?P<syntax>\w+)(?::(?P<capture>[^}]+))?\}|\(\?<(?P<group>[a-z@][^>]*)>")
_ALTERNATIVE = r"(?:\g<absent>|%{\g<token>})"
_BLOCK = re.compile(r"^(?P<header>[^#\s].*)\n(?P<lines>(?: {4}.*\n)*)", re.MULTILINE)
_JOINED = re.compile(r'"(?P<joiner>.*)"')
_COLUMN = re.compile(r"(?P<absent>\S+\|)?(?P<syntax>[A-Z]\w+)(?P<fields>(?: [^ %]+)+)")
_PRIVATE = re.compile(r"%\{(?P<name>X_\w+)\}")


def read_blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the header of each block and its lines, without their indentation."""
    for block in _BLOCK.finditer(text):
        yield block["header"], [line[4:] for line in block["lines"].splitlines()]


def read_definitions(text: str) -> dict[str, str]:
    r"""Read a file of definitions.

    >>> read_definitions('PAIR "="\n    WORD name\n    -|INT low high\n    ?\n    !\n')
    {'PAIR': '%{WORD:name}=(?:-|%{INT:low})=(?:-|%{INT:high})(?:=!)?'}
    >>> read_definitions("X_SIGN [+-]\nSUM %{INT}%{X_SIGN}%{INT}\nTOTAL < SUM\n    INT a\n")
    {'SUM': '%{INT}(?:[+-])%{INT}', 'TOTAL': '%{INT:a}(?:[+-])%{INT:a}'}
    """
    definitions: dict[str, str] = {}
    for header, lines in read_blocks(text):
        name, _, start = header.partition(" ")
        if start.startswith("< "):
            definitions[name] = _edit(definitions[start[2:]], lines)
            continue
        joined = _JOINED.fullmatch(start)
        regex = _join(lines, joined["joiner"]) if joined else start + "".join(lines)
        definitions[name] = _PRIVATE.sub(
            lambda token: f"(?:{definitions[token['name']]})", _alternatives(regex)
        )
    return {name: regex for name, regex in definitions.items() if not name.startswith("X_")}


def _join(lines: list[str], joiner: str) -> str:
    first, *others = "\n".join(lines).split("\n?\n")
    parts = [joiner.join(_columns(part)) for part in (first, *others)]
    return parts[0] + "".join(f"(?:{joiner}{part})?" for part in parts[1:])


def _columns(lines: str) -> Iterator[str]:
    for line in lines.split("\n"):
        column = _COLUMN.fullmatch(line)
        if column is None:
            yield line
        else:
            start = f"%{{{column['absent'] or ''}{column['syntax']}:"
            yield from (f"{start}{field}}}" for field in column["fields"].split())


def read_types(text: str) -> dict[str, str]:
    r"""Read a table of fields: the type of each.

    >>> read_types("int\n    source.port url.port\n")
    {'source.port': 'int', 'url.port': 'int'}
    """
    return {
        field: header
        for header, lines in read_blocks(text)
        for line in lines
        for field in line.split()
    }


def write_references(regex: str, types: Mapping[str, str]) -> str:
    """Write the fields of a definition as references, with their types.

    >>> write_references("%{INT:source.port} (?<url.path>x)", {"source.port": "int"})
    '%{INT:[source][port]:int} (?<[url][path]>x)'
    """

    def written(token: re.Match[str]) -> str:
        field = token["capture"] or token["group"]
        reference = f"[{field.replace('.', '][')}]" if "." in field else field
        if field in types:
            reference += f":{types[field]}"
        return f"(?<{reference}>" if token["group"] else f"%{{{token['syntax']}:{reference}}}"

    return _TOKEN.sub(written, regex)


def rename(definitions: Mapping[str, str], table: str) -> dict[str, str]:
    r"""Give the captures of ``definitions`` their new names.

    A header of the table names the patterns, as globs; of several blocks that name one
    capture, the last applies. ``NEW < OLD`` copies a pattern first. A renaming is
    ``old new``, or ``old SYNTAX:new``, with ``-|`` before either for what may be a dash
    instead; or ``old`` alone where nothing is captured any more. A token without a capture is
    found by its syntax. ``"old text" "new text"`` puts one text in the place of another before
    anything is renamed.

    >>> table = 'P*\n    a\n    b d\n    c -|INT:e\n    WORD w\n    "x" "yx"\n'
    >>> rename({"P": "%{DATA:a} %{DATA:b} %{DATA:c} x%{WORD}"}, table)
    {'P': '%{DATA} %{DATA:d} (?:-|%{INT:e}) yx%{WORD:w}'}
    """
    blocks = [(*header.partition(" < "), lines) for header, lines in read_blocks(table)]
    all_definitions = {
        **definitions,
        **{new: definitions[old] for new, _, old, _ in blocks if old},
    }
    lines: dict[str, list[str]] = {}
    for globs, _, _, block in blocks:
        for name in dict.fromkeys(_meant(all_definitions, globs)):
            lines.setdefault(name, []).extend(block)
    return {
        name: _edit(regex, lines[name]) if name in lines else regex
        for name, regex in all_definitions.items()
    }


def _meant(definitions: Mapping[str, str], header: str) -> Iterator[str]:
    for glob in header.split():
        if glob in definitions:
            yield glob
        else:
            yield from fnmatch.filter(definitions, glob)


def _edit(regex: str, lines: list[str]) -> str:
    names: dict[str, str] = {}
    for line in lines:
        if line.startswith('"'):
            old, _, new = line[1:-1].partition('" "')
            regex = regex.replace(_alternatives(old), new)
        else:
            old, _, new = line.partition(" ")
            names[old] = new
    return _alternatives(_RENAMED.sub(lambda token: _renamed(token, names), regex))


def _alternatives(regex: str) -> str:
    return _OPTIONAL.sub(_ALTERNATIVE, regex)


def _renamed(token: re.Match[str], names: Mapping[str, str]) -> str:
    old = (token["capture"] or token["group"] or token["syntax"]).split(":")[0]
    if old not in names:
        return token[0]
    absent, bar, new = names[old].rpartition("|")
    if token["group"]:
        return f"(?<{new}>"
    syntax, _, field = new.rpartition(":")
    name = f"{syntax or token['syntax']}{':' if field else ''}{field}"
    return f"%{{{absent}{bar}{name}}}"
