"""``toolkit logstash check`` on a configuration of some length, from start to end."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import child_seconds, table

_LINES = 200
_PART = """\
  if [log][source] == "part-{number}" and [message] =~ /^\\d/ {{
    grok {{
      match => {{
        "message" => "%{{TIMESTAMP_ISO8601:[@metadata][time]}} %{{LOGLEVEL:[log][level]}} {number}"
      }}
    }}
    date {{ match => ["[@metadata][time]", "ISO8601"] }}
    mutate {{ add_field => {{ "[labels][part]" => "{number}" }} }}
  }} else {{
    mutate {{ add_tag => ["not-{number}"] }}
  }}
"""


def main() -> None:
    """Print milliseconds of processor time."""
    size = _PART.count("\n")
    parts = [_PART.format(number=number) for number in range(_LINES // size)]
    configuration = "filter {\n" + "".join(parts) + "}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.conf")
        path.write_text(configuration, "utf-8")
        command = [sys.executable, "-m", "toolkit", "logstash", "check", str(path)]
        seconds = child_seconds(command)
    help_seconds = child_seconds([sys.executable, "-m", "toolkit", "--help"])
    lines = configuration.count("\n")
    rows = [
        ("`toolkit --help`", f"{help_seconds * 1e3:.0f}"),
        (f"`toolkit logstash check`, {lines} lines", f"{seconds * 1e3:.0f}"),
    ]
    table("Commands, ms of CPU", ("command", "ms"), rows)
