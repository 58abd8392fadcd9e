"""Relabeling, as Prometheus applies it to targets and to series."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from toolkit.findings import Location
from toolkit.prometheus.scraping.labels import Labels

_VALID = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))", re.ASCII)
_POSIX = {
    "[:alnum:]": "0-9A-Za-z",
    "[:alpha:]": "A-Za-z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:space:]": r"\t\n\v\f\r ",
    "[:upper:]": "A-Z",
    "[:word:]": r"\w",
    "[:xdigit:]": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Relabeling:
    """One step of relabeling, with the defaults of Prometheus."""

    action: str = "replace"
    sources: tuple[str, ...] = ()
    separator: str = ";"
    regex: str = "(.*)"
    target: str = ""
    replacement: str = "$1"
    where: Location = field(default_factory=lambda: Location("relabeling"))

    def apply(self, labels: Labels) -> Labels | None:
        """Return the labels after this step; None if it drops them.

        Nothing is known after an action or a regular expression that is not known here.
        """
        step = _ACTIONS.get(self.action)
        try:
            return step(self, labels) if step else _unknown(labels)
        except ValueError:
            return _unknown(labels)

    def source(self, labels: Labels) -> str | None:
        """Return the values of its source labels; None if they are not known."""
        return labels.joined(self.sources, self.separator)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match with all of a text."""
        return anchored(self.regex).fullmatch(text)


def _unknown(labels: Labels) -> Labels:
    return Labels({"__address__": labels.get("__address__")}, ".*", sure=False)


def relabeled(labels: Labels, steps: Iterable[Relabeling]) -> Labels | Relabeling:
    """Apply several steps.

    Returns:
        The labels, or the step that drops them for sure.
    """
    for step in steps:
        found = step.apply(labels)
        if found is None:
            return step
        labels = found
    return labels


def anchored(regex: str) -> re.Pattern[str]:
    """Return a regular expression of RE2, to be matched with a whole text.

    Raises:
        ValueError: It is not valid.
    """
    for name, inside in _POSIX.items():
        regex = regex.replace(name, inside)
    try:
        return re.compile(regex.replace(r"\z", r"\Z"), re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error


def expanded(template: str, found: re.Match[str]) -> str:
    """Fill in the groups of a match, as Go does: a group that does not exist is empty.

    >>> match = re.fullmatch("(.*):80", "shop:80")
    >>> [expanded(each, match) for each in ("$1", "${1}_x", "$1_x", "$$1")]
    ['shop', 'shop_x', '', '$1']
    """

    def value(reference: re.Match[str]) -> str:
        dollar, braced, bare = reference.groups()
        name = braced or bare
        if dollar:
            return "$"
        if name.isdigit():
            return (found[int(name)] or "") if int(name) <= (found.re.groups or 0) else ""
        return (found[name] or "") if name in found.re.groupindex else ""

    return _REFERENCE.sub(value, template)


def _replace(step: Relabeling, labels: Labels) -> Labels:
    source = step.source(labels)
    if source is None:
        return _unknown_replacement(step, labels)
    found = step.match(source)
    if not found:
        return labels
    target = expanded(step.target, found)
    if not _VALID.fullmatch(target):
        return labels.having(step.target, "")
    return labels.having(target, expanded(step.replacement, found))


def _unknown_replacement(step: Relabeling, labels: Labels) -> Labels:
    if "$" in step.target:
        return replace(labels, unknown=f"(?!__).*|{labels.unknown}")
    # It is the same whatever the source is, if it is always replaced.
    always = step.regex in ("(.*)", ".*") and "$" not in step.replacement
    return labels.having(step.target, step.replacement if always else None)


def _keep(step: Relabeling, labels: Labels) -> Labels | None:
    source = step.source(labels)
    if source is None:
        return replace(labels, sure=False)
    return labels if bool(step.match(source)) == (step.action == "keep") else None


def _equal(step: Relabeling, labels: Labels) -> Labels | None:
    source, other = step.source(labels), labels.get(step.target)
    if source is None or other is None:
        return replace(labels, sure=False)
    return labels if (source == other) == (step.action == "keepequal") else None


def _hash(step: Relabeling, labels: Labels) -> Labels:
    return labels.having(step.target, None)


def _case(step: Relabeling, labels: Labels) -> Labels:
    source = step.source(labels)
    changed = str.lower if step.action == "lowercase" else str.upper
    return labels.having(step.target, None if source is None else changed(source))


def _map(step: Relabeling, labels: Labels) -> Labels:
    for name, value in labels.values.items():
        if found := step.match(name):
            labels = labels.having(expanded(step.replacement, found), value)
    return replace(labels, unknown=f"(?!__).*|{labels.unknown}") if labels.unknown else labels


def _drop_labels(step: Relabeling, labels: Labels) -> Labels:
    dropped = step.action == "labeldrop"
    # What may be there besides is gone as well, if it is dropped.
    for name in labels.values:
        if bool(step.match(name)) == dropped:
            labels = labels.having(name, "")
    if not labels.unknown:
        return labels
    rest = f"(?:{anchored(step.regex).pattern})"
    inside = f"(?!{rest}$)" if dropped else f"(?={rest}$)"
    return replace(labels, unknown=f"{inside}(?:{labels.unknown})")


_ACTIONS: Mapping[str, Callable[[Relabeling, Labels], Labels | None]] = {
    "replace": _replace,
    "keep": _keep,
    "drop": _keep,
    "keepequal": _equal,
    "dropequal": _equal,
    "hashmod": _hash,
    "lowercase": _case,
    "uppercase": _case,
    "labelmap": _map,
    "labeldrop": _drop_labels,
    "labelkeep": _drop_labels,
}
