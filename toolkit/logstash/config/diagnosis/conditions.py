"""Mistakes in conditions: operators and operands of other languages."""

from __future__ import annotations

import re

from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault

_OPERATORS = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "=": "==",
    "===": "==",
    "!==": "!=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "~=": "=~",
    "~": "=~",
    "=!": "!=",
    "is": "==",
    "eq": "==",
    "equals": "==",
    "ne": "!=",
    "gt": ">",
    "lt": "<",
    "matches": "=~",
    "match": "=~",
    "like": "=~",
    "then": "{",
}
_OPERATOR_LIST = "operators: and or xor nand == != < > <= >= =~ !~ in not in"
_COMPARED = re.compile(r"(?:==|!=|<=|>=|<|>|=~|!~|\bin)\s*\Z")


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
    meant = _OPERATORS.get(written) or _OPERATORS.get(written.lower())
    if written.lower() in {"and", "or", "xor", "nand", "in", "not"}:
        meant = written.lower()
    if written == "contains":
        fix = 'swap the operands: `"text" in [field]`.'
        return Fault(f"`{written}` is not an operator", match.span(), fix, _OPERATOR_LIST)
    if meant is None or meant == written:
        return None
    what = f"`{written}` is not an operator, expected `{meant}`"
    return Fault(what, (start, match.end()), f"write `{meant}`.", _OPERATOR_LIST)


def negated_comparison(trouble: Trouble) -> Fault | None:
    """``![a] == "x"``."""
    if trouble.wanted != "operator":
        return None
    begin = max(trouble.line_start(trouble.at), 0)
    match = re.compile(r"!\s*(\[[^!=<>]*\])\s*\Z").search(trouble.text, begin, trouble.at)
    if match is None or not re.match(r"==|!=|<|>|=~|!~|in\b|not\b", trouble.text[trouble.at :]):
        return None
    return Fault(
        f"`!` negates `{match[1]}` alone, and `{trouble.here}` cannot follow",
        (match.start(), match.end(1)),
        f"write `{match[1]} != …`, or `!({match[1]} {trouble.here} …)`.",
        "`!` applies to a field reference or a parenthesis",
        ((f"`{trouble.here}`", trouble.span),),
    )


def regexp_flags(trouble: Trouble) -> Fault | None:
    """``/x/i``."""
    flags = re.compile(r"[A-Za-z]+").match(trouble.text, trouble.at)
    if trouble.wanted != "operator" or flags is None or trouble.text[trouble.at - 1] != "/":
        return None
    letter = flags.group()
    return Fault(
        f"flag `{letter}` after a regular expression",
        flags.span(),
        f"write the flag inside: `/(?{letter})…/`.",
        "a regular expression ends at its second slash",
    )


def not_word(trouble: Trouble) -> Fault | None:
    """``not [a]``."""
    if trouble.wanted not in {"operand", "right operand"} or trouble.here.lower() != "not":
        return None
    what, why = "`not` is not an operator, expected `!`", "`not` is only allowed in `not in`"
    return Fault(what, trouble.span, "write `![field]`, or `!( … )` around a comparison.", why)


def constant_word(trouble: Trouble) -> Fault | None:
    """``== true``."""
    if trouble.wanted not in {"operand", "right operand"}:
        return None
    word = trouble.here.lower()
    if word not in {"true", "false", "nil", "null", "none", "undefined"}:
        return None
    fix = f'write `[field]` or `![field]` for a boolean, `"{word}"` for the string.'
    if word not in {"true", "false"}:
        fix = "write `![field]` for a field that is missing, null or false."
    what = f"`{trouble.here}` is not a value in a condition"
    why = "operands are strings, numbers, fields, arrays and regular expressions"
    return Fault(what, trouble.span, fix, why)


def bare_operand(trouble: Trouble) -> Fault | None:
    """``if message == "x"``."""
    match = re.compile(r"%\{([^}\n]*)\}|[A-Za-z_@][\w.@-]*(?:\[[^\]\n]*\])*").match(
        trouble.text, trouble.at
    )
    if trouble.wanted not in {"operand", "right operand", "negated operand"} or match is None:
        return None
    name = match[1] or match.group()
    field = name if name.startswith("[") else re.sub(r"^([^\[]+)", r"[\1]", name)
    right = _COMPARED.search(trouble.text[: trouble.at])
    fix = (
        f'write `{field}` for a field, `"{name}"` for a string.' if right else f"write `{field}`."
    )
    what = f"`{match.group()}` is neither a field reference nor a string"
    return Fault(what, match.span(), fix, "a field is written in brackets, a string in quotes")


def no_operand(trouble: Trouble) -> Fault | None:
    """``[a] == {``, ``[a] and )``."""
    if trouble.wanted not in {"operand", "right operand", "negated operand", "pattern"}:
        return None
    before = trouble.text[: trouble.at].rstrip()
    match = re.search(r"(?:[=!<>~]+|\b(?:and|or|xor|nand|not in|in)|!|\()\Z", before)
    if match is None or re.match(r"[\w\"'\[/]", trouble.here):
        return None
    wanted = "a regular expression" if trouble.wanted == "pattern" else "a field, string or number"
    what = f"nothing follows `{match.group()}`, expected {wanted}"
    why = "an operator takes two operands, `!` one after it"
    return Fault(what, match.span(), f"write {wanted} after it.", why)


def no_pattern(trouble: Trouble) -> Fault | None:
    """``[a] =~ [b]``."""
    if trouble.wanted != "pattern":
        return None
    what = f"`{trouble.here}` is not a regular expression"
    why = "`=~` and `!~` take a regular expression, never a field"
    return Fault(what, trouble.span, 'write `/pattern/` or `"pattern"`.', why)


def no_operator(trouble: Trouble) -> Fault | None:
    """``[a] "x"``, and a parenthesis too many or too few."""
    if trouble.wanted != "operator":
        return None
    if trouble.here == ")":
        return Fault("unmatched `)`", trouble.span, "remove it.", "no parenthesis is open here")
    if not re.match(r"[\w\"'\[/(-]", trouble.here):
        return None
    what = f"an operator or `{{` is missing before `{trouble.here}`"
    fix = "write an operator, or `{` to begin the block."
    return Fault(what, trouble.span, fix, _OPERATOR_LIST)


RECOGNISERS: tuple[Recogniser, ...] = (
    negated_comparison,
    regexp_flags,
    operator,
    not_word,
    constant_word,
    bare_operand,
    no_operand,
    no_pattern,
    no_operator,
)
