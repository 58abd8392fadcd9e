"""How the programs that our files are for read YAML: its scalars and its merges.

They are written in Go; its YAML libraries know neither base 60 nor ``=``, and what looks like
a date stays a text.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Booleans: TypeAlias = Mapping[str, bool]
_PREFIX = "tag:yaml.org,2002:"


def _spelt(*words: str) -> Iterable[str]:
    return (spelt for word in words for spelt in (word, word.capitalize(), word.upper()))


FALSE_AND_TRUE: Booleans = {
    **dict.fromkeys(_spelt("false"), False),
    **dict.fromkeys(_spelt("true"), True),
}
YES_AND_NO: Booleans = {
    **FALSE_AND_TRUE,
    **dict.fromkeys(_spelt("no", "off"), False),
    **dict.fromkeys(_spelt("yes", "on"), True),
}
Y_AND_N: Booleans = {
    **YES_AND_NO,
    **dict.fromkeys(_spelt("n"), False),
    **dict.fromkeys(_spelt("y"), True),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a program reads YAML."""

    booleans: Booleans
    merge: Literal["", "in order", "own keys win"] = ""
    """The effect of ``<<``; empty where it is a key like any other."""
    json: bool = False
    """True if it converts all to JSON: keys become texts, and `.inf` is refused."""


CONTRACT = Dialect(YES_AND_NO)
GO_YAML_2 = Dialect(Y_AND_N, "in order")
"""Filebeat's."""
GO_YAML_3 = Dialect(FALSE_AND_TRUE, "own keys win")
"""Prometheus'."""
KUBECTL = replace(GO_YAML_2, json=True)
"""sigs.k8s.io/yaml, which rests on go-yaml 2."""

_NULLS = frozenset({"", "~", *_spelt("null")})
_INFINITY = (".inf", ".Inf", ".INF")
_SPECIAL = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(f"{sign}inf") for sign in ("", "+", "-") for word in _INFINITY},
}
_WHOLE = re.compile(
    r"[-+]?(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def resolve(text: str, booleans: Booleans) -> str | int | float | bool | None:
    """Return the value of a plain scalar.

    >>> [resolve(each, Y_AND_N) for each in ("1_000", "010", "12:30", "=", "yes", "1e3")]
    [1000, 8, '12:30', '=', True, 1000.0]
    """
    if text in _NULLS:
        return None
    if text in booleans:
        return booleans[text]
    if text in _SPECIAL:
        return _SPECIAL[text]
    return _number(text) if text[0] in "+-.0123456789" else text


def _number(text: str) -> str | int | float:
    plain = text if text[0] == "." else text.replace("_", "")
    if len(plain) < 80 and (found := _WHOLE.fullmatch(plain)):
        base, digits = next((base, found[n]) for n, base in _BASES.items() if found[n])
        whole = int(digits, base) * (-1 if plain[0] == "-" else 1)
        if -(2**63) <= whole < 2 ** (63 if plain[0] in "+-" else 64):
            return whole
    if _FLOAT.fullmatch(plain):
        value = float(plain)
        return text if value in (float("inf"), float("-inf")) else value
    return text


def tagged(text: str, tag: str, booleans: Booleans) -> str | int | float | bool | None:
    """Return the value of a scalar that has a tag.

    Tags that YAML itself does not define leave the text as it is.

    Args:
        text: The scalar.
        tag: Its tag, with or without the prefix of YAML.
        booleans: The words of the dialect.

    Raises:
        ValueError: The text does not fit the tag.
    """
    kind = tag.removeprefix(_PREFIX)
    if kind == "binary":
        return b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    if tag == kind or kind not in _KINDS:
        return text
    value = text if kind == "timestamp" else resolve(text, booleans)
    if kind == "float" and type(value) is int:
        return float(value)
    if type(value) is not _KINDS[kind]:
        raise ValueError(f"cannot decode `{text}` as a !!{kind}")
    return value


_KINDS = {
    "bool": bool,
    "int": int,
    "float": float,
    "null": type(None),
    "timestamp": str,
}
