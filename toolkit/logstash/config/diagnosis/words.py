"""Words that are not what the grammar takes them for: sections, operators, text without quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from toolkit.logstash.config.diagnosis.mistakes import texts
from toolkit.logstash.config.diagnosis.trouble import Trouble
from toolkit.logstash.config.faults import Fault

_SECTIONS = ("input", "filter", "output")
_BARE = re.compile(r"(?:[$%]\{[^{}\n]*\}|[^\s,\[\]{}\"'#])+")
_OPERATOR_LIST = "operators: and or xor nand == != < > <= >= =~ !~ in not in"
_COMPARED = re.compile(r"(?:==|!=|<=|>=|<|>|=~|!~|\bin)\s*\Z")


def lonely_else(trouble: Trouble) -> Fault | None:
    """``else { … }`` without an ``if`` before it."""
    match = re.match(r"plugin `(else|elsif|elif|else-?if)`", trouble.construct)
    if match is None or trouble.inner is None:
        return None
    word, start = match[1], trouble.inner.start
    what = f"`{word}` without an `if` before it"
    if trouble.text[:start].rstrip().endswith("}"):
        what = f"`{word}` follows a complete branch, or something else than a branch"
    why = "`else` follows the `}` of an `if` or `else if`"
    return Fault(what, (start, start + len(word)), "write an `if` before it.", why)


def section_name(trouble: Trouble) -> Fault | None:
    """``filters {``, ``mutate {`` between the sections."""
    if trouble.cursor.opened or trouble.wanted not in {"section", "block"}:
        return None
    start = trouble.at if trouble.wanted == "section" else trouble.before[1][0]
    match = re.compile(r"[\w-]+").match(trouble.text, start)
    if match is None:
        return None
    name = match.group()
    why = "a configuration consists of `input`, `filter` and `output` sections"
    if name in _SECTIONS:
        what, fix = f"`{{` is missing after `{name}`", f"write `{name} {{ … }}`."
        why = "a section or plugin is its name and, in braces, its contents"
    elif near := get_close_matches(name.lower(), _SECTIONS, 1, 0.7):
        what, fix = f"there is no section `{name}`", f"write `{near[0]}`."
    else:
        what = f"`{name}` is outside of any section"
        fix = f"put it into a section, for example `filter {{ {name} … }}`."
    return Fault(what, match.span(), fix, why)


def selector_in_condition(trouble: Trouble) -> Fault | None:
    """``[a[b]]``: parsed as an array, meant as a field reference."""
    if not trouble.cursor.in_condition or trouble.construct != "array" or trouble.inner is None:
        return None
    match = re.compile(r"\[[\w@][^\"',{}\n]*").match(trouble.text, trouble.inner.at)
    if match is None:
        return None
    written = re.split(r"\s+(?:[=!<>]|and\b|or\b|in\b|not\b)|\s*\)", match.group())[0].rstrip()
    fix = "".join(f"[{part}]" for part in re.split(r"[\[\]]+", written) if part)
    span = (match.start(), match.start() + len(written))
    what = f"`{written}` is not a field reference"
    return Fault(what, span, f"write `{fix}`.", "brackets follow each other, `[a][b]`")


def bare_text(trouble: Trouble) -> Fault | None:
    """``localhost:9200``, ``my-value``, ``/var/log``, ``${HOST}``: text that needs quotes."""
    if trouble.wanted not in {"space", "arrow", "value", "hash entry", "comma", "attribute"}:
        return None
    if trouble.cursor.in_condition and trouble.construct != "array":
        return None
    start = trouble.at
    while start > 0 and _BARE.match(trouble.text[start - 1]):
        start -= 1
    match = _BARE.match(trouble.text, start)
    if match is None or match.group() in {"=>", "=", ":"} or match.end() <= trouble.at:
        return None
    why = "a word without quotes consists of letters, digits and `_`, at least two of them"
    fix = f'put it in quotes: `"{match.group()}"`.'
    return Fault(f"`{match.group()}` needs quotes", match.span(), fix, why)


def operator(trouble: Trouble) -> Fault | None:
    """``&&``, ``=``, ``AND``: operators of other languages."""
    if trouble.wanted not in {"operator", "right operand", "operand"}:
        return None
    match = re.compile(r"[=<>!&|~]+|[A-Za-z]+").match(trouble.text, trouble.at)
    if match is None or (trouble.wanted != "operator" and match.group()[0] not in "=&|>"):
        return None
    start = trouble.at
    if trouble.wanted != "operator":
        start = len(trouble.text[: trouble.at].rstrip("=!<>"))
    written = trouble.text[start : match.end()]
    meant = _operators().get(written.lower())
    what, fix = f"`{written}` is not an operator, expected `{meant}`", f"write `{meant}`."
    if written == "contains":
        what, fix = f"`{written}` is not an operator", 'swap the operands: `"text" in [field]`.'
    elif meant is None or meant == written:
        return None
    return Fault(what, (start, match.end()), fix, _OPERATOR_LIST)


@cache
def _operators() -> Mapping[str, str]:
    rows = texts()["operators"].items()
    return {word: meant for meant, words in rows for word in words.split()}


def bare_operand(trouble: Trouble) -> Fault | None:
    """``if message == "x"``."""
    match = re.compile(r"%\{([^}\n]*)\}|[A-Za-z_@][\w.@-]*(?:\[[^\]\n]*\])*").match(
        trouble.text, trouble.at
    )
    if trouble.wanted not in {"operand", "right operand", "negated operand"} or match is None:
        return None
    name = match[1] or match.group()
    field = name if name.startswith("[") else re.sub(r"^([^\[]+)", r"[\1]", name)
    fix = f"write `{field}`."
    if _COMPARED.search(trouble.text[: trouble.at]):
        fix = f'write `{field}` for a field, `"{name}"` for a string.'
    what = f"`{match.group()}` is neither a field reference nor a string"
    return Fault(what, match.span(), fix, "a field is written in brackets, a string in quotes")
