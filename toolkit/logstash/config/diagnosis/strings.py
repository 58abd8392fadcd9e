"""Strings that end later or earlier than they seem to, and confusable characters."""

from __future__ import annotations

import re

from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault, FaultTexts, Span

_fault = FaultTexts(__package__)
_LOOKALIKES = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("\u00a0\u2007\u202f\u3000\u200b\u2028\u2029\ufeff", " "),
    **dict.fromkeys("–—−", "-"),
}


def lookalike(trouble: Trouble) -> Fault | None:
    """A character that looks like a quote, blank or dash."""
    character = trouble.text[trouble.at : trouble.at + 1]
    meant = _LOOKALIKES.get(character)
    if meant is None:
        return None
    code = f"U+{ord(character):04X}"
    shown = code if meant == " " else f"`{character}` ({code})"
    mark = "; the file begins with a byte order mark" if code == "U+FEFF" else ""
    span = (trouble.at, trouble.at + 1)
    return _fault("lookalike", span, shown=shown, meant=meant, mark=mark)


def ends_in_backslash(trouble: Trouble) -> Fault | None:
    r"""``"\\"``: the backslash before the quote keeps it from closing the string."""
    span = _suspect(trouble)
    if span is None:
        return None
    quote = trouble.text[span[0]]
    escaped = re.compile(rf"\\{quote}(?=\s*(?:[,\]}})]|=>|\n|\Z))")
    match = escaped.search(trouble.text, span[0] + 1, span[1])
    if match is None:
        return None
    written = trouble.text[span[0] : match.end()]
    string = _shown(written)
    return _fault("ends-in-backslash", (span[0], match.end()), string=string, quote=quote)


def _suspect(trouble: Trouble) -> Span | None:
    """Return the string that is open at the end, or that ended right before a bad token."""
    if trouble.wanted == "quote":
        return trouble.at, len(trouble.text)
    if trouble.last_string and trouble.glued and trouble.here not in {",", "]", "}", ")", "=>"}:
        return trouble.last_string
    return None


def swallows_code(trouble: Trouble) -> Fault | None:
    """A string without closing quote: it extends to the beginning of the next string."""
    span = _swallowing(trouble)
    if span is None:
        return None
    line = trouble.text[span[0] : span[1]].split("\n", 1)[0]
    quote = trouble.text[span[0]]
    return _fault(
        "swallows-code", (span[0], span[0] + len(line)), string=_shown(line), quote=quote
    )


def _swallowing(trouble: Trouble) -> Span | None:
    for span in trouble.cursor.strings:
        if span[0] >= trouble.cursor.checkpoint and _holds_code(trouble.text[slice(*span)]):
            return span
    suspect = _suspect(trouble)
    if suspect and (trouble.wanted == "quote" or "\n" in trouble.text[slice(*suspect)]):
        return suspect
    return None


def _holds_code(string: str) -> bool:
    """Return True if a string contains lines that look like configuration."""
    first, *others = string.split("\n")
    inverted = re.compile(r"\s*(?:\}\s*)*(?:[\w-]+\s*(?:=>|\{)|\}|\])|\s*\S*\s*=>\s*.\Z")
    ends_in_arrow = re.compile(r"=>\s*[\[{]?\s*.\Z", re.DOTALL)
    return bool(
        (others and inverted.match(others[0]) and ends_in_arrow.search(string))
        or (not others and re.search(r"=>\s*.\Z", first))
    )


def quote_inside(trouble: Trouble) -> Fault | None:
    """``"call "me" later"``: the string ends at the second quote."""
    span = trouble.last_string
    if span is None or span[1] != trouble.at or not re.match(r"[\w.%\\(/-]", trouble.here):
        return None
    quote = trouble.text[span[0]]
    if quote not in trouble.text[trouble.at :].split("\n", 1)[0]:
        return None
    other = "'" if quote == '"' else '"'
    values = {"string": _shown(trouble.text[slice(*span)]), "quote": quote, "other": other}
    return _fault("quote-inside", (span[1] - 1, span[1]), **values, token=trouble.here)


def _shown(text: str) -> str:
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"


RECOGNISERS: tuple[Recogniser, ...] = (
    lookalike,
    ends_in_backslash,
    swallows_code,
    quote_inside,
)
