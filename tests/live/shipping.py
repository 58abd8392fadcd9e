"""Fills a real Elasticsearch with what the shipped pipeline makes of the sample lines."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from click.testing import CliRunner

from tests.acceptance import ROOT
from toolkit.cli import main
from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.evidence.logs.events import events
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer
from toolkit.verification import gather, report_bug

CONTRACT = """\
logs:
  - name: requests
    samples: pipelines/samples/*.log
    pipeline: pipelines/logstash/*.conf
    shipper: pipelines/filebeat/filebeat.yml
    index: {index}-*
    template: pipelines/elasticsearch/template.json
    fields:
      "@timestamp": date
      log.level: {{type: keyword, role: level}}
      message: text
      http.request.method: keyword
      url.path: {{type: keyword, role: route}}
      http.response.status_code: {{type: short, role: status, between: [100, 599]}}
      latency_ms: {{type: float, role: latency, at_least: 0}}
"""


def call(url: str, method: str, path: str, body: Any = None) -> Any:
    """One request, and what is answered to it, whatever the status."""
    lines = isinstance(body, str)
    data = None if body is None else (body if lines else json.dumps(body)).encode()
    kind = "application/x-ndjson" if lines else "application/json"
    request = urllib.request.Request(url + path, data, {"content-type": kind}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return json.loads(error.read() or b"{}")


@cache
def _events() -> tuple[Mapping[str, Any], ...]:
    text = (ROOT / "toolkit.yml").read_text("utf-8")
    scope = Scope(parse_contract(text, source="toolkit.yml"), str(ROOT))
    query = events(scope.contract.logs[0], scope)["samples"]
    answer = gather([query], [FileSystem(ROOT)], lambda system: None, report_bug)[query]
    assert isinstance(answer, Answer), answer
    return tuple(json.loads(json.dumps(event, default=str)) for event in answer.evidence)


def sample_events() -> list[dict[str, Any]]:
    """What the shipped pipeline makes of the sample lines."""
    return deepcopy([dict(event) for event in _events()])


@dataclass
class Shipment:
    """Indices of a name nobody else uses, a template of theirs, and a contract of both."""

    url: str
    folder: Path
    name: str = field(default_factory=lambda: f"live-{uuid4().hex[:10]}")

    @property
    def contract(self) -> Path:
        return self.folder / "toolkit.yml"

    def unpack(self) -> None:
        """Write the files of the project."""
        shutil.copytree(ROOT / "pipelines", self.folder / "pipelines")
        self.contract.write_text(CONTRACT.format(index=self.name), "utf-8")
        for name in ("elasticsearch/template.json", "logstash/app.conf"):
            file = self.folder / "pipelines" / name
            text = file.read_text("utf-8")
            file.write_text(text.replace("sre-pleno-app-", f"{self.name}-"), "utf-8")

    def template(self) -> Any:
        """The template that ships, for indices of this name."""
        text = (self.folder / "pipelines/elasticsearch/template.json").read_text("utf-8")
        return json.loads(text)

    def install(self, template: Any = None) -> None:
        """Install the template; another one in its place, if it is given."""
        answer = call(
            self.url, "PUT", f"/_index_template/{self.name}", template or self.template()
        )
        assert answer.get("acknowledged"), answer

    def index(self, found: Iterable[Mapping[str, Any]], day: str | None = None) -> None:
        """Index events into the indices of their days."""
        lines: list[str] = []
        for event in found:
            suffix = day or event["@timestamp"][:10].replace("-", ".")
            lines.append(json.dumps({"create": {"_index": f"{self.name}-{suffix}"}}))
            lines.append(json.dumps(event))
        answer = call(self.url, "POST", "/_bulk?refresh=true", "\n".join(lines) + "\n")
        assert not answer["errors"], answer

    def verify(self, *options: str) -> tuple[int, Any]:
        """Run ``toolkit verify`` against the server: the exit code, and the report."""
        arguments = ["verify", str(self.contract), "--elasticsearch", self.url, "--format", "json"]
        done = CliRunner().invoke(main, [*arguments, *options], catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout or "null")

    def replay(self, recording: str) -> tuple[int, Any]:
        """Judge a recording, without a server."""
        arguments = ["verify", str(self.contract), "--replay", recording, "--format", "json"]
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout or "null")

    def clean(self) -> None:
        """Take it all away."""
        call(self.url, "DELETE", f"/{self.name}-*")
        call(self.url, "DELETE", f"/_index_template/{self.name}")


@contextmanager
def shipment(url: str, folder: Path) -> Iterator[Shipment]:
    """A shipment, cleaned up in the end."""
    shipped = Shipment(url, folder)
    shipped.unpack()
    try:
        yield shipped
    finally:
        shipped.clean()
