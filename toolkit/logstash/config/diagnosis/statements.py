"""Mistakes between plugins: comments, keywords, options in the wrong place."""

from __future__ import annotations

import re
from difflib import get_close_matches

from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault

_SECTIONS = ("input", "filter", "output")

_BRACES = "a section or plugin is its name and, in braces, its contents"


def comment(trouble: Trouble) -> Fault | None:
    """``//``, ``/*``, ``--``, ``;``: comments of other languages."""
    word, span = trouble.before
    if trouble.wanted == "block" and set(word) == {"-"}:
        return _comment(trouble, word, span)
    if trouble.wanted in {"statement", "section", "attribute", "hash entry"}:
        match = re.compile(r"//+|/\*|--+|;+|<!--").match(trouble.text, trouble.at)
        if match:
            return _comment(trouble, match.group(), match.span())
    return None


def _comment(trouble: Trouble, sign: str, span: tuple[int, int]) -> Fault:
    what, why = f"`{sign}` does not begin a comment", "a comment goes from `#` to the line's end"
    return Fault(what, span, "write `#` instead.", why)


def section_name(trouble: Trouble) -> Fault | None:
    """``filters {``, ``mutate {`` between the sections."""
    if trouble.cursor.opened or trouble.wanted not in {"section", "block"}:
        return None
    start = trouble.at if trouble.wanted == "section" else trouble.before[1][0]
    match = re.compile(r"[\w-]+").match(trouble.text, start)
    if match is None:
        return None
    name = match.group()
    if name in _SECTIONS:
        what, fix = f"`{{` is missing after `{name}`", f"write `{name} {{ … }}`."
        return Fault(what, match.span(), fix, _BRACES)
    near = get_close_matches(name.lower(), _SECTIONS, 1, 0.7)
    if near:
        what, fix = f"there is no section `{name}`", f"write `{near[0]}`."
    else:
        what = f"`{name}` is outside of any section"
        fix = f"put it into a section, for example `filter {{ {name} … }}`."
    why = "a configuration consists of `input`, `filter` and `output` sections"
    return Fault(what, match.span(), fix, why)


def keyword(trouble: Trouble) -> Fault | None:
    """``elsif``, and ``else`` with a condition."""
    word, span = trouble.before
    if trouble.wanted != "block":
        return None
    if word.lower() in {"elsif", "elif", "elseif", "elsefi"}:
        what, fix = f"`{word}` is not a keyword, expected `else if`", "write `else if`."
    elif word == "else":
        what = f"`else` is followed by `{trouble.here}`, expected `{{` or `if`"
        fix = "write `else if` before a condition."
    elif word.lower() in {"if", "unless", "when", "case", "while", "for"}:
        what, fix = f"`{word}` is not a keyword, expected `if`", "write `if`; `!` negates."
    else:
        return None
    return Fault(what, span, fix, "the keywords of a branch are `if`, `else if` and `else`")


def lonely_else(trouble: Trouble) -> Fault | None:
    """``else { … }`` without an ``if`` before it."""
    match = re.match(r"plugin `(else|elsif|elif|else-?if)`", trouble.construct)
    if match is None or trouble.inner is None:
        return None
    word, start = match[1], trouble.inner.start
    before = trouble.text[:start].rstrip()
    why = "`else` follows the `}` of an `if` or `else if`"
    what = f"`{word}` without an `if` before it"
    if before.endswith("}"):
        what = f"`{word}` follows a complete branch, or something else than a branch"
    return Fault(what, (start, start + len(word)), "write an `if` before it.", why)


def no_condition(trouble: Trouble) -> Fault | None:
    """``if { … }``."""
    if trouble.wanted != "condition":
        return None
    match = re.compile(r"(?:else\s*)?if").match(trouble.text, trouble.at)
    span = match.span() if match else trouble.span
    fix = 'write one, such as `if [field] == "value" {`.'
    return Fault("`if` has no condition", span, fix, "`if` requires a condition before `{`")


def no_block(trouble: Trouble) -> Fault | None:
    """``drop``, or ``add_tag => …`` outside of a plugin."""
    word, span = trouble.before
    if trouble.wanted != "block" or not trouble.cursor.opened:
        return None
    if trouble.here in {"=>", "=", ":"}:
        fix = f"put it into a plugin, for example `mutate {{ {word} => … }}`."
        why = f"the {trouble.construct} contains plugins and branches"
        return Fault(f"the option `{word}` is outside of any plugin", span, fix, why)
    fix = f"write `{word} {{ … }}`; without options `{word} {{ }}`."
    return Fault(f"the plugin `{word}` has no braces", span, fix, _BRACES)


RECOGNISERS: tuple[Recogniser, ...] = (
    comment,
    section_name,
    keyword,
    no_condition,
    no_block,
)
