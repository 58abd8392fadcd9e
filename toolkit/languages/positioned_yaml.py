"""YAML texts whose values have positions, read as the program they are for reads them.

The documents of a text are read one by one: a broken one does not keep the others from being
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.languages.bounds import LARGEST, too_large
from toolkit.languages.positioned import Positioned, Span, placed_in
from toolkit.languages.positioned_json import parse_json_stream
from toolkit.languages.yaml_composer import Composer, Malformed
from toolkit.languages.yaml_dialects import Dialect


class Documents(NamedTuple):
    """The documents of a text that can be read, and why the others cannot."""

    found: tuple[Positioned, ...]
    faults: tuple[Finding, ...]


def read_documents(
    text: str, source: str, dialect: Dialect, *, what: str, fix: str = "correct the line."
) -> Documents:
    """Read all documents of a text.

    Args:
        text: What the file holds.
        source: The name of the file, for positions.
        dialect: The program that the file is for.
        what: What the file is, such as ``the manifest``.
        fix: What to do about a fault.
    """
    place = placed_in(source, text)
    if len(text) > LARGEST:
        return Documents((), too_large(what, place(0, 1), len(text)).findings)
    if dialect.json and text.lstrip().startswith("{"):
        with suppress(InputError):
            return Documents(parse_json_stream(text, place), ())
    found: list[Positioned] = []
    faults: list[Finding] = []
    for start, end in _chunks(text):
        composer = Composer(text[start:end], start, dialect, what, place)
        try:
            found += composer.documents(text)
        except InputError as error:
            faults += error.findings
        except Malformed as error:
            faults.append(_not_yaml(what, error, place(error.at, error.width), fix))
    return Documents(tuple(found), tuple(faults))


def read_document(
    text: str, source: str, dialect: Dialect, *, what: str, fix: str = "correct the line."
) -> Positioned:
    """Read a text of one document, empty ones apart; it holds None if all are empty.

    Args:
        text: What the file holds.
        source: The name of the file, for positions.
        dialect: The program that the file is for.
        what: What the file is, such as ``the contract``.
        fix: What to do about a fault.

    Raises:
        InputError: It is malformed, exceeds a bound, or has several documents.
    """
    found, faults = read_documents(text, source, dialect, what=what, fix=fix)
    if faults:
        raise InputError(*faults)
    first, *others = [each for each in found if each.value is not None] or [
        Positioned(text, None, placed_in(source, text), lambda: (Span(0, 0), ()))
    ]
    for each in others:
        problem = Malformed("another document begins here", each.span.start)
        raise InputError(_not_yaml(what, problem, each.locate(), "keep one document."))
    return first


def _not_yaml(what: str, problem: Malformed, where: Location, fix: str) -> Finding:
    tab = "\t" in where.excerpt[: where.column]
    return Finding(
        what=f"{what} is not valid YAML",
        where=where,
        why=f"YAML says: {problem}",
        fix="indent with blanks: in YAML a tab is no indentation." if tab else fix,
    )


_SEPARATOR = re.compile(r"^---(?=[ \t\r\n]|\Z)(?:[ \t]*(?:#.*)?\r?\n\ufeff?)?", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between separators, which belong to what follows beside them.

    So does a directive.
    """
    start = 1 if text.startswith("\ufeff") else 0
    for found in _SEPARATOR.finditer(text, start):
        if _ends_with_directive(text[start : found.start()]):
            continue
        yield start, found.start()
        alone = found[0] != "---"
        start = found.end() if alone else found.start()
    yield start, len(text)


def _ends_with_directive(chunk: str) -> bool:
    if not _DIRECTIVE.search(chunk):
        return False
    lines = [line for line in chunk.split("\n") if line.strip() and not line.startswith("#")]
    return lines[-1].startswith("%")
