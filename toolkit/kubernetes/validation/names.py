"""Forms of names and other texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import Pattern

from toolkit.kubernetes.validation.fields import Errors, ObjectField

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_UNDERSCORED = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_WORD = "lower-case letters, digits and `-`, and begin and end with a letter or digit"
_SUBDOMAIN = "lower-case letters, digits, `-` and `.`, and begin and end with a letter or digit"
_NAME = "letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit"
_SCHEME = re.compile("^[a-z]+://")
Faults = Callable[[str], Iterator[str]]
"""Yields the violated rules of a text, each as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class TextForm:
    """A form of text: an expression that matches all of it, and its greatest length."""

    pattern: Pattern[str]
    longest: int
    consists: str
    """The form in words, after ``must``."""

    def faults(self, text: str) -> Iterator[str]:
        """Yield the violated rules."""
        if len(text.encode()) > self.longest:
            yield f"must have no more than {self.longest} characters"
        if not self.pattern.fullmatch(text):
            yield f"must {self.consists}"

    def __call__(self, field: ObjectField) -> Errors:
        """Yield the errors of a field, as a rule."""
        near = self.near(field.text)
        fix = f"did you mean `{near}`?" if near else ""
        return (field.invalid(fault, fix=fix) for fault in self.faults(field.text))

    def near(self, text: str) -> str:
        """Return the name that a text is meant to be, as far as it is clear; else nothing.

        >>> DNS_LABEL.near("Shop_app"), DNS_SUBDOMAIN.near("https://example.com/")
        ('shop-app', 'example.com')
        """
        bare = _SCHEME.sub("", text.strip()).rstrip("/")
        for each in (bare, bare.lower(), re.sub(r"[_ ]", "-", bare.lower())):
            if not [*self.faults(each)]:
                return each
        return ""


def _form(pattern: str, longest: int, consists: str) -> TextForm:
    return TextForm(re.compile(pattern), longest, consists)


DNS_LABEL = _form(_LABEL, 63, f"consist of {_WORD}")
DNS_SUBDOMAIN = _form(rf"{_LABEL}(\.{_LABEL})*", 253, f"consist of {_SUBDOMAIN}")
UNDERSCORED_SUBDOMAIN = _form(
    rf"_?{_UNDERSCORED}(\._?{_UNDERSCORED})*", 253, f"consist of {_SUBDOMAIN}; `_` may begin one"
)
DNS_1035_LABEL = _form(
    "[a-z]([-a-z0-9]*[a-z0-9])?",
    63,
    "consist of lower-case letters, digits and `-`, begin with a letter, and not end with `-`",
)
WILDCARD_SUBDOMAIN = _form(
    rf"\*\.{_LABEL}(\.{_LABEL})*", 253, "begin with `*.`, and go on with a DNS name"
)
LABEL_VALUE = _form("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", 63, f"consist of {_NAME}")
ENV_NAME = _form("[ -<>-~]+", 2**31, "consist of printable ASCII characters other than `=`")
CONFIG_KEY = _form(
    r"(?!\.\.?$|\.\.)[-._a-zA-Z0-9]+",
    253,
    "consist of letters, digits, `-`, `_` and `.`, and not be `.` or begin with `..`",
)
PORT_NAME = _form(
    "(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?",
    15,
    "consist of lower-case letters, digits and single `-` in between, with at least one letter",
)
PATH_SEGMENT = _form(
    r"(?!\.\.?$)[^/%]+", 2**31, "not be `.` or `..`, or contain `/` or `%`, as part of a URL"
)
HEADER_NAME = _form("[-A-Za-z0-9]+", 2**31, "consist of letters, digits and `-`")
PERCENT = _form("[0-9]+%", 2**31, "be a number, or a percentage such as `25%`")
_QUALIFIED_PART = _form("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", 63, f"consist of {_NAME}")


def qualified_faults(text: str) -> Iterator[str]:
    """Yield the violated rules of a name with an optional prefix, such as the key of a label.

    >>> list(qualified_faults("app.kubernetes.io/name")), len(list(qualified_faults("a/b/c")))
    ([], 1)
    """
    prefix, slash, name = text.partition("/") if "/" in text else ("", "", text)
    if "/" in name:
        yield "must be a name, or a DNS name, `/` and a name"
        return
    if slash:
        yield from (f"has a prefix that {fault}" for fault in DNS_SUBDOMAIN.faults(prefix))
    yield from _QUALIFIED_PART.faults(name)


def text_rule(faults: Faults) -> Callable[[ObjectField], Errors]:
    """Return the rule of a text for a field."""
    return lambda field: (field.invalid(fault) for fault in faults(field.text))


qualified_name = text_rule(qualified_faults)


_URL_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")


def domain_prefixed_path(field: ObjectField) -> Errors:
    """Judge a DNS name, `/` and a path."""
    domain, _, path = field.text.partition("/")
    if not domain or not path:
        yield field.invalid("must be a DNS name, `/` and a path")
        return
    if any(DNS_SUBDOMAIN.faults(domain)) or not _URL_PATH.fullmatch(path):
        yield field.invalid("must be a DNS name, `/` and a path")


def label_map(field: ObjectField) -> Errors:
    """Judge the keys and values of labels."""
    for key, each in field.entries:
        for fault in qualified_faults(key):
            yield field.invalid(fault, value=key)
        for fault in LABEL_VALUE.faults(each.text):
            yield field.invalid(fault, value=each.text)


_ANNOTATIONS = 256 * 1024
"""The bytes of all annotations of an object, keys included."""


def annotation_map(field: ObjectField) -> Errors:
    """Judge the keys of annotations, and their size."""
    for key, _ in field.entries:
        for fault in qualified_faults(key.lower()):
            yield field.invalid(fault, value=key)
    if sum(len((key + each.text).encode()) for key, each in field.entries) > _ANNOTATIONS:
        yield field.too_long(_ANNOTATIONS)


def label_selector(field: ObjectField) -> Errors:
    """Judge a selector of labels with ``matchLabels`` and ``matchExpressions``."""
    yield from label_map(field.at("matchLabels"))
    for each in field.at("matchExpressions").items:
        yield from _requirement(each)


def operator_values(field: ObjectField) -> Errors:
    """Judge the operator of a requirement, and that it has values if it needs them."""
    values, operator = field.at("values"), field.at("operator")
    match operator.text:
        case "In" | "NotIn":
            if not values.items:
                yield values.required("with `operator: In` and `NotIn`")
        case "Exists" | "DoesNotExist":
            if values.items:
                yield values.forbidden("`operator: Exists` and `DoesNotExist` take no values")
        case _:
            yield operator.unsupported(("In", "NotIn", "Exists", "DoesNotExist"))


def _requirement(field: ObjectField) -> Errors:
    yield from operator_values(field)
    yield from qualified_name(field.at("key"))
    for each in field.at("values").items:
        yield from LABEL_VALUE(each)
