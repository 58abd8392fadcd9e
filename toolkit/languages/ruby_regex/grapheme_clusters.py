r"""The expression that ``\X`` abbreviates."""

from __future__ import annotations

from functools import cache

from toolkit.languages.ruby_regex.parser import parse
from toolkit.languages.ruby_regex.scanner import RegexFlags
from toolkit.languages.ruby_regex.tree import RegexNode

_PART = r"\p{Grapheme_Cluster_Break=%s}"
_EXTEND, _JOINER, _PREPEND, _SPACING, _CONTROL = (
    _PART % name for name in ("Extend", "ZWJ", "Prepend", "SpacingMark", "Control")
)
_L, _V, _T, _LV, _LVT = (_PART % name for name in ("L", "V", "T", "LV", "LVT"))
_HANGUL = rf"{_L}*(?:{_V}+|{_LV}{_V}*|{_LVT}){_T}*|{_L}+|{_T}+"
_FLAG = r"\p{Regional_Indicator}{2}"
_PICTURES = rf"\p{{Extended_Pictographic}}(?:{_EXTEND}*{_JOINER}\p{{Extended_Pictographic}})*"
_CORE = rf"(?:{_HANGUL}|{_FLAG}|{_PICTURES}|[^\r\n{_CONTROL}])"
_BEHIND = f"[{_EXTEND}{_JOINER}{_SPACING}]*"
_ANY = r"[\0-\u{10FFFF}]"
_CLUSTER = rf"(?>\r\n|[\r\n{_CONTROL}]|{_PREPEND}*{_CORE}{_BEHIND}|{_ANY})"


@cache
def cluster() -> RegexNode:
    r"""The tree of ``\X``: an extended grapheme cluster of Unicode 15."""
    return parse(_CLUSTER, RegexFlags()).body
