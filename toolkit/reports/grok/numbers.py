"""Numbers that grok converts, as Logstash prints them.

Most texts are already in that form, and are not converted at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from toolkit.logstash.event.ruby import to_f, to_i
from toolkit.logstash.event.values import to_json

_integer = re.compile(r"0|-?[1-9][0-9]*").fullmatch
# Of up to 15 digits none is lost in a double; Java writes those from 0.001 to 10,000,000 plainly.
_fraction = re.compile(r"(-?(?:[1-9][0-9]{0,6}|0(?=\.0{0,2}[1-9]))\.[0-9]{0,7}?[0-9])0*").fullmatch


def _int(text: str) -> str:
    return text if _integer(text) else to_json(to_i(text))


def _float(text: str) -> str:
    """Print a fraction.

    >>> [_float(text) for text in ("1.500", "2", "0.0001", "1e3x")]
    ['1.5', '2.0', '1.0E-4', '1000.0']
    """
    plain = _fraction(text)
    return plain[1] if plain else to_json(to_f(text))


PRINTERS: Mapping[str, Callable[[str], str]] = {"int": _int, "float": _float}
"""By the type in the expression."""
