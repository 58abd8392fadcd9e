"""How a server is reached, how patiently, and that no secret is shown; against a stub."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest

from tests.waiting import PATIENCE
from toolkit.connectors.elasticsearch import (
    ElasticsearchAccess,
    ElasticsearchClient,
    LiveElasticsearch,
)
from toolkit.connectors.elasticsearch.bulk import BulkSink
from toolkit.connectors.http.failures import unreachable
from toolkit.connectors.sinks import StoreItem
from toolkit.errors import Unavailable, UsageError
from toolkit.evidence.elasticsearch.indices import AskedField, LiveIndex
from toolkit.evidence.elasticsearch.measures import Row
from toolkit.evidence.logs.lines import Line
from toolkit.findings import Location
from toolkit.model.expectations.targets import ElasticsearchTarget
from toolkit.model.queries import Answer, QueryFailure
from toolkit.reports.terminal.finding import render_finding

SECRET = "hunter2-is-no-secret"
DECLARED = Location("toolkit.yml", 1, 1)
QUERY = LiveIndex("app-*", (AskedField("status", "short", "status"),), (), DECLARED)


@dataclass
class Stub:
    """Answers each request with the next status and body; the last one again and again."""

    answers: list[tuple[int, Any]]
    url: str = ""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    """Is opened when the last answer has been waited for."""

    slow: int = 0
    """How many answers come too late."""

    def next(self) -> tuple[int, Any]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Answering(BaseHTTPRequestHandler):
    stub: ClassVar[Stub]

    def answer(self) -> None:
        self.stub.bodies.append(self.rfile.read(int(self.headers.get("content-length") or 0)))
        self.stub.requests.append((self.command, self.path, dict(self.headers.items())))
        if self.stub.slow:
            self.stub.slow -= 1
            self.stub.gate.wait(PATIENCE)
            return
        status, body = self.stub.next()
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("x-elastic-product", "Elasticsearch")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        """Nothing is printed."""


@contextmanager
def stubbed(*answers: tuple[int, Any]) -> Iterator[Stub]:
    stub = Stub(list(answers))
    handler = type("Answering", (_Answering,), {"stub": stub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listener:
        stub.url = f"http://127.0.0.1:{listener.server_address[1]}"
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield stub
        listener.shutdown()
        thread.join()


REFUSAL = {"error": {"root_cause": [{"reason": f"no such key [{SECRET}]"}], "type": "x"}}


def refusal(status: int, body: Any = REFUSAL, **credentials: Any) -> str:
    """What is said where the first request is answered so."""
    with stubbed((status, body)) as stub:
        found = LiveElasticsearch(ElasticsearchAccess(stub.url, patience=0, **credentials)).answer(
            [QUERY]
        )
    answer = found[QUERY]
    assert isinstance(answer, QueryFailure)
    return render_finding(answer.findings[0])


@pytest.mark.parametrize(
    "credentials", [{"api_key": SECRET}, {"username": "reader", "password": SECRET}], ids=str
)
def test_a_wrong_key_is_told_without_the_key(credentials: dict[str, Any]) -> None:
    said = refusal(401, **credentials)
    assert said.splitlines()[1].startswith(
        "  Elasticsearch rejected the credentials for `GET /app-*` (HTTP 401)"
    )
    assert "TOOLKIT_ELASTICSEARCH_API_KEY" in said
    assert SECRET not in said
    assert SECRET not in repr(ElasticsearchAccess("http://localhost:9200", **credentials))


STATUSES = {
    403: "Elasticsearch does not allow `GET /app-*` (HTTP 403)",
    404: "Elasticsearch has nothing at `GET /app-*` (HTTP 404)",
    405: "this Elasticsearch lacks `GET /app-*` (HTTP 405)",
    400: "Elasticsearch refused `GET /app-*` (HTTP 400)",
    429: "Elasticsearch is too busy for `GET /app-*` (HTTP 429)",
    503: "Elasticsearch is not ready for `GET /app-*` (HTTP 503)",
}


@pytest.mark.parametrize(("status", "said"), STATUSES.items())
def test_what_a_server_refuses_is_said(status: int, said: str) -> None:
    assert refusal(status).splitlines()[1].startswith(f"  {said}")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    pauses: list[float] = []
    with stubbed((status, {}), (status, {}), (200, {"ok": True})) as stub:
        client = ElasticsearchClient(ElasticsearchAccess(stub.url), pause=pauses.append)
        assert client.get("/_cluster/health") == {"ok": True}
        client.close()
    assert len(stub.requests) == 3
    assert 0.05 <= pauses[0] <= 0.1 <= pauses[1] <= 0.2


def test_a_server_that_is_slow_from_the_start_is_asked_again() -> None:
    with stubbed((200, {"ok": True})) as stub:
        stub.slow = 2
        client = ElasticsearchClient(
            ElasticsearchAccess(stub.url, timeout=0.2), pause=lambda seconds: None
        )
        assert client.get("/_cluster/health") == {"ok": True}
        client.close()
        stub.gate.set()
    assert len(stub.requests) == 3


def test_a_server_that_stays_slow_is_told_as_such() -> None:
    with stubbed((200, {})) as stub:
        stub.slow = 9
        client = ElasticsearchClient(
            ElasticsearchAccess(stub.url, timeout=0.2, patience=0), pause=lambda seconds: None
        )
        with pytest.raises(Unavailable) as raised:
            client.get("/_cluster/health")
        client.close()
        stub.gate.set()
    assert raised.value.finding.what.endswith("does not answer within 0.2 s")


def test_what_is_wrong_is_not_asked_again() -> None:
    with stubbed((400, {"error": "no"})) as stub:
        client = ElasticsearchClient(ElasticsearchAccess(stub.url), pause=lambda seconds: None)
        with pytest.raises(Unavailable):
            client.get("/x")
        client.close()
    assert len(stub.requests) == 1


def test_two_requests_with_the_credentials() -> None:
    indices = {"app-1": {"mappings": {"properties": {"status": {"type": "short"}}}}}
    with stubbed((200, indices), (200, {"hits": {"total": {"value": 0}}})) as stub:
        found = LiveElasticsearch(ElasticsearchAccess(stub.url, api_key="abc")).answer([QUERY])
    assert isinstance(found[QUERY], Answer)
    assert [(method, path.partition("?")[0]) for method, path, _ in stub.requests] == [
        ("GET", "/app-*"),
        ("POST", "/app-*/_search"),
    ]
    assert "allow_partial_search_results=false" in stub.requests[1][1]
    assert {headers["authorization"] for _, _, headers in stub.requests} == {"ApiKey abc"}


def target(**options: Any) -> ElasticsearchTarget:
    return ElasticsearchTarget(declared=DECLARED, **options)


def test_the_call_goes_before_the_environment_and_that_before_the_contract(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-file\n", "utf-8")
    own = target(url="http://own:9200", api_key_file="key", ca="ca.pem")
    environment = {"TOOLKIT_ELASTICSEARCH_URL": "http://env:9200"}
    for url, around, wanted in (
        ("http://call:9200", environment, ElasticsearchAccess("http://call:9200")),
        (None, environment, ElasticsearchAccess("http://env:9200")),
        (
            None,
            {},
            ElasticsearchAccess(
                "http://own:9200", api_key="from-file", ca=str(tmp_path / "ca.pem")
            ),
        ),
    ):
        assert ElasticsearchAccess.named(url, own, tmp_path, around) == wanted
    assert ElasticsearchAccess.named(None, None, tmp_path, {}) is None


def test_credentials_in_an_address_are_taken_out_of_it() -> None:
    found = ElasticsearchAccess.named(f"https://me:{SECRET}@host", None, Path(), {})
    assert found == ElasticsearchAccess("https://host", username="me", password=SECRET)
    assert found.shown == "host"


@pytest.mark.parametrize("url", ["host:9200", "ftp://host", f"http://me:{SECRET}@", "http://h:x"])
def test_what_is_no_address_is_told_without_it(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        ElasticsearchAccess.named(url, None, Path(), {})
    assert SECRET not in render_finding(raised.value.finding)


def test_a_file_of_a_secret_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        ElasticsearchAccess.named(
            None, target(url="http://own:9200", password_file="none"), tmp_path, {}
        )
    assert raised.value.finding.what == "`none` cannot be read"


def test_certificates_that_are_not_there(tmp_path: Path) -> None:
    access = ElasticsearchAccess("https://127.0.0.1:9", ca=str(tmp_path / "none.pem"))
    found = LiveElasticsearch(access).answer([QUERY])[QUERY]
    assert isinstance(found, QueryFailure)
    assert found.findings[0].what == f"`{tmp_path / 'none.pem'}` cannot be read as certificates"


def test_a_file_that_holds_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("none", "utf-8")
    access = ElasticsearchAccess("https://127.0.0.1:9", ca=str(tmp_path / "none.pem"))
    found = LiveElasticsearch(access).answer([QUERY])[QUERY]
    assert isinstance(found, QueryFailure)
    assert found.findings[0].why.endswith("it holds no certificate")


def test_a_certificate_is_not_asked_for_where_there_is_no_tls() -> None:
    with stubbed((200, {"ok": True})) as stub:
        client = ElasticsearchClient(ElasticsearchAccess(stub.url, ca="none.pem"))
        assert client.get("/_cluster/health") == {"ok": True}
        client.close()


def test_a_password_of_any_letters_is_sent_as_utf_8() -> None:
    with stubbed((200, {})) as stub:
        client = ElasticsearchClient(
            ElasticsearchAccess(stub.url, username="jörg", password="pässwörd")
        )
        client.get("/x")
        client.close()
    header = stub.requests[0][2]["authorization"]
    assert b64decode(header.removeprefix("Basic ")).decode() == "jörg:pässwörd"


@pytest.mark.parametrize("key", [f"{SECRET}\nx", f"{SECRET} x", f"{SECRET}ä"])
def test_a_key_that_cannot_be_one_is_told_without_it(key: str) -> None:
    with pytest.raises(UsageError) as raised:
        ElasticsearchAccess.named(
            "http://host", None, Path(), {"TOOLKIT_ELASTICSEARCH_API_KEY": key}
        )
    assert raised.value.finding.what == "the API key for Elasticsearch is malformed"
    assert SECRET not in render_finding(raised.value.finding)


def test_the_privilege_that_is_missing_is_named() -> None:
    reason = (
        "action [indices:data/read/search] is unauthorized for user [a] with effective roles [b]"
        " on indices [c], this action is granted by the index privileges [read,all]"
    )
    said = refusal(403, {"error": {"root_cause": [{"reason": reason}]}})
    assert "give the user the index privilege `read`." in said


def test_what_is_too_large_is_sent_in_halves() -> None:
    with stubbed((413, {}), results(201, 201), (413, {}), results(201), results(201)) as stub:
        sink = BulkSink(ElasticsearchAccess(stub.url), "app-*", pause=lambda seconds: None)
        sink.add([item(number) for number in range(4)])
    assert str(sink.account) == "sent 4 = stored 4 + there already 0 + rejected 0"
    assert [body.count(b"\n") // 2 for body in stub.bodies] == [4, 2, 2, 1, 1]


def test_an_event_that_is_too_large_is_told() -> None:
    with stubbed((413, {})) as stub:
        sink = BulkSink(ElasticsearchAccess(stub.url), "app-*", pause=lambda seconds: None)
        with pytest.raises(Unavailable) as raised:
            sink.add([item(number) for number in range(4)])
    assert raised.value.finding.what == "`POST /_bulk` is too large for Elasticsearch (HTTP 413)"
    assert len(stub.requests) == 3


def test_events_that_may_not_be_written_end_the_loading() -> None:
    with stubbed(results(201, 403)) as stub:
        sink = BulkSink(ElasticsearchAccess(stub.url), "app-*", pause=lambda seconds: None)
        with pytest.raises(Unavailable) as raised:
            sink.add([item(number) for number in range(2)])
        sink.close()
    assert raised.value.finding.what == "Elasticsearch does not allow `POST /_bulk` (HTTP 403)"
    assert str(sink.account) == "sent 1 = stored 1 + there already 0 + rejected 0"
    assert len(stub.requests) == 1


WORDS = {
    "certificate verify failed: certificate has expired (_ssl.c:1006)": "renew the server's",
    "certificate verify failed: self-signed certificate (_ssl.c:1006)": "name the certificate",
    "hostname '127.0.0.1' doesn't match 'host'": "ask it by a name",
    "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)": "write `http://`",
    "Connection refused": "start it",
}


@pytest.mark.parametrize(("words", "fix"), WORDS.items())
def test_why_there_is_no_answer(words: str, fix: str) -> None:
    found = unreachable(
        ElasticsearchAccess("https://host:9200", password=SECRET), OSError(f"{words} {SECRET}")
    )
    assert found.fix.startswith(fix)
    assert SECRET not in render_finding(found)


def item(number: int) -> StoreItem:
    event = {"@timestamp": "2026-01-10T00:00:00Z", "number": number}
    at = 1_768_003_200_000
    return StoreItem(UUID(int=number), Line("app.log", number, "x"), event, Row(at=at))


def results(*statuses: int) -> tuple[int, Any]:
    error = {"reason": "[1:9] failed to parse in document with id '7'", "caused_by": {"type": "y"}}
    items = [{"create": {"status": status, "error": error}} for status in statuses]
    return 200, {"errors": True, "items": items}


def test_only_what_was_too_much_is_sent_again() -> None:
    with stubbed(results(201, 429, 409, 400), results(201), (200, {})) as stub:
        sink = BulkSink(ElasticsearchAccess(stub.url), "app-*", pause=lambda seconds: None)
        sink.add([item(number) for number in range(4)])
        sink.close()
    assert str(sink.account) == "sent 4 = stored 2 + there already 1 + rejected 1"
    assert sink.account.rejected == {"failed to parse (y)": 1}
    assert sink.account.examples["failed to parse (y)"].number == 3
    first, second, _ = stub.bodies
    assert first.count(b"\n") == 8
    action, document, _ = second.split(b"\n")
    assert json.loads(action) == {"create": {"_index": "app-2026.01.10", "_id": UUID(int=1).hex}}
    assert json.loads(document)["number"] == 1
    assert stub.requests[2][1].startswith("/app-*/_refresh")


def test_what_stays_too_much_is_said() -> None:
    with stubbed(results(429)) as stub:
        sink = BulkSink(
            ElasticsearchAccess(stub.url, patience=0.05), "app-*", pause=lambda seconds: None
        )
        with pytest.raises(Unavailable) as raised:
            sink.add([item(0)])
    assert raised.value.finding.what == "Elasticsearch is too busy to take 1 events"


def test_large_batches_are_sent_in_parts() -> None:
    large = [replace(item(n), event={"text": "x" * 3_000_000}) for n in range(3)]
    with stubbed(results(201)) as stub:
        sink = BulkSink(ElasticsearchAccess(stub.url), "app-*", pause=lambda seconds: None)
        sink.add(large)
    assert [body.count(b"\n") for body in stub.bodies] == [2, 2, 2]
