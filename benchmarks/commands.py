"""``toolkit grok match`` as a whole process, compared with a script around pygrok."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.lines import SERVICE_EXPRESSION, access_log, service_lines
from benchmarks.measuring import interleaved_children, table

_LINES = 100_000
_SCRIPT = """\
import json
import sys
import warnings

warnings.simplefilter("ignore")
from pygrok import Grok

grok = Grok(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as lines:
    for line in lines:
        print(json.dumps(grok.match(line.rstrip("\\n"))))
"""


def main() -> None:
    """Print seconds of processor time, start and end included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            _compare(folder, "combined access log", "%{COMBINEDAPACHELOG}", access_log(_LINES)),
            _compare(folder, "the service's requests", SERVICE_EXPRESSION, service_lines(_LINES)),
        ]
    columns = ("lines", "pygrok", "toolkit", "times faster", "`--ecs v1`", "times faster")
    table(f"Whole processes, {_LINES:,} lines, s of CPU", columns, rows)


def _compare(folder: Path, title: str, expression: str, lines: Sequence[str]) -> tuple[str, ...]:
    script, log = folder / "script.py", folder / "lines.log"
    script.write_text(_SCRIPT, "utf-8")
    log.write_text("\n".join(lines) + "\n", "utf-8")
    match = [sys.executable, "-m", "toolkit", "grok", "match", expression, str(log)]
    seconds = interleaved_children(
        {
            "pygrok": [sys.executable, str(script), expression, str(log)],
            "disabled": [*match, "--ecs", "disabled"],
            "v1": [*match, "--ecs", "v1"],
        }
    )
    pygrok = seconds.pop("pygrok")
    ours = (text for own in seconds.values() for text in (f"{own:.2f}", f"{pygrok / own:.1f}"))
    return title, f"{pygrok:.2f}", *ours
