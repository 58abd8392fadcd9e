"""Missing and superfluous brackets.

The parser notices a missing bracket only at the next token that is not allowed there, perhaps a
section later. Indentation shows the intended place: a bracket that closes one opened on a line
further to the right belonged to an outer one.
"""

from __future__ import annotations

import re

from toolkit.logstash.config.cursor import Bracket
from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.plugins import is_known

_fault = FaultTexts(__package__)
_SECTIONS = ("input", "filter", "output")
_NOT_CODE = re.compile(r"#[^\n]*|\"(?:\\\"|[^\"])*\"|'(?:\\'|[^'])*'|/(?:\\/|[^/\n])*/")
_CLOSERS = {"array": "]", "parenthesis": ")"}


def section_inside(trouble: Trouble) -> Fault | None:
    """A section inside another one: that one is not closed, or it was nested on purpose."""
    name = _plugin_name(trouble.construct)
    if name not in _SECTIONS or trouble.wanted not in {"arrow", "attribute"}:
        return None
    assert trouble.inner is not None
    if not _lacks_braces(trouble):
        span = (trouble.inner.start, trouble.inner.start + len(name))
        around = trouble.cursor.opened[0].construct
        return _fault("section-inside", span, name=name, construct=around)
    return _unclosed(trouble, trouble.cursor.opened[:-1], f"section `{name}`", trouble.inner.start)


def plugin_inside(trouble: Trouble) -> Fault | None:
    """A plugin or branch that begins where options of a plugin are expected."""
    if trouble.wanted != "arrow" or not trouble.construct.startswith("plugin "):
        return None
    word, span = trouble.before
    branch = word in {"if", "else"} and trouble.here != "=>"
    if not branch and not (trouble.here == "{" and is_known(word)):
        return None
    thing = f"`{word}`" if branch else f"plugin `{word}`"
    return _unclosed(trouble, trouble.cursor.opened, thing, span[0])


def end_inside(trouble: Trouble) -> Fault | None:
    """The text ends while brackets are open."""
    if trouble.here or not trouble.cursor.opened or trouble.wanted in {"quote", "slash"}:
        return None
    return _unclosed(trouble, trouble.cursor.opened, "the end of the text", trouble.at)


def wrong_closer(trouble: Trouble) -> Fault | None:
    """``["a", "b" }``: a bracket of another kind than the one that is open."""
    closer = _CLOSERS.get(trouble.construct, ")" if "method" in trouble.construct else "}")
    if trouble.inner is None or closer == "}" or trouble.here not in {"}", "]", ")", "{"}:
        return None
    if trouble.wanted not in {"comma", "operator", "value"} or trouble.here == closer:
        return None
    at, token = trouble.inner.at, trouble.here
    values = {"opener": trouble.text[at], "closer": closer, "token": token}
    marks = ((f"`{token}`", trouble.span),)
    return _fault("wrong-closer", (at, at + 1), marks, construct=trouble.construct, **values)


def closed_too_early(trouble: Trouble) -> Fault | None:
    """A superfluous brace: it closed the section, so that the rest is outside."""
    if trouble.wanted != "section":
        return None
    culprit = _early_brace(trouble)
    if culprit is None and trouble.here != "}":
        return None
    if culprit is None:
        return _fault("superfluous-brace", trouble.span)
    bracket, at = culprit
    marks = ((f"{bracket.construct}, closed by it", (bracket.start, bracket.at + 1)),)
    return _fault("early-brace", (at, at + 1), marks)


def _early_brace(trouble: Trouble) -> tuple[Bracket, int] | None:
    """Return the brace that closed the last section, if its indentation contradicts that."""
    if not trouble.cursor.closed:
        return None
    bracket, at = trouble.cursor.closed[-1]
    if trouble.line_start(bracket.start) == trouble.line_start(at):
        return None
    indent, wanted = trouble.line_indent(at), trouble.line_indent(bracket.start)
    return (bracket, at) if indent > wanted else None


def _plugin_name(construct: str) -> str:
    return (
        construct.removeprefix("plugin `").rstrip("`") if construct.startswith("plugin ") else ""
    )


def _lacks_braces(trouble: Trouble) -> bool:
    """Return True if the text as a whole has more opening than closing braces."""
    code = _NOT_CODE.sub("", trouble.text)
    return code.count("{") > code.count("}")


def _unclosed(trouble: Trouble, opened: list[Bracket], thing: str, at: int) -> Fault:
    bracket = _misnested(trouble, opened) or opened[-1]
    character = trouble.text[bracket.at]
    closer = {"{": "}", "[": "]", "(": ")"}[character]
    why = f"{thing} is not allowed inside of it" if trouble.here else "no more text follows"
    values = {"opener": character, "closer": closer, "thing": thing, "why": why}
    marks = ((thing, (at, at + 1)),)
    span = (bracket.at, bracket.at + 1)
    return _fault("unclosed", span, marks, construct=bracket.construct, **values)


def _misnested(trouble: Trouble, opened: list[Bracket]) -> Bracket | None:
    """Return the first bracket whose counterpart is further left than its own line."""
    for bracket, at in trouble.cursor.closed:
        if bracket.at < opened[0].at or not trouble.leads_its_line(at):
            continue
        if trouble.line_indent(at) < trouble.line_indent(bracket.start):
            return bracket
    return None


RECOGNISERS: tuple[Recogniser, ...] = (
    section_inside,
    plugin_inside,
    end_inside,
    wrong_closer,
    closed_too_early,
)
