"""Letter case: which characters and strings are the same once case is nothing."""

from __future__ import annotations

from functools import cache

from toolkit.languages.ruby_regex.codes import ASCII, Codes

_LAST_CASED = 0x1E943


def fold(text: str) -> str:
    """The text with all letter case removed (full Unicode case folding)."""
    return text.casefold()


@cache
def _unfolded() -> dict[str, tuple[str, ...]]:
    """For each folded string, the characters other than itself that fold to it."""
    table: dict[str, list[str]] = {}
    for character in map(chr, range(_LAST_CASED + 1)):
        folded = character.casefold()
        if folded != character:
            table.setdefault(folded, []).append(character)
    return {folded: tuple(characters) for folded, characters in table.items()}


def folds_to(folded: str) -> Codes:
    """The characters that fold to ``folded``, itself included where it is one character.

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
    r"""``codes`` with all that differs from a member by case only.

    Only members of ``crossing`` bring in letters across the border of ASCII: ``\w`` does
    not grow by the Kelvin sign.
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
    """The strings of several characters that members of ``codes`` fold to."""
    strings = {folded for code, folded in _cased() if len(folded) > 1 and code in codes}
    return tuple(sorted(strings))
