"""A log line holds a token that lets its reader in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.logs.lines import Lines, lines
from toolkit.findings import Finding
from toolkit.model.expectations.logs import LogExpectation

_TOKEN = re.compile(r"\bBearer ([\w.~+/-]{8,})")


@check(expects=LogExpectation, queries=lines)
def leaked_token(expected: LogExpectation, observed: Lines) -> Iterator[Finding]:
    """No log line holds a bearer token.

    ## Why it matters
    Whoever may read the logs can use the token until it expires, and logs are kept longer.

    ## How to fix it
    Log a hash of the token, or nothing of it.

    ## Reference
    https://www.rfc-editor.org/rfc/rfc6750#section-5.3
    """
    for line in observed:
        if found := _TOKEN.search(line.text):
            yield Finding(
                what=f"a bearer token of {len(found[1])} characters is logged",
                where=line.at(found.start(1), len(found[1])),
                why="it lets everyone in who may read the logs, until it expires",
                fix="leave it out of the line, and revoke it.",
            )
