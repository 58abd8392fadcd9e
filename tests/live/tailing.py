"""A shipper and a Logstash in one: tails a file, and indexes what its lines become."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.live.shipping import Shipment
from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.evidence.logs.events import EventsOf, events
from toolkit.evidence.logs.joining import joining
from toolkit.evidence.logs.lines import GivenLines
from toolkit.evidence.logs.pipelines import Compiled
from toolkit.filebeat.config import Input
from toolkit.filebeat.reading import messages
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Query
from toolkit.verification import gather, report_bug

Event = dict[str, Any]


@dataclass
class Shipper:
    """What reads a file of a shipment, and does to events what shippers and pipelines do."""

    shipped: Shipment
    file: Path
    fault: Callable[[int, Event], list[Event]] = lambda number, event: [event]
    """From the number of an event and the event to what is indexed of it."""
    read: int = 0
    events: int = 0
    failure: Exception | None = None
    through: EventsOf = field(init=False)
    pipeline: Answer[Compiled] = field(init=False)
    settings: Input = field(init=False)
    ended: threading.Event = field(default_factory=threading.Event)

    def ready(self) -> None:
        """Compile the contract's pipeline."""
        contract = parse_contract(self.shipped.contract.read_text("utf-8"), source="toolkit.yml")
        scope = Scope(contract, str(self.shipped.folder))
        expected = contract.logs[0]
        through, joined = events(expected, scope)["samples"], joining(expected, scope)
        assert isinstance(through, EventsOf)
        assert joined is not None
        self.through, self.pipeline = through, self._answer(through.pipeline)
        self.settings = self._answer(joined).evidence

    def run(self) -> None:
        """Ship what comes, until the end."""
        try:
            while not self.ended.wait(0.02):
                self._ship()
        except Exception as error:
            self.failure = error

    def _ship(self) -> None:
        data = self.file.read_bytes() if self.file.exists() else b""
        new = data[self.read : data.rfind(b"\n") + 1].decode("utf-8", "surrogateescape")
        sent = []
        for event in self._events(new) if new else ():
            sent += self.fault(self.events, event)
            self.events += 1
        if sent:
            self.shipped.index(sent)
        self.read += len(new.encode("utf-8", "surrogateescape"))

    def is_idle(self) -> bool:
        """Whether all that is in the file is indexed."""
        return self.read == (self.file.stat().st_size if self.file.exists() else 0)

    def _events(self, text: str) -> Iterator[Event]:
        """What the contract's pipeline makes of these lines."""
        given = GivenLines(tuple(each.text for each in messages(text, self.settings)))
        for event in self.through.derive(given.derive(), self.pipeline).evidence:
            yield json.loads(json.dumps(event, default=str))

    def _answer(self, query: Query[Any]) -> Answer[Any]:
        files = FileSystem(self.shipped.folder)
        found = gather([query], [files], lambda system: None, report_bug)[query]
        assert isinstance(found, Answer), found
        return found


@contextmanager
def shipping(shipper: Shipper) -> Iterator[Shipper]:
    """A shipper at work, its pipeline compiled before."""
    shipper.ready()
    thread = threading.Thread(target=shipper.run, daemon=True)
    thread.start()
    try:
        yield shipper
    finally:
        shipper.ended.set()
        thread.join()
        assert shipper.failure is None, shipper.failure
