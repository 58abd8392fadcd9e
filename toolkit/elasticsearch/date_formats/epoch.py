"""``epoch_second`` and ``epoch_millis``: numbers of at most 19 digits, fractions allowed.

Exponents are not allowed, so a float that is written ``1.7E9`` in JSON is rejected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.elasticsearch.date_formats.resolution import NoInstant
from toolkit.languages.java_time.parsed import Mismatch

_NUMBER = re.compile(r"(-?)([0-9]{1,19})(?:\.([0-9]*))?")
_SECONDS = range(-31_557_014_167_219_200, 31_556_889_864_403_200)
_NANOS = 10**9


@dataclass(frozen=True, slots=True)
class Epoch:
    """A number of units since 1970, each of 10^``digits`` nanoseconds."""

    digits: int

    def read(self, text: str) -> int:
        """Parse an instant, in nanoseconds since 1970; raise `Mismatch`."""
        match = _NUMBER.fullmatch(text)
        if match is None or len(match[3] or "") > self.digits or int(match[2]) >= 2**63:
            raise Mismatch("not a number of units since 1970")
        sign, whole, fraction = match.groups()
        # Java parses a negative number as the second before and a fraction, and fails on .0.
        if sign and fraction and not int(fraction) and self.digits == 9:
            raise Mismatch("a negative second with a fraction of zero")
        nanoseconds = int(whole) * 10**self.digits + int((fraction or "").ljust(self.digits, "0"))
        result: int = -nanoseconds if sign else nanoseconds
        if result // _NANOS not in _SECONDS:
            raise NoInstant("unable to obtain an instant")
        return result

    def write(self, nanoseconds: int) -> str:
        """Print the units, and a fraction where there is one."""
        whole, rest = divmod(abs(nanoseconds), 10**self.digits)
        fraction = f"{rest:0{self.digits}}".rstrip("0")
        return f"{'-' * (nanoseconds < 0)}{whole}{'.' * bool(fraction)}{fraction}"


EPOCHS = {"epoch_second": Epoch(9), "epoch_millis": Epoch(6)}
