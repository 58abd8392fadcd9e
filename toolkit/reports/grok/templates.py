"""Captures printed by filling in a form: a hash as JSON, with gaps for what is captured.

One form serves all lines in which the same captures took part, and these are most lines.
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
"""The texts of all groups of a match, the first being group 1; None where one took no part."""
Print: TypeAlias = Callable[[Groups], str]
"""Makes JSON of what was captured."""

_MOST = 1024
_GAP = "\0"
_Path: TypeAlias = "tuple[str, ...]"
_Printer: TypeAlias = Callable[[str], str]


class _Form(NamedTuple):
    pick: Callable[[Groups], Sequence[str]]
    """Takes the texts that are printed, in their order."""
    numbers: Sequence[tuple[int, int, _Printer]]
    """Which of these are no strings, and which pieces they become."""
    pieces: list[str]
    """What is printed; each second piece is a gap."""


def forms(captures: Mapping[_Path, Capture]) -> Print:
    """Print each capture at its path. What took no part, or is an empty string, is left out.

    >>> shown = forms({("a", "b"): Capture("[a][b]", 1), ("c",): Capture("c", 2, "float")})
    >>> shown(["x", "1.50"]), shown([None, ""])
    ('{"a":{"b":"x"},"c":1.5}', '{"c":0.0}')
    """
    tree = _tree({path: capture.group - 1 for path, capture in captures.items()})
    numbers = {c.group - 1: PRINTERS[c.type] for c in captures.values() if c.type in PRINTERS}
    form_of = lru_cache(_MOST)(lambda *there: _form(tree, numbers, there))
    whole = form_of(*[True] * len(captures))

    def partly(groups: Groups) -> tuple[_Form, Groups]:
        if numbers and "" in groups:
            groups = ["0" if g == "" and at in numbers else g for at, g in enumerate(groups)]
        return form_of(*map(bool, groups)), groups

    def shown(groups: Groups) -> str:
        form, groups = (whole, groups) if all(groups) else partly(groups)
        texts, pieces = form.pick(groups), form.pieces.copy()
        pieces[1::2] = map(encode_basestring, texts)
        for place, piece, number in form.numbers:
            pieces[piece] = number(texts[place])
        return "".join(pieces)

    return shown


def _form(tree: _Tree, numbers: Mapping[int, _Printer], there: Sequence[bool]) -> _Form:
    written, places = _written(tree, there)
    between = written.split(_GAP)
    pieces = [""] * (2 * len(places) + 1)
    pieces[::2] = between
    found = [
        (at, 2 * at + 1, numbers[place]) for at, place in enumerate(places) if place in numbers
    ]
    return _Form(_picking(places), found, pieces)


def _picking(places: Sequence[int]) -> Callable[[Groups], Any]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda groups: [groups[place] for place in places]


_Tree: TypeAlias = "list[tuple[str, int, _Tree | None]]"
"""The keys of a hash as JSON, each with the place of its text, or with the tree below it."""


def _tree(places: Mapping[_Path, int]) -> _Tree:
    below: dict[str, dict[_Path, int]] = {}
    for (name, *rest), place in places.items():
        below.setdefault(f"{to_json(name)}:", {})[tuple(rest)] = place
    return [
        (key, inner[()], None) if () in inner else (key, 0, _tree(inner))
        for key, inner in below.items()
    ]


def _written(tree: _Tree, there: Sequence[bool]) -> tuple[str, list[int]]:
    """A hash with a gap for each text that is there, and the places of these."""
    parts: list[str] = []
    places: list[int] = []
    for key, place, below in tree:
        inner, found = (_GAP, [place] * there[place]) if below is None else _written(below, there)
        if found:
            parts.append(key + inner)
            places += found
    return f"{{{','.join(parts)}}}", places
