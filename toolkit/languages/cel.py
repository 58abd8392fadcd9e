"""Expressions of the Common Expression Language, as definitions of custom resources have them.

Of its functions, those for texts, lists and types are known. `UnknownExpression` is raised for
others; `CelError` is what the expression itself comes to, such as a key that is not there.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

_SECONDS = 0.2
"""For one regular expression."""
_TOKEN = re.compile(
    r"""\s*(?://[^\n]*\s*)*(?:
    (?P<number>0x[0-9a-fA-F]+|\d+\.\d+(?:[eE][+-]?\d+)?|\d+)u?(?![\w.])
    |(?P<text>r?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])
    |(?P<end>$))""",
    re.VERBOSE,
)
Scope: TypeAlias = Mapping[str, Any]
Expression: TypeAlias = Callable[[Scope], Any]


class UnknownExpression(Exception):
    """The expression has a part that is not known here."""


class CelError(Exception):
    """The value of the expression is an error."""


def parse(text: str) -> Expression:
    """Return an expression as a function of its variables; raises `UnknownExpression`.

    >>> parse("self.min <= self.max && size(self.name) < 3")({"self": {"min": 1, "max": 1, "name": "ab"}})
    True
    """  # noqa: E501
    parser = _Parser(list(_tokens(text)))
    found = parser.choice()
    parser.take("end", "")
    return found


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while True:
        found = _TOKEN.match(text, at)
        if found is None:
            raise UnknownExpression(text[at:])
        kind = found.lastgroup or ""
        yield kind, found[kind]
        if kind == "end":
            return
        at = found.end()


def _literal(text: str) -> str:
    raw, body = text.startswith("r"), text.lstrip("r")[1:-1]
    if raw or "\\" not in body:
        return body
    try:
        return str(json.loads('"' + body.replace("\\'", "'").replace('"', '\\"') + '"'))
    except ValueError:
        raise UnknownExpression(text) from None


def _divided(one: Any, other: Any) -> Any:
    if not other:
        raise CelError("division by zero")
    if isinstance(one, float) or isinstance(other, float):
        return one / other
    whole = abs(one) // abs(other)
    return whole if (one < 0) is (other < 0) else -whole


def _rest(one: Any, other: Any) -> Any:
    return one - other * _divided(one, other)


_LEVELS: tuple[Mapping[str, Callable[[Any, Any], Any]], ...] = (
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "in": lambda one, other: one in other,
    },
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": _divided, "%": _rest},
)
"""The binary operators, by how tightly they bind."""
_TYPES = {"int": int, "string": str, "bool": bool, "double": float, "list": list, "map": dict}
_CONSTANTS = {"true": True, "false": False, "null": None}


def _matches(text: str, pattern: str) -> bool:
    from toolkit.languages import ruby_regex

    try:
        found = ruby_regex.compile(pattern).search(text, deadline=_SECONDS)
    except (ruby_regex.RegexError, ruby_regex.RegexTimeout):
        raise UnknownExpression(pattern) from None
    return found is not None


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(value)
    return str(value)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "size": len,
    "int": int,
    "double": float,
    "string": _text,
    "type": type,
}
_METHODS: Mapping[str, Callable[..., Any]] = {
    "size": len,
    "matches": _matches,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda text, part: part in text,
}
_MACROS: Mapping[str, Callable[[list[Any]], Any]] = {
    "exists_one": lambda found: sum(map(bool, found)) == 1,
    "map": list,
}


def _unknown(name: str, *arguments: Any) -> Any:
    raise UnknownExpression(name)


_QUANTIFIERS = {"all": False, "exists": True}
"""The macros for which one item can decide, and the value that it has then."""


def _quantified(name: str, body: Expression, scopes: list[Scope]) -> bool:
    decisive, errors = _QUANTIFIERS[name], list[CelError]()
    for scope in scopes:
        try:
            if bool(body(scope)) == decisive:
                return decisive
        except CelError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return not decisive


def _called(function: Callable[..., Any], arguments: list[Expression], scope: Scope) -> Any:
    try:
        return function(*(each(scope) for each in arguments))
    except (TypeError, ValueError, OverflowError) as error:
        raise UnknownExpression(str(error)) from None


def _member(whole: Any, key: Any) -> Any:
    if isinstance(whole, dict) or (isinstance(whole, list) and isinstance(key, int)):
        try:
            return whole[key]
        except (KeyError, IndexError):
            raise CelError(f"there is no `{key}`") from None
    raise UnknownExpression(str(key))


def _either(one: Expression, other: Expression, decisive: bool, scope: Scope) -> bool:
    """Return ``one || other``, or ``&&``: an error counts only if neither side decides."""
    try:
        if bool(one(scope)) == decisive:
            return decisive
    except (CelError, UnknownExpression):
        if bool(other(scope)) == decisive:
            return decisive
        raise
    return bool(other(scope))


class _Parser:
    """Reads an expression from the left; each method one level of precedence."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    def _is(self, *texts: str) -> bool:
        kind, text = self._tokens[self._at]
        return kind in ("sign", "name") and text in texts

    def take(self, kind: str, text: str | None = None) -> str:
        """Return the next token, which has to be this one."""
        found = self._tokens[self._at]
        if found[0] != kind or text not in (None, found[1]):
            raise UnknownExpression(found[1])
        self._at += 1
        return found[1]

    def choice(self) -> Expression:
        test = self._joined("||", True)
        if not self._is("?"):
            return test
        self.take("sign", "?")
        one = self._joined("||", True)
        self.take("sign", ":")
        other = self.choice()
        return lambda scope: (one if test(scope) else other)(scope)

    def _joined(self, sign: str, decisive: bool) -> Expression:
        below = partial(self._joined, "&&", False) if sign == "||" else partial(self._binary, 0)
        found = below()
        while self._is(sign):
            self.take("sign")
            found = partial(_either, found, below(), decisive)
        return found

    def _binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        found = self._binary(level + 1)
        while self._is(*_LEVELS[level]):
            function = _LEVELS[level][self._tokens[self._at][1]]
            self._at += 1
            found = partial(_called, function, [found, self._binary(level + 1)])
        return found

    def _unary(self) -> Expression:
        if self._is("!", "-"):
            function = operator.not_ if self.take("sign") == "!" else operator.neg
            return partial(_called, function, [self._unary()])
        found = self._primary()
        while self._is(".", "["):
            found = self._index(found) if self.take("sign") == "[" else self._selected(found)
        return found

    def _index(self, whole: Expression) -> Expression:
        key = self.choice()
        self.take("sign", "]")
        return lambda scope: _member(whole(scope), key(scope))

    def _selected(self, whole: Expression) -> Expression:
        name = self.take("name")
        if not self._is("("):
            return lambda scope: _member(whole(scope), name)
        if name in (*_MACROS, *_QUANTIFIERS, "filter"):
            return self._macro(name, whole)
        method = _METHODS.get(name) or partial(_unknown, name)
        return partial(_called, method, [whole, *self._arguments()])

    def _macro(self, name: str, whole: Expression) -> Expression:
        self.take("sign", "(")
        variable = self.take("name")
        self.take("sign", ",")
        body = self.choice()
        self.take("sign", ")")

        def evaluated(scope: Scope) -> Any:
            items = list(whole(scope))
            if name in _QUANTIFIERS:
                return _quantified(name, body, [{**scope, variable: each} for each in items])
            found = [body({**scope, variable: each}) for each in items]
            if name == "filter":
                return [each for each, kept in zip(items, found, strict=True) if kept]
            return _MACROS[name](found)

        return evaluated

    def _arguments(self, close: str = ")") -> list[Expression]:
        self.take("sign")
        found: list[Expression] = []
        while not self._is(close):
            found.append(self.choice())
            if not self._is(close):
                self.take("sign", ",")
        self.take("sign", close)
        return found

    def _primary(self) -> Expression:
        kind, text = self._tokens[self._at]
        if self._is("("):
            (found,) = self._arguments() or [_unknown(text)]
            return found
        if self._is("["):
            items = self._arguments("]")
            return lambda scope: [each(scope) for each in items]
        self._at += 1
        if kind == "number":
            number = float(text) if "." in text else int(text, 0)
            return lambda scope: number
        if kind == "text":
            value = _literal(text)
            return lambda scope: value
        return self._named(text) if kind == "name" else _unknown(text)

    def _named(self, name: str) -> Expression:
        if self._is("("):
            return self._has() if name == "has" else self._function(name)
        if name in _CONSTANTS:
            return lambda scope: _CONSTANTS[name]
        return lambda scope: scope[name] if name in scope else _TYPES.get(name) or _unknown(name)

    def _function(self, name: str) -> Expression:
        function = _FUNCTIONS.get(name) or partial(_unknown, name)
        return partial(_called, function, self._arguments())

    def _has(self) -> Expression:
        (asked,) = self._arguments() or [_unknown("has")]

        def evaluated(scope: Scope) -> bool:
            try:
                return asked(scope) is not None
            except CelError:
                return False

        return evaluated
