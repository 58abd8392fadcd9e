"""Captures as JSON, by a template of the hash with gaps for the values.

One template serves all lines in which the same captures participate, which are most lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from toolkit.logstash.event.values import to_json
from toolkit.logstash.grok.expression import Capture
from toolkit.reports.grok.numbers import PRINTERS

Groups: TypeAlias = "Sequence[str | None]"
"""The texts of all groups of a match from group 1 on; None if one did not participate."""
Print: TypeAlias = Callable[[Groups], str]
"""Returns the captures as JSON."""

_MOST = 1024
_GAP = "\0"
_Path: TypeAlias = "tuple[str, ...]"
_Printer: TypeAlias = Callable[[str], str]


class _Template(NamedTuple):
    pick: Callable[[Groups], Sequence[str]]
    """Selects the printed texts, in order."""
    numbers: Sequence[tuple[int, int, _Printer]]
    """The numbers among them: index of the text, index of the piece, printer."""
    pieces: list[str]
    """The JSON; every second piece is a gap."""


def template_printer(captures: Mapping[_Path, Capture]) -> Print:
    """Return a function that prints each capture at its path, without empty captures.

    >>> captures = {("a", "b"): Capture("[a][b]", 1), ("c",): Capture("c", 2, "float")}
    >>> shown = template_printer(captures)
    >>> shown(["x", "1.50"]), shown([None, ""])
    ('{"a":{"b":"x"},"c":1.5}', '{"c":0.0}')
    """
    tree = _tree({path: capture.group - 1 for path, capture in captures.items()})
    numbers = {c.group - 1: PRINTERS[c.type] for c in captures.values() if c.type in PRINTERS}
    template_of = lru_cache(_MOST)(lambda *there: _template(tree, numbers, there))
    whole = template_of(*[True] * len(captures))

    def partly(groups: Groups) -> tuple[_Template, Groups]:
        if numbers and "" in groups:
            groups = ["0" if g == "" and at in numbers else g for at, g in enumerate(groups)]
        return template_of(*map(bool, groups)), groups

    def shown(groups: Groups) -> str:
        template, groups = (whole, groups) if all(groups) else partly(groups)
        texts, pieces = template.pick(groups), template.pieces.copy()
        pieces[1::2] = map(encode_basestring, texts)
        for place, piece, number in template.numbers:
            pieces[piece] = number(texts[place])
        return "".join(pieces)

    return shown


def _template(tree: _Tree, numbers: Mapping[int, _Printer], there: Sequence[bool]) -> _Template:
    written, places = _written(tree, there)
    between = written.split(_GAP)
    pieces = [""] * (2 * len(places) + 1)
    pieces[::2] = between
    found = [
        (at, 2 * at + 1, numbers[place]) for at, place in enumerate(places) if place in numbers
    ]
    return _Template(_picking(places), found, pieces)


def _picking(places: Sequence[int]) -> Callable[[Groups], Any]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda groups: [groups[place] for place in places]


_Tree: TypeAlias = "list[tuple[str, int, _Tree | None]]"
"""The keys of a hash as JSON, each with the index of its text, or with the tree below it."""


def _tree(places: Mapping[_Path, int]) -> _Tree:
    below: dict[str, dict[_Path, int]] = {}
    for (name, *rest), place in places.items():
        below.setdefault(f"{to_json(name)}:", {})[tuple(rest)] = place
    return [
        (key, inner[()], None) if () in inner else (key, 0, _tree(inner))
        for key, inner in below.items()
    ]


def _written(tree: _Tree, there: Sequence[bool]) -> tuple[str, list[int]]:
    """Return a hash with a gap for each present text, and the indices of these texts."""
    parts: list[str] = []
    places: list[int] = []
    for key, place, below in tree:
        inner, found = (_GAP, [place] * there[place]) if below is None else _written(below, there)
        if found:
            parts.append(key + inner)
            places += found
    return f"{{{','.join(parts)}}}", places
