"""Rules for fields, and what they are composed of.

A rule takes a field that is there, and yields the errors of it and of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from toolkit.kubernetes.validation.fields import Errors, ObjectField, UnknownValue
from toolkit.kubernetes.validation.names import PERCENT, PORT_NAME
from toolkit.languages.positioned import Path

Rule: TypeAlias = Callable[[ObjectField], Errors]


def judged(rule: Rule, field: ObjectField) -> Errors:
    """Yield the errors of a rule, up to where it reads a value that is not known."""
    try:
        yield from rule(field)
    except UnknownValue:
        return


def parts(*whole: Rule, **rules: Rule) -> Rule:
    """Return the rule for a mapping: rules for parts that are given, then those for the whole.

    A part that is missing, or an empty text, is judged only by `required`.
    """
    own = tuple(rules.items())

    def rule(field: ObjectField) -> Errors:
        for key, each in own:
            part = field.at(key)
            unset = part.value is None or (part.value == "" and not isinstance(each, NotEmpty))
            if not unset or isinstance(each, Required):
                yield from judged(each, part)
        for each in whole:
            yield from judged(each, field)

    return rule


def always(**rules: Rule) -> Rule:
    """Return the rule for a mapping whose parts are judged even if they are missing."""

    def rule(field: ObjectField) -> Errors:
        for key, each in rules.items():
            yield from judged(each, field.at(key))

    return rule


class NotEmpty:
    """The rule for a part that may be missing, but not be an empty text."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def __call__(self, field: ObjectField) -> Errors:
        """Yield the errors of the part."""
        return self._rule(field)


class Required:
    """The rule for a part that must not be missing, empty or 0."""

    def __init__(self, *rules: Rule, detail: str = "") -> None:
        self._rules, self._detail = rules, detail

    def __call__(self, field: ObjectField) -> Errors:
        """Yield its absence, or else its errors."""
        if field.value is not False and not field.value:
            yield field.required(self._detail)
            return
        for each in self._rules:
            yield from judged(each, field)


def every(*rules: Rule) -> Rule:
    """Return the rule for a list whose items follow these."""

    def rule(field: ObjectField) -> Errors:
        for item in field.items:
            for each in rules:
                yield from judged(each, item)

    return rule


def both(*rules: Rule) -> Rule:
    """Return the rule for a value that follows all of these."""

    def rule(field: ObjectField) -> Errors:
        for each in rules:
            yield from judged(each, field)

    return rule


def one_of(*allowed: str) -> Rule:
    """Return the rule for one of some texts."""

    def rule(field: ObjectField) -> Errors:
        if field.text not in allowed:
            yield field.unsupported(allowed)

    return rule


def between(low: int, high: int | None = None) -> Rule:
    """Return the rule for a whole number from ``low`` to ``high``, both included."""
    wanted = f"must be at least {low}" if high is None else f"must be from {low} to {high}"

    def rule(field: ObjectField) -> Errors:
        if field.number < low or (high is not None and field.number > high):
            yield field.invalid(wanted)

    return rule


not_negative = between(0)
positive = between(1)
file_mode = between(0, 0o777)
identity = between(0, 2**31 - 1)
"""The number of a user or a group."""
port_number = between(1, 65535)


def port(field: ObjectField) -> Errors:
    """Judge the number of a port, or its name."""
    yield from PORT_NAME(field) if isinstance(field.value, str) else port_number(field)


def number_or_percentage(field: ObjectField) -> Errors:
    """Judge a count that may also be a percentage."""
    yield from PERCENT(field) if isinstance(field.value, str) else not_negative(field)


def at_most_100_percent(field: ObjectField) -> Errors:
    """Judge that a percentage is not more than 100 %."""
    text = field.value
    if isinstance(text, str) and PERCENT.pattern.fullmatch(text) and int(text[:-1]) > 100:
        yield field.invalid("must not be more than 100%")


def quantity_not_negative(field: ObjectField) -> Errors:
    """Judge a quantity that may be 0."""
    if field.quantity < 0:
        yield field.invalid("must be at least 0")


def quantity_positive(field: ObjectField) -> Errors:
    """Judge a quantity that must not be 0."""
    if field.quantity <= 0:
        yield field.invalid("must be more than 0")


def absolute_path(field: ObjectField) -> Errors:
    """Judge a path from the root."""
    if not field.text.startswith("/"):
        yield field.invalid("must be an absolute path", fix=f"did you mean `/{field.text}`?")


def no_backsteps(field: ObjectField) -> Errors:
    """Judge a path without `..`."""
    if ".." in field.text.split("/"):
        yield field.invalid("must not contain `..`")


def relative_path(field: ObjectField) -> Errors:
    """Judge a path that stays below its folder."""
    if field.text.startswith("/"):
        bare = field.text.lstrip("/")
        yield field.invalid("must be a relative path", fix=f"did you mean `{bare}`?" * bool(bare))
    yield from no_backsteps(field)


def local_path(field: ObjectField) -> Errors:
    """Judge a relative path that does not begin with `..`."""
    yield from relative_path(field)
    if field.text.startswith("..") and not field.text.startswith("../"):
        yield field.invalid("must not begin with `..`")


def distinct(fields: Iterable[ObjectField]) -> Errors:
    """Yield an error for each text that is there already; empty ones do not count."""
    seen = set[str]()
    for field in fields:
        if field.text in seen:
            yield field.duplicate()
        elif field.text:
            seen.add(field.text)


def misnamed(errors: Errors, own: Path, server: Path) -> Errors:
    """Yield errors under the path that the server gives them, which is not their own.

    Args:
        errors: Errors at and below a path.
        own: That path.
        server: The path that the server has instead.
    """
    for each in errors:
        yield each._replace(
            path=(*server, *each.path[len(own) :]), written=each.written or each.path
        )


def exclusive(field: ObjectField, keys: Collection[str], what: str) -> Errors:
    """Yield an error unless exactly one of some parts is there.

    Args:
        field: The mapping.
        keys: The keys of the parts.
        what: The sort of part, such as ``type of volume``.
    """
    there = [key for key in keys if field.at(key).set]
    if not there:
        yield field.required(f"it must have a {what}")
    for key in there[1:]:
        yield field.at(key).forbidden(f"there is `{there[0]}`, and one {what} is allowed")
