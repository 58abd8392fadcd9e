"""Why a program cannot follow a fix."""

from __future__ import annotations

import re
from collections.abc import Mapping

RECORDED = frozenset(
    {"elasticsearch", "kibana", "kubernetes", "ledger", "scaling", "log", "before", "after"}
    | {"exchanges"}
)
"""Blocks of what ran: no edit of a file changes them."""
RAN = "what ran is recorded: it has to run again, after a change of the service or the cluster"
REASONS: tuple[tuple[str, str], ...] = (
    (
        r"^(?:correct|convert|ask for|keep such|put a condition|let |put literal|state only)",
        "what is meant is not in the finding: its author has to decide, and to write it",
    ),
    (
        r"^(?:read |map |name (?:a|the|one|it|another)|give |write (?:the|one) |set `shipper:`)",
        "several answers are right, and which one is meant only its author knows",
    ),
    (r"^(?:capture|define) ", "where in the pipeline it belongs depends on the other lines"),
    (r"^(?:add|admit|mount) ", "what has to be added is not in the finding as a whole"),
    (r"^put each component", "a component of any name, as `NAME` says, has no content to write"),
    (r"^did you mean `(?:where|INT)`", "the finding has no place in a file of the case"),
    (r"^(?:remove it from the stand-ins|remove the file)", "a glob or a name stands for several"),
    (
        r"promtool|Grafana|toolkit (?:logs|scale|trace)|(?:real|running) [LE]|kubectl",
        "another program has to be asked, and what it prints is the rest of the answer",
    ),
    (r"^(?:export|save|name (?:the output|what))", "another program makes the file anew"),
    (
        r"^(?:lower|raise|shorten|lengthen|write 80)",
        "how far is a matter of cost, or of the time that is acceptable",
    ),
    (r"^(?:make the selector|label it)", "the labels are in another object, or a placeholder"),
    (r"^write `namespace", "the namespace of a rendered object has no line of its own"),
)
"""Patterns of fixes, and the reason; the first that matches counts."""


def reason(blocks: Mapping[str, str], fix: str) -> str | None:
    """Return why no program can follow a fix; None if nothing speaks against it."""
    if RECORDED & blocks.keys():
        return RAN
    return next((why for pattern, why in REASONS if re.search(pattern, fix)), None)
