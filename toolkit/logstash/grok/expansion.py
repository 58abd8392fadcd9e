"""Expansion of an expression to one regular expression, with the origin of each part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from toolkit.logstash.grok.tokens import Token, next_token

_MOST_TOKENS = 10_000
"""Logstash refuses more."""
_MOST_CHARACTERS = 200_000
"""Of the regex; Logstash has no such limit, but compiling it would exhaust the memory here."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A text that is part of the regex: the expression itself, or the definition of a pattern.

    One pattern used twice has two origins, since they are in different places.
    """

    text: str
    syntax: str | None = None
    """The name of the pattern; None for the expression."""
    token: Token | None = None
    """The token that it replaced; its offsets are in the text of ``parent``."""
    parent: Origin | None = None

    def ancestry(self) -> Iterator[Origin]:
        """Yield this origin, its parent, and so on up to the expression."""
        origin: Origin | None = self
        while origin is not None:
            yield origin
            origin = origin.parent


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the regex that was written in one place."""

    text: str
    origin: Origin
    offset: int
    """Its offset in the text of its origin."""
    glue_for: Token | None = None
    """For the ``(?:`` and ``)`` around a definition: the token that it replaced."""

    def cut(self, start: int, end: int | None = None) -> Piece:
        """Return a part of it."""
        return Piece(self.text[start:end], self.origin, self.offset + start, self.glue_for)


@dataclass(frozen=True, slots=True)
class Place:
    """A place: characters ``start`` to ``end`` of the text of ``origin``."""

    origin: Origin
    start: int
    end: int
    token: Token | None = None
    """The token there, if the place is that of a whole token."""

    @property
    def in_expression(self) -> tuple[int, int]:
        """The characters of the expression that brought it in."""
        start, end = self.start, self.end
        for origin in self.origin.ancestry():
            if origin.token is not None:
                start, end = origin.token.start, origin.token.end
        return start, end


class Undefined(Exception):
    """Patterns without definition; ``tokens`` has each with its place."""

    def __init__(self, tokens: tuple[tuple[Token, Place], ...]) -> None:
        super().__init__(", ".join(token.syntax for token, _ in tokens))
        self.tokens = tokens


class TooDeep(Exception):
    """A pattern contains itself, or makes the expression too long."""

    def __init__(self, token: Token, place: Place, limit: str = "") -> None:
        super().__init__(token.syntax)
        self.token, self.place, self.limit = token, place, limit
        """The limit that is exceeded; empty if the pattern contains itself."""


class ExpansionTooLong(TooDeep):
    """The regex is longer than what is compiled here; Logstash may accept it."""


@dataclass(frozen=True)
class Expansion:
    """The regex of an expression, as the pieces it is composed of."""

    pieces: tuple[Piece, ...]

    @cached_property
    def regex(self) -> str:
        """The text of all pieces."""
        return "".join(piece.text for piece in self.pieces)

    def locate(self, start: int, end: int) -> Place:
        """Return the origin of characters ``start`` to ``end`` of the regex.

        If they come from several texts, that is the innermost one with the first of them.
        """
        index = max(0, bisect_right(self._starts, start) - 1)
        piece = self.pieces[index]
        if piece.glue_for:
            token = piece.glue_for
            return Place(piece.origin, token.start, token.end, token)
        first = min(start - self._starts[index], len(piece.text))
        last = min(max(end - self._starts[index], first), len(piece.text))
        return Place(piece.origin, piece.offset + first, piece.offset + last)

    def definition_of(self, place: Place) -> str:
        """Return the definition that replaced the token at ``place``."""
        for piece in self.pieces:
            if piece.origin.token is place.token and place.token is not None:
                return piece.origin.text
        return ""

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for piece in self.pieces:
            starts.append(at)
            at += len(piece.text)
        return starts


def expand(
    expression: str, definitions: Mapping[str, str], *, named_captures_only: bool = True
) -> Expansion:
    """Replace tokens by definitions until no token is left.

    Args:
        expression: The expression.
        definitions: The definitions of patterns by name.
        named_captures_only: Do not capture patterns without a field name.

    Raises:
        Undefined: Patterns have no definition; all are listed.
        TooDeep: A pattern contains itself, or the expansion exceeds a limit.
    """
    return _Expander(definitions, named_captures_only).expand(expression)


class _Expander:
    """The state of one expansion: the pieces without tokens, and those that may have some."""

    def __init__(self, definitions: Mapping[str, str], named_captures_only: bool) -> None:
        self._definitions = dict(definitions)
        self._named_only = named_captures_only
        self._done: list[Piece] = []
        self._version = 0
        self._versions: dict[Origin, int] = {}
        self._undefined: list[tuple[Token, Place]] = []

    def expand(self, expression: str) -> Expansion:
        text, rest = expression, [Piece(expression, Origin(expression), 0)]
        length = len(expression)
        for count in range(_MOST_TOKENS + 1):
            token = next_token(text)
            if token is None:
                break
            before, rest = _part(rest, token.start)
            self._done += before
            place = _place_of(rest[0], token)
            if count == _MOST_TOKENS:
                raise TooDeep(token, place, f"{_MOST_TOKENS:,} patterns")
            new = self._replace(token, place)
            length += sum(len(piece.text) for piece in new)
            if length > _MOST_CHARACTERS:
                raise ExpansionTooLong(token, place, f"{_MOST_CHARACTERS:,} characters")
            text = "".join(piece.text for piece in new) + text[token.end :]
            rest = [*new, *_part(rest, token.end - token.start)[1]]
        if self._undefined:
            raise Undefined(tuple(self._undefined))
        return Expansion((*self._done, *rest))

    def _replace(self, token: Token, place: Place) -> list[Piece]:
        inline = token.definition
        if inline is not None and inline != self._definitions.get(token.syntax):
            self._definitions[token.syntax] = inline
            self._version += 1
        definition = self._definitions.get(token.syntax)
        if definition is None:
            self._undefined.append((token, place))
            return []
        written = Token(
            place.start, place.end, token.name, token.syntax, token.semantic, token.definition
        )
        origin = Origin(definition, token.syntax, written, place.origin)
        if self._repeats(origin):
            raise TooDeep(token, place)
        named = token.semantic is not None or not self._named_only
        opening = f"(?<{token.name}>" if named else "(?:"
        self._done.append(Piece(opening, place.origin, place.start, written))
        closing = Piece(")", place.origin, place.start, written)
        return [Piece(definition, origin, 0), closing]

    def _repeats(self, origin: Origin) -> bool:
        # An inline definition may end what looks endless: only where nothing has changed
        # since the last time will the next be the same again.
        self._versions[origin] = self._version
        return any(
            above.syntax == origin.syntax and self._versions.get(above) == self._version
            for above in origin.ancestry()
            if above is not origin
        )


def _part(pieces: list[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
    """Cut pieces in two at character ``at`` of their text."""
    for index, piece in enumerate(pieces):
        if at == 0:
            return pieces[:index], pieces[index:]
        if at < len(piece.text):
            left, right = piece.cut(0, at), piece.cut(at)
            return [*pieces[:index], left], [right, *pieces[index + 1 :]]
        at -= len(piece.text)
    return pieces, []


def _place_of(piece: Piece, token: Token) -> Place:
    """A token that runs on into what follows its text counts as ending with it."""
    end = min(piece.offset + token.end - token.start, len(piece.origin.text))
    return Place(piece.origin, piece.offset, end)
