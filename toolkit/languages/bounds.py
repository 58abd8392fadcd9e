"""How much of a text is read: a few bytes must not cost minutes, gigabytes or the stack."""

from __future__ import annotations

from toolkit.errors import InputError
from toolkit.findings import Finding, Location

DEEPEST = 100
"""Levels of nesting; what people write has some 40 at most, in CustomResourceDefinitions."""
MOST = 250_000
"""Values of one document, aliases written out; an object of Kubernetes has 1.5 MB at most."""
LARGEST = 16 * 2**20
"""Characters of a text."""
_MORE = "more is not read: it could exhaust the memory"


def too_deep(what: str, where: Location, levels: int = DEEPEST) -> InputError:
    """Return the error for a text that is nested too deep.

    Args:
        what: The text, as named in messages.
        where: The place of the first level too many.
        levels: Maximum number of levels.
    """
    fault = f"{what} is nested more than {levels} levels deep"
    why = "deeper nesting is not read: it could exhaust the memory or the stack"
    return InputError(Finding(fault, where, why, "write it with fewer levels."))


def too_many(what: str, where: Location) -> InputError:
    """The error for a text of which the value at ``where`` is one too many."""
    fault = f"{what} holds more than {MOST:,} values, those that aliases repeat included"
    fix = "write it with fewer aliases (`*name`), or split it into several documents."
    return InputError(Finding(fault, where, _MORE, fix))


def too_large(what: str, where: Location, length: int) -> InputError:
    """Return the error for a text that is too long.

    Args:
        what: The text, as named in messages.
        where: Its place.
        length: Number of characters.
    """
    fault = f"{what} has {length:,} characters, more than {LARGEST:,}"
    return InputError(Finding(fault, where, _MORE, "split it into several files."))
