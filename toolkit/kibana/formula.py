"""Lens formulas: the fields of functions, and those of the queries they filter by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from toolkit.kibana.query_fields import kql_fields, lucene_fields
from toolkit.kibana.readings import Need

_TOKEN = re.compile(
    r"\s+|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<number>\d[\d.]*)"
    r"|(?P<name>[A-Za-z_@][\w@.*-]*)|(?P<mark>.)",
    re.DOTALL,
)
_TAKES: Mapping[str, Need] = {
    "average": Need.NUMBER,
    "count": Need.AGGREGATE,
    "last_value": Need.EXISTS,
    "max": Need.NUMBER_OR_DATE,
    "median": Need.NUMBER,
    "min": Need.NUMBER_OR_DATE,
    "percentile": Need.NUMBER,
    "percentile_rank": Need.NUMBER,
    "standard_deviation": Need.NUMBER,
    "sum": Need.NUMBER,
    "unique_count": Need.AGGREGATE,
}
"""The functions whose first argument is a field; all others take their results."""


def formula_fields(text: str) -> Iterator[tuple[str, Need]]:
    """The fields of a formula, and what each must be good for.

    >>> list(formula_fields("round(average(bytes, kql='status >= 500') / count('a b'))"))
    [('bytes', <Need.NUMBER: 'is calculated with'>), ('status', <Need.EXISTS: 'is searched or \
shown'>), ('a b', <Need.AGGREGATE: 'is grouped by'>)]
    """
    tokens = [
        (str(found.lastgroup), found[0]) for found in _TOKEN.finditer(text) if found.lastgroup
    ]
    padded = [("", ""), ("", ""), *tokens, ("", "")]
    for index, (kind, word) in enumerate(tokens, 2):
        before, after = padded[index - 1][1], padded[index + 1][1]
        function = padded[index - 2][1]
        name = _unquoted(word) if kind == "text" else word
        if kind not in ("text", "name"):
            continue
        if before == "(" and function in _TAKES and after in (",", ")", ""):
            yield name, _TAKES[function]
        elif before == "=" and function in ("kql", "lucene"):
            found = kql_fields(name) if function == "kql" else lucene_fields(name)
            yield from ((each, Need.EXISTS) for each in found)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])
