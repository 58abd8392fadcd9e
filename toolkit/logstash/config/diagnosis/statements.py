"""What goes wrong between plugins: comments, keywords, options in the wrong place."""

from __future__ import annotations

import re
from difflib import get_close_matches

from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault

_SECTIONS = ("input", "filter", "output")
_KEYWORDS = "the keywords of a branch are `if`, `else if` and `else`"
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
    what = f"`{sign}` begins no comment"
    return Fault(
        what, span, "write `#` instead.", "a comment goes from `#` to the end of its line"
    )


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
        return Fault(
            f"`{name}` is followed by no `{{`", match.span(), f"write `{name} {{ … }}`.", _BRACES
        )
    near = get_close_matches(name.lower(), _SECTIONS, 1, 0.7)
    if near:
        fix = f"write `{near[0]}`."
        return Fault(f"there is no section `{name}`", match.span(), fix, _SIDE_BY_SIDE)
    fix = f"put it into a section: `filter {{ {name} … }}`, say."
    return Fault(f"`{name}` stands outside of any section", match.span(), fix, _SIDE_BY_SIDE)


_SIDE_BY_SIDE = "a configuration consists of `input`, `filter` and `output` sections"


def keyword(trouble: Trouble) -> Fault | None:
    """``elsif``, and ``else`` with a condition."""
    word, span = trouble.before
    if trouble.wanted != "block":
        return None
    if word.lower() in {"elsif", "elif", "elseif", "elsefi"}:
        return Fault(
            f"`{word}` stands here, wanted `else if`", span, "write `else if`.", _KEYWORDS
        )
    if word == "else":
        what = f"`else` is followed by `{trouble.here}`, wanted `{{` or `if`"
        return Fault(what, span, "write `else if` before a condition.", _KEYWORDS)
    if word.lower() in {"if", "unless", "when", "case", "while", "for"}:
        return Fault(
            f"`{word}` is no keyword, wanted `if`", span, "write `if`; `!` negates.", _KEYWORDS
        )
    return None


def lonely_else(trouble: Trouble) -> Fault | None:
    """``else { … }`` without an ``if`` before it."""
    match = re.match(r"plugin `(else|elsif|elif|else-?if)`", trouble.construct)
    if match is None or trouble.inner is None:
        return None
    word, start = match[1], trouble.inner.start
    before = trouble.text[:start].rstrip()
    why = "`else` follows the `}` of an `if` or `else if`"
    what = f"`{word}` stands without an `if` before it"
    if before.endswith("}"):
        what = f"`{word}` stands behind a branch that is complete or no branch"
    return Fault(what, (start, start + len(word)), "write an `if` before it.", why)


def no_condition(trouble: Trouble) -> Fault | None:
    """``if { … }``."""
    if trouble.wanted != "condition":
        return None
    match = re.compile(r"(?:else\s*)?if").match(trouble.text, trouble.at)
    span = match.span() if match else trouble.span
    return Fault(
        "`if` has no condition",
        span,
        'write one, such as `if [field] == "value" {`.',
        "a condition stands between `if` and `{`",
    )


def no_block(trouble: Trouble) -> Fault | None:
    """``drop``, or ``add_tag => …`` outside of a plugin."""
    word, span = trouble.before
    if trouble.wanted != "block" or not trouble.cursor.opened:
        return None
    if trouble.here in {"=>", "=", ":"}:
        fix = f"put it into a plugin: `mutate {{ {word} => … }}`, say."
        why = f"inside the {trouble.construct} are plugins and branches"
        return Fault(f"the option `{word}` stands outside of any plugin", span, fix, why)
    fix = f"write `{word} {{ … }}`; without options `{word} {{ }}`."
    return Fault(f"the plugin `{word}` has no braces", span, fix, _BRACES)


RECOGNISERS: tuple[Recogniser, ...] = (
    comment,
    section_name,
    keyword,
    no_condition,
    no_block,
)
