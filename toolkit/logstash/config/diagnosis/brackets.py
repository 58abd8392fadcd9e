"""Brackets that were forgotten, or are too many.

The parser notices a missing bracket only where something stands that cannot stand there,
perhaps a section later. Indentation tells where it was meant: a bracket that closes one
opened on a line further to the right belonged to an outer one.
"""

from __future__ import annotations

import re

from toolkit.logstash.config.cursor import Bracket
from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.plugins import is_known

_SECTIONS = ("input", "filter", "output")
_NOT_CODE = re.compile(r"#[^\n]*|\"(?:\\\"|[^\"])*\"|'(?:\\'|[^'])*'|/(?:\\/|[^/\n])*/")
_CLOSERS = {"array": "]", "parenthesis": ")"}


def section_inside(trouble: Trouble) -> Fault | None:
    """A section that begins before the one before it is closed, or inside it on purpose."""
    name = _plugin_name(trouble.construct)
    if name not in _SECTIONS or trouble.wanted not in {"arrow", "attribute"}:
        return None
    assert trouble.inner is not None
    if not _lacks_braces(trouble):
        return Fault(
            f"a section `{name}` stands inside the {trouble.cursor.opened[0].construct}",
            (trouble.inner.start, trouble.inner.start + len(name)),
            f"move its contents to the outside, or remove `{name} {{ … }}` around them.",
            "sections stand side by side; inside of them are plugins and branches",
        )
    return _unclosed(trouble, trouble.cursor.opened[:-1], f"section `{name}`", trouble.inner.start)


def plugin_inside(trouble: Trouble) -> Fault | None:
    """A plugin or branch that begins where options of a plugin are wanted."""
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
    return Fault(
        what=f"`{trouble.text[trouble.inner.at]}` of the {trouble.construct} is not closed:"
        f" `{trouble.here}` comes first",
        span=(trouble.inner.at, trouble.inner.at + 1),
        why=f"`{closer}` has to come before any bracket outside of the {trouble.construct}",
        fix=f"put `{closer}` before the `{trouble.here}`.",
        marks=((f"`{trouble.here}`", trouble.span),),
    )


def closed_too_early(trouble: Trouble) -> Fault | None:
    """A brace too many: it closed the section, and what follows stands outside."""
    if trouble.wanted != "section":
        return None
    culprit = _early_brace(trouble)
    if culprit is None and trouble.here != "}":
        return None
    at = trouble.at if culprit is None else culprit[1]
    marks = (
        () if culprit is None else ((f"{culprit[0].construct}, closed by it", _mark(culprit[0])),)
    )
    return Fault(
        what="this `}` is one too many",
        span=(at, at + 1),
        why="no bracket is left for it to close"
        if culprit is None
        else "it ends the section, and what follows stands outside of any",
        fix="remove it.",
        marks=marks,
    )


def _early_brace(trouble: Trouble) -> tuple[Bracket, int] | None:
    """The brace that closed the last section, if its place speaks against that."""
    if not trouble.cursor.closed:
        return None
    bracket, at = trouble.cursor.closed[-1]
    if trouble.line_start(bracket.start) == trouble.line_start(at):
        return None
    indent, wanted = trouble.line_indent(at), trouble.line_indent(bracket.start)
    return (bracket, at) if indent > wanted else None


def _mark(bracket: Bracket) -> tuple[int, int]:
    return bracket.start, bracket.at + 1


def _plugin_name(construct: str) -> str:
    return (
        construct.removeprefix("plugin `").rstrip("`") if construct.startswith("plugin ") else ""
    )


def _lacks_braces(trouble: Trouble) -> bool:
    """Whether the text as a whole has more opening than closing braces."""
    code = _NOT_CODE.sub("", trouble.text)
    return code.count("{") > code.count("}")


def _unclosed(trouble: Trouble, opened: list[Bracket], thing: str, at: int) -> Fault:
    bracket = _misnested(trouble, opened) or opened[-1]
    character = trouble.text[bracket.at]
    closer = {"{": "}", "[": "]", "(": ")"}[character]
    return Fault(
        what=f"`{character}` of the {bracket.construct} is not closed before {thing}",
        span=(bracket.at, bracket.at + 1),
        why=f"{thing} cannot stand inside of it",
        fix=f"add the missing `{closer}`.",
        marks=((thing, (at, at + 1)),),
    )


def _misnested(trouble: Trouble, opened: list[Bracket]) -> Bracket | None:
    """The first bracket whose counterpart stands further left than its own line."""
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
