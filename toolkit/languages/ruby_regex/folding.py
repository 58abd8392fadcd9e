"""Letter case: the characters and strings that are equal if case is ignored."""

from __future__ import annotations

from functools import cache

from toolkit.languages.ruby_regex.codes import ASCII, Codes

_LAST_CASED = 0x1E943


def fold(text: str) -> str:
    """Return the full Unicode case folding of a text."""
    return text.casefold()


@cache
def _unfolded() -> dict[str, tuple[str, ...]]:
    """The characters that fold to each string, other than itself."""
    table: dict[str, list[str]] = {}
    for character in map(chr, range(_LAST_CASED + 1)):
        folded = character.casefold()
        if folded != character:
            table.setdefault(folded, []).append(character)
    return {folded: tuple(characters) for folded, characters in table.items()}


def folds_to(folded: str) -> Codes:
    """Return the characters that fold to ``folded``, itself included if it is one character.

    >>> [f"{low:x}" for low, _ in folds_to("ss").ranges]
    ['df', '1e9e']
    """
    characters = _unfolded().get(folded, ())
    same = (folded,) if len(folded) == 1 and fold(folded) == folded else ()
    return Codes.of(*((ord(c),) * 2 for c in (*characters, *same)))


@cache
def _cased() -> tuple[tuple[int, str], ...]:
    table = _unfolded()
    cased = {c for characters in table.values() for c in characters}
    cased.update(folded for folded in table if len(folded) == 1)
    return tuple((ord(c), fold(c)) for c in sorted(cased))


def close(codes: Codes, crossing: Codes) -> Codes:
    r"""Add to ``codes`` all that differs from a member by case only.

    Only members of ``crossing`` add letters across the border of ASCII: ``(?i)\w`` does
    not match the Kelvin sign, though it is a capital k.
    """
    added: list[tuple[int, int]] = []
    for code, folded in _cased():
        if code in codes:
            for low, high in folds_to(folded).ranges:
                added.extend(
                    (other, other)
                    for other in range(low, high + 1)
                    if (other in ASCII) == (code in ASCII) or code in crossing
                )
    return codes | Codes.of(*added)


def strings_of(codes: Codes) -> tuple[str, ...]:
    """Return the strings of several characters that members of ``codes`` fold to."""
    strings = {folded for code, folded in _cased() if len(folded) > 1 and code in codes}
    return tuple(sorted(strings))
