"""What goes wrong in conditions: operators and operands of other languages."""

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
_OPERATORS_AND_OPERANDS = "operators: and or xor nand == != < > <= >= =~ !~ in not in"
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
        fix = 'turn it round: `"text" in [field]`.'
        return Fault(f"`{written}` is no operator", match.span(), fix, _OPERATORS_AND_OPERANDS)
    if meant is None or meant == written:
        return None
    span = (start, match.end())
    what = f"`{written}` is no operator, wanted `{meant}`"
    return Fault(what, span, f"write `{meant}`.", _OPERATORS_AND_OPERANDS)


def negated_comparison(trouble: Trouble) -> Fault | None:
    """``![a] == "x"``."""
    if trouble.wanted != "operator":
        return None
    begin = max(trouble.line_start(trouble.at), 0)
    match = re.compile(r"!\s*(\[[^!=<>]*\])\s*\Z").search(trouble.text, begin, trouble.at)
    if match is None or not re.match(r"==|!=|<|>|=~|!~|in\b|not\b", trouble.text[trouble.at :]):
        return None
    fix = f"write `{match[1]} != …`, or `!({match[1]} {trouble.here} …)`."
    what = f"`!` negates `{match[1]}` alone, and `{trouble.here}` cannot follow"
    return Fault(
        what,
        (match.start(), match.end(1)),
        fix,
        "`!` stands before a field reference or a parenthesis",
        ((f"`{trouble.here}`", trouble.span),),
    )


def regexp_flags(trouble: Trouble) -> Fault | None:
    """``/x/i``."""
    flags = re.compile(r"[A-Za-z]+").match(trouble.text, trouble.at)
    if trouble.wanted != "operator" or flags is None or trouble.text[trouble.at - 1] != "/":
        return None
    letter = flags.group()
    return Fault(
        f"the flag `{letter}` stands behind a regular expression, which takes none",
        flags.span(),
        f"write the flag inside: `/(?{letter})…/`.",
        "a regular expression ends at its second slash",
    )


def not_word(trouble: Trouble) -> Fault | None:
    """``not [a]``."""
    if trouble.wanted not in {"operand", "right operand"} or trouble.here.lower() != "not":
        return None
    fix = "write `![field]`, or `!( … )` around a comparison."
    return Fault(
        "`not` negates nothing, wanted `!`", trouble.span, fix, "`not` stands only in `not in`"
    )


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
    return Fault(
        f"`{trouble.here}` is no value in a condition",
        trouble.span,
        fix,
        "conditions know strings, numbers, fields, arrays and regexps",
    )


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
    return Fault(
        f"nothing follows `{match.group()}`, wanted {wanted}",
        match.span(),
        f"write {wanted} behind it.",
        "an operator stands between two operands, `!` before one",
    )


def no_pattern(trouble: Trouble) -> Fault | None:
    """``[a] =~ [b]``."""
    if trouble.wanted != "pattern":
        return None
    return Fault(
        f"`{trouble.here}` is no regular expression",
        trouble.span,
        'write `/pattern/` or `"pattern"`.',
        "behind `=~` and `!~` stands a regular expression, never a field",
    )


def no_operator(trouble: Trouble) -> Fault | None:
    """``[a] "x"``, and a parenthesis too many or too few."""
    if trouble.wanted != "operator":
        return None
    if trouble.here == ")":
        return Fault(
            "this `)` closes nothing", trouble.span, "remove it.", "no parenthesis is open here"
        )
    if not re.match(r"[\w\"'\[/(-]", trouble.here):
        return None
    what = f"an operator or `{{` is missing before `{trouble.here}`"
    return Fault(
        what,
        trouble.span,
        "write an operator, or `{` to begin the block.",
        _OPERATORS_AND_OPERANDS,
    )


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
