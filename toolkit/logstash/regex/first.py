"""A first, rough translation of a Ruby expression for the standard library."""

from __future__ import annotations

import re

__all__ = ["translate"]

_TOKEN = re.compile(r"\\.|\(\?<(?![=!])([^>]*)>|\((?!\?)|\[\[:\^?\w+:\]|\[:\^?\w+:\]|[\[\]]|.", re.S)
_SETS = {
    "w": "a-zA-Z0-9_",
    "d": "0-9",
    "s": "\\t-\\r ",
    "h": "0-9a-fA-F",
}
_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "space": "\\s",
    "blank": " \\t",
    "upper": "A-Z",
    "lower": "a-z",
    "punct": "!-/:-@\\[-`{-~",
    "xdigit": "0-9a-fA-F",
    "word": "\\w",
    "cntrl": "\\x00-\\x1f\\x7f",
    "graph": "\\x21-\\x7e",
    "print": "\\x20-\\x7e",
}
_ESCAPES = {"A": "\\A", "z": "\\Z", "Z": "(?=\\n?\\Z)", "R": "(?:\\r\\n|[\\n-\\r])"}


def translate(pattern: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Give the expression for `re` and its named groups with their numbers."""
    named = "(?<" in re.sub(r"\(\?<[=!]", "", pattern)
    out, names, depth = [], [], 0
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if token[1] is not None and not depth:
            names.append((token[1], len(names) + 1))
            text = "("
        elif text == "(" and named and not depth:
            text = "(?:"
        elif text.startswith("\\"):
            text = _escape(text, depth)
        elif text.startswith("[") and ":" in text:
            text = ("[" if not depth else "") + _POSIX.get(text.strip("[:]^"), "")
            depth = depth or 1
        elif text == "[":
            depth += 1
            text = "[" if depth == 1 else ""
        elif text == "]" and depth:
            depth -= 1
            text = "" if depth else "]"
        elif text == "$" and not depth:
            text = "(?=\\n|\\Z)"
        out.append(text)
    return "".join(out), tuple(names)


def _escape(text: str, depth: int) -> str:
    letter = text[1]
    if letter.lower() in _SETS:
        if letter.islower():
            return _SETS[letter] if depth else f"[{_SETS[letter]}]"
        return text if depth else f"[^{_SETS[letter.lower()]}]"
    return text if depth else _ESCAPES.get(letter, text)
