r"""Sets of characters: ``\w``, ``\p{…}``, and brackets with ranges, nesting and ``&&``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toolkit.languages.ruby_regex import folding
from toolkit.languages.ruby_regex.codes import ASCII, NONE, Codes
from toolkit.languages.ruby_regex.errors import RegexError
from toolkit.languages.ruby_regex.properties import (
    DIGIT,
    HEX,
    POSIX,
    SPACE,
    WORD,
    bounding_word,
    find_property,
)
from toolkit.languages.ruby_regex.scanner import DEEPEST, RegexFlags, Scanner
from toolkit.languages.ruby_regex.tree import Literal, RegexNode, Set

TYPES = "wWdDsShH"
CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "a": 7, "e": 27}
_SHORT = {"w": (WORD, "word"), "d": (DIGIT, "digit"), "s": (SPACE, "space")}

_OCTAL = re.compile("[0-7]{1,3}")
_POSIX_AHEAD = re.compile(r":(?:\\.|[^]\\:]|:(?!\]))*:\]", re.DOTALL)
_POSIX = re.compile(rf":(\^?)({'|'.join(POSIX)}):\]")
_POSIX_FAULT = re.compile(r":\^?[^:\]]{0,20}:\]")


def type_codes(letter: str, flags: RegexFlags, *, alone: bool = True) -> Codes:
    r"""Return the members of ``\w``, ``\d``, ``\s`` or ``\h``; a capital is the complement.

    Args:
        letter: One of `TYPES`.
        flags: The options in force, which may restrict the sets to ASCII.
        alone: False inside of brackets, where ``\w`` has six characters less.
    """
    short = letter.lower()
    if short == "h":
        codes = HEX
    else:
        codes, name = _SHORT[short]
        if not flags.ascii_types:
            codes = bounding_word() if alone and short == "w" else find_property(name) or codes
    return codes if letter == short else ~codes


def read_property(scanner: Scanner, start: int, letter: str) -> tuple[Codes, bool]:
    r"""Read ``{name}`` or ``{^name}``: the codes, and whether they are excluded.

    Args:
        scanner: At the opening brace.
        start: The offset of the backslash, for errors.
        letter: ``p``, or ``P`` for the complement.
    """
    scanner.place += 1
    negative = (letter == "P") != scanner.take("^")
    begin = scanner.place
    end = scanner.text.find("}", begin)
    if end < 0:
        scanner.place = len(scanner.text)
        scanner.fail("property name never terminated \\%", start, scanner.text[start + 1 :])
    scanner.place = end + 1
    codes = find_property(scanner.text[begin:end])
    if codes is None:
        scanner.fail("invalid character property name <%>", start, scanner.text[begin:end])
    return codes, negative


def read_code(scanner: Scanner, start: int, letter: str) -> int:
    """Read a character that is written by its code or letter; ``start`` is at the backslash.

    Args:
        scanner: The place, behind the letter.
        start: The place of the backslash.
        letter: The letter after the backslash.
    """
    if letter == "x":
        scanner.place += 2
        return int(scanner.text[start + 2 : start + 4], 16)
    if digits := _OCTAL.match(scanner.text, start + 1):
        scanner.place = digits.end()
        return int(digits[0], 8)
    return CONTROLS.get(letter, ord(letter))


def folded_set(
    span: tuple[int, int], codes: Codes, negative: bool, flags: RegexFlags, crossing: Codes
) -> RegexNode:
    """Make a set, closed under letter case if case is ignored.

    Args:
        span: The offsets in the pattern.
        codes: The characters, before case is ignored.
        negative: The set is excluded.
        flags: The options in force.
        crossing: The characters whose other cases count within and beyond ASCII.
    """
    strings: tuple[str, ...] = ()
    if flags.ignorecase:
        strings = () if negative else folding.strings_of(codes)
        codes = folding.close(codes, crossing)
    return Set(*span, ~codes if negative else codes, strings)


def read_brackets(scanner: Scanner, flags: RegexFlags) -> RegexNode:
    """Read from ``[`` on. A set of one character is that character."""
    start = scanner.place
    scanner.place += 1
    brackets = _Brackets(scanner, flags, start)
    codes, negative = brackets.read()
    single = codes.single
    span = scanner.span(start)
    if single is not None and not negative:
        return Literal(*span, chr(single), flags.ignorecase)
    return folded_set(span, codes, negative, flags, brackets.crossing)


@dataclass(slots=True)
class _Brackets:
    """One pair of brackets being read, from behind its ``[`` on."""

    scanner: Scanner
    flags: RegexFlags
    start: int
    codes: Codes = NONE
    both: Codes | None = None
    """The set before ``&&``."""
    crossing: Codes = NONE
    """All members but those of ``\\w``, which get no case partners beyond ASCII."""
    value: int | None = None
    """A character that may yet begin a range."""
    after_type: bool = False
    ranging: bool = False
    parts: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> tuple[Codes, bool]:
        """The codes between the brackets, and whether they are excluded."""
        scanner = self.scanner
        negative = scanner.take("^")
        if scanner.peek() == "]":
            if not _closes_later(scanner.text, scanner.place + 1):
                scanner.fail("empty char-class", self.start)
            scanner.place += 1
            self._character(ord("]"))
        while not scanner.take("]"):
            if scanner.done:
                scanner.fail("premature end of char-class", self.start)
            self._item()
        return self._so_far(), negative

    def _so_far(self) -> Codes:
        self._settle()
        codes = self.codes | Codes.of(*self.parts)
        self.crossing |= Codes.of(*self.parts)
        self.parts = []
        return codes if self.both is None else self.both & codes

    def _item(self) -> None:
        scanner = self.scanner
        if scanner.take("&&"):
            self.both, self.codes = self._so_far(), NONE
            self.after_type = self.ranging = False
        elif scanner.peek() == "[":
            self._open()
        elif scanner.peek() == "-":
            self._hyphen()
        elif scanner.peek() == "\\":
            self._escape()
        else:
            self._character(ord(scanner.next()))

    def _open(self) -> None:
        scanner = self.scanner
        begin = scanner.place
        scanner.place += 1
        if _POSIX_AHEAD.match(scanner.text, scanner.place):
            if posix := _POSIX.match(scanner.text, scanner.place):
                scanner.place = posix.end()
                codes = self._posix(posix[2], negative=bool(posix[1]))
                self._type(codes, begin, crosses=not self.flags.ascii_brackets)
            elif fault := _POSIX_FAULT.match(scanner.text, scanner.place):
                scanner.place = fault.end()
                scanner.fail("invalid POSIX bracket type", begin)
            else:
                self._character(ord("["))
            return
        if self.ranging:
            # Joni forgets what would have begun the range.
            self.value, self.ranging = None, False
        self._settle()
        self._nested(begin)

    def _posix(self, name: str, *, negative: bool) -> Codes:
        codes = find_property("xposixpunct" if name == "punct" else name) or NONE
        if self.flags.ascii_brackets:
            codes &= ASCII
        return ~codes if negative else codes

    def _nested(self, begin: int) -> None:
        scanner = self.scanner
        scanner.depth += 1
        if scanner.depth > DEEPEST:
            raise RegexError("too deep nest level", *scanner.span(begin), unsupported=True)
        inner = _Brackets(scanner, self.flags, begin)
        codes, negative = inner.read()
        scanner.depth -= 1
        self.codes |= ~codes if negative else codes
        self.crossing |= ~inner.crossing if negative else inner.crossing

    def _hyphen(self) -> None:
        scanner = self.scanner
        begin = scanner.place
        scanner.place += 1
        closes = scanner.peek() == "]" or scanner.peek(2) == "&&"
        if self.ranging or closes:
            self._character(ord("-"))
        elif self.value is not None:
            self.ranging = True
        elif self.after_type:
            scanner.fail("unmatched range specifier in char-class", begin)
        else:
            self._character(ord("-"))

    def _escape(self) -> None:
        scanner = self.scanner
        begin = scanner.place
        scanner.place += 1
        letter = scanner.next()
        if letter in TYPES:
            codes = type_codes(letter, self.flags, alone=False)
            self._type(codes, begin, crosses=letter not in "wW")
        elif letter in "pP" and scanner.peek() == "{":
            codes, negative = read_property(scanner, begin, letter)
            self._type(~codes if negative else codes, begin)
        else:
            self._character(8 if letter == "b" else read_code(scanner, begin, letter))

    def _type(self, codes: Codes, begin: int, *, crosses: bool = True) -> None:
        if self.ranging:
            self.scanner.fail("char-class value at end of range", begin)
        self._settle()
        self.codes |= codes
        self.crossing |= codes if crosses else NONE
        self.after_type = True

    def _character(self, code: int) -> None:
        if not self.ranging:
            self._settle()
            self.value = code
            return
        low, self.value, self.ranging = self.value or 0, None, False
        if low > code:
            self.scanner.fail("empty range in char class", self.start)
        self.parts.append((low, code))

    def _settle(self) -> None:
        """End what could have begun a range."""
        if self.value is not None:
            self.parts.append((self.value, self.value))
        if self.ranging:
            self.parts.append((ord("-"), ord("-")))
        self.value, self.after_type, self.ranging = None, False, False


def _closes_later(text: str, place: int) -> bool:
    return re.compile(r"(?:\\.|[^]\\])*\]", re.DOTALL).match(text, place) is not None
