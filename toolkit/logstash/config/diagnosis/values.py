"""Mistakes in options, hashes and arrays."""

from __future__ import annotations

import re

from toolkit.logstash.config.diagnosis.trouble import Recogniser, Trouble
from toolkit.logstash.config.faults import Fault

_JOINED = "a name and its value are joined by `=>`"
_BARE = re.compile(r"[^\s,\[\]{}\"'#]+")


def selector_in_condition(trouble: Trouble) -> Fault | None:
    """``[a[b]]``: parsed as an array, meant as a field reference."""
    if not trouble.cursor.in_condition or trouble.construct != "array" or trouble.inner is None:
        return None
    match = re.compile(r"\[[\w@][^\"',{}\n]*").match(trouble.text, trouble.inner.at)
    if match is None:
        return None
    written = re.split(r"\s+(?:[=!<>]|and\b|or\b|in\b|not\b)|\s*\)", match.group())[0].rstrip()
    parts = [part for part in re.split(r"[\[\]]+", written) if part]
    fix = "".join(f"[{part}]" for part in parts)
    span = (match.start(), match.start() + len(written))
    what = f"`{written}` is not a field reference"
    return Fault(what, span, f"write `{fix}`.", "brackets follow each other, `[a][b]`")


def comma(trouble: Trouble) -> Fault | None:
    """A comma where it is not allowed."""
    if trouble.here != "," or trouble.wanted not in {"space", "attribute", "hash entry"}:
        return None
    things = "the pairs of a hash" if trouble.construct == "hash" else "options"
    why = f"{things} are separated by blanks alone"
    return Fault(f"a comma between {things}", trouble.span, "remove the comma.", why)


def trailing_comma(trouble: Trouble) -> Fault | None:
    """``["a", ]``."""
    before = trouble.text[: trouble.at].rstrip()
    if (
        trouble.wanted != "value"
        or trouble.here not in {"]", ","}
        or before[-1:] not in {",", "["}
    ):
        return None
    at = len(before) - 1 if before.endswith(",") else trouble.at
    what = "a comma after the last value of an array"
    if trouble.here == ",":
        what = "a comma in place of a value of an array"
    why = "each comma of an array is followed by a value"
    return Fault(what, (at, at + 1), "remove the comma.", why)


def no_value(trouble: Trouble) -> Fault | None:
    """``add_tag => }``."""
    before = trouble.text[: trouble.at].rstrip()
    if trouble.wanted != "value" or not before.endswith("=>"):
        return None
    if trouble.here not in {"", "}", "]", ",", "=>"}:
        return None
    what, fix = "`=>` is not followed by a value", "write a value, or remove the option."
    return Fault(what, (len(before) - 2, len(before)), fix, _JOINED)


def other_arrow(trouble: Trouble) -> Fault | None:
    """``=``, ``:``, ``->`` and the like instead of ``=>``."""
    if trouble.wanted != "arrow":
        return None
    match = re.compile(r"=\s+>|[=:>-]+>?|:=").match(trouble.text, trouble.at)
    if match is None or (trouble.here.startswith("-") and match.group() == "-"):
        return None
    what = f"unexpected `{match.group()}`, expected `=>`"
    return Fault(what, match.span(), "write `=>`.", _JOINED)


def bare_field(trouble: Trouble) -> Fault | None:
    """``[a][b] => …``: a field reference as a key or value, without quotes."""
    match = re.compile(r"(?:\[[\w@. -]+\])+(?=\s*=>)").match(trouble.text, trouble.at)
    if match is None or trouble.wanted not in {"hash entry", "attribute", "space"}:
        return None
    fix = f'write `"{match.group()}"`.'
    why = "outside of conditions a field reference is a string like any other"
    return Fault(f"`{match.group()}` needs quotes", match.span(), fix, why)


def bare_text(trouble: Trouble) -> Fault | None:
    """``localhost:9200``, ``my-value``, ``/var/log``, ``a``: text that needs quotes."""
    if trouble.wanted not in {"space", "arrow", "value", "hash entry", "comma", "attribute"}:
        return None
    if trouble.cursor.in_condition and trouble.construct != "array":
        return None
    start = _start_of_bare(trouble)
    match = _BARE.match(trouble.text, start)
    if match is None or match.group() in {"=>", "=", ":"} or match.end() <= trouble.at:
        return None
    written = match.group()
    why = "a word without quotes consists of letters, digits and `_`, at least two of them"
    fix = f'put it in quotes: `"{written}"`.'
    return Fault(f"`{written}` needs quotes", match.span(), fix, why)


def _start_of_bare(trouble: Trouble) -> int:
    start = trouble.at
    while start > 0 and _BARE.match(trouble.text[start - 1]):
        start -= 1
    return start


def key_alone(trouble: Trouble) -> Fault | None:
    """``{ "a" }``: a name without ``=>`` and value."""
    if trouble.wanted != "arrow" or trouble.here not in {"}", ",", "]", ""}:
        return None
    word, span = trouble.before
    kind = "key" if trouble.construct == "hash" else "option"
    fix = f"write `{word} => …`; a list of values is written `[ … ]`."
    return Fault(f"the {kind} `{word}` has no value", span, fix, _JOINED)


def no_arrow(trouble: Trouble) -> Fault | None:
    """``add_tag ["x"]``."""
    if trouble.wanted != "arrow" or not trouble.here:
        return None
    word, _ = trouble.before
    what = f"`=>` is missing between `{word}` and `{trouble.here}`"
    return Fault(what, trouble.span, f"write `{word} => {trouble.here}…`.", _JOINED)


def hash_as_array(trouble: Trouble) -> Fault | None:
    """``["a" => "b"]``."""
    if trouble.wanted != "comma" or trouble.here != "=>" or trouble.inner is None:
        return None
    span = (trouble.inner.at, trouble.inner.at + 1)
    why = "`=>` belongs to a hash, which is written in `{ }`"
    return Fault("a hash is written in `[ ]`", span, "write `{ key => value }`.", why)


def no_comma(trouble: Trouble) -> Fault | None:
    """``["a" "b"]``."""
    if trouble.wanted != "comma" or not re.match(r"[\w\"'\[{-]", trouble.here):
        return None
    if re.compile(r"[\w-]+\s*=>").match(trouble.text, trouble.at) and trouble.inner:
        span = (trouble.inner.at, trouble.inner.at + 1)
        why = f"the option `{trouble.here}` is not allowed inside of it"
        return Fault("`[` of the array is not closed", span, "add the missing `]`.", why)
    what, why = f"a comma is missing before `{trouble.here}`", "commas separate the values"
    return Fault(what, trouble.span, "write a comma.", why)


RECOGNISERS: tuple[Recogniser, ...] = (
    selector_in_condition,
    comma,
    trailing_comma,
    no_value,
    hash_as_array,
    no_comma,
    other_arrow,
    key_alone,
    bare_field,
    bare_text,
    no_arrow,
)
