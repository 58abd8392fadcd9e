"""Small projects, written for a test and looked at by the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from toolkit.cli import main

CONFIGURATION = """\
filter {
  grok { match => { "message" => "^%{WORD:method} %{NOTSPACE:path} status=%{INT:status:int}" } }
}
"""

_SERVE = Path(__file__).parents[1] / "connectors" / "serve.py"

SERVICE = f"""\
service:
  start: "{{python}} {_SERVE} {{port}} {{scratch}}%s"
  ready: /ready
  log: app.log
  metrics: /metrics
  requests: [{{get: /, times: 3}}, {{get: /fault, status: 500}}]
"""
"""The tiny service of the tests; ``%s`` stands for its habits."""


def project(folder: Path, contract: str, **files: str) -> Path:
    """Write a contract, a pipeline and sample lines; names have ``_`` for their dot."""
    given = {"app_conf": CONFIGURATION, "app_log": "GET / status=200\n", **files}
    for name, text in {"toolkit_yml": contract, **given}.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def toolkit(*arguments: str, **environment: str) -> Result:
    """Call the command line in this process, in the current folder."""
    unset = dict.fromkeys(("NO_COLOR", "FORCE_COLOR", "TOOLKIT_RAISE"))
    result = CliRunner().invoke(main, arguments, env={**unset, **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result
