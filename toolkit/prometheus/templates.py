"""Templates in the labels and annotations of alerts, as far as Prometheus parses them on loading.

Source: Go's `text/template/parse`, and `template/template.go` of Prometheus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

_BLOCKS = frozenset({"if", "range", "with", "block", "define"})
_KEYWORDS = _BLOCKS | {"else", "end", "template", "break", "continue", "nil", "true", "false"}
_OF_GO = "and call html index slice js len not or print printf println urlquery eq ge gt le lt ne"
_OF_PROMETHEUS = """
args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage
humanizeTimestamp label match now parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel
stripDomain stripPort strvalue tableLink title tmpl toDuration toLower toTime toUpper
urlQueryEscape value
"""
_FUNCTIONS = frozenset(f"{_OF_GO} {_OF_PROMETHEUS}".split())
_VARIABLES = ("$", "$labels", "$externalLabels", "$externalURL", "$value")
_COMMENT = re.compile(r"(?:-\s)?/\*.*?\*/(?:\s-)?\}\}", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<end>(?:\s-)?\}\})|(?P<space>\s+)|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'
    |(?P<variable>\$\w*)|\.\w+|\.|(?P<number>[+-]?(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?
    (?:[eE][+-]?\d+)?i?))(?!\w)|(?P<word>[^\W\d]\w*)|(?P<declares>:=)|[|(),=]""",
    re.VERBOSE,
)


def template_fault(text: str) -> tuple[str, str] | None:
    """Return why Prometheus cannot parse a template, and how to mend it; None if it can.

    >>> template_fault("{{ $value | humanizePercentage }} of {{ $labels.job }}") is None
    True
    >>> template_fault("{{ $label.job }}")
    ('there is no variable `$label`', 'did you mean `$labels`?')
    """
    known, open_blocks, at = list(_VARIABLES), 0, 0
    while (at := text.find("{{", at)) >= 0:
        if comment := _COMMENT.match(text, at + 2):
            at = comment.end()
            continue
        action = _Action(text, at + 2)
        if fault := action.fault(known):
            return fault
        open_blocks += action.depth
        if open_blocks < 0:
            return "an `{{ end }}` ends nothing", "remove it."
        at = action.at
    return (
        ("an `{{ end }}` is missing", "end each `if`, `range` and `with`.")
        if open_blocks
        else None
    )


class _Action:
    """The tokens between two pairs of braces."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.depth = 0
        """1 if it opens a block, -1 if it ends one."""

    def _tokens(self) -> Iterator[re.Match[str]]:
        if re.compile(r"-\s").match(self.text, self.at):
            self.at += 1
        while found := _TOKEN.match(self.text, self.at):
            self.at = found.end()
            if found["end"]:
                return
            if not found["space"]:
                yield found
        self.at = -1

    def fault(self, known: list[str]) -> tuple[str, str] | None:
        """Return its fault; the variables that it declares are known from then on."""
        start = self.at
        tokens = list(self._tokens())
        if self.at < 0:
            return _unreadable(self.text[start:])
        if not tokens:
            return "there is nothing between `{{` and `}}`", "write what is to be shown."
        declares = any(token["declares"] for token in tokens)
        ranges = tokens[0]["word"] == "range"
        first = tokens[0]["word"]
        self.depth = (first in _BLOCKS) - (first == "end")
        for index, token in enumerate(tokens):
            if declares and token["variable"] and index <= (3 if ranges else 1):
                known.append(token["variable"])
            elif wrong := _wrong(token, known):
                return wrong
        return None


def _wrong(token: re.Match[str], known: list[str]) -> tuple[str, str] | None:
    if (name := token["variable"]) and name not in known:
        near = get_close_matches(name, known, n=1)
        fix = (
            f"did you mean `{near[0]}`?" if near else f"the variables are {', '.join(known[1:])}."
        )
        return f"there is no variable `{name}`", fix
    if (name := token["word"]) and name not in _FUNCTIONS | _KEYWORDS:
        near = get_close_matches(name, sorted(_FUNCTIONS), n=1)
        fix = f"did you mean `{near[0]}`?" if near else "the documentation lists all functions."
        return f"there is no function `{name}`", fix
    return None


def _unreadable(rest: str) -> tuple[str, str]:
    shown = rest.partition("\n")[0].partition("}}")[0].strip()
    if "}}" not in rest:
        return f"`{{{{ {shown}` is not ended", "write `}}` at its end."
    return (
        f"`{{{{ {shown} }}}}` is not in the language of templates",
        'write a label with other signs as `{{ index $labels "a-b" }}`.',
    )
