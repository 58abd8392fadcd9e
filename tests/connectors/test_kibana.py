"""How a Kibana is reached and asked, how patiently, and what is said where it is not."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.kibana.listening import Fault
from tests.kibana.server import Stub, running
from toolkit.connectors.kibana import KibanaAccess, LiveKibana
from toolkit.errors import UsageError
from toolkit.evidence.kibana.kibana_queries import (
    DeployedObjects,
    ObjectsQuery,
    StatusQuery,
    ViewsQuery,
)
from toolkit.findings import Finding, Location
from toolkit.model.expectations.targets import KibanaTarget
from toolkit.model.queries import Answer, Leaf, QueryFailure
from toolkit.reports.terminal.finding import render_finding

SECRET = "hunter2"
VIEW = {"type": "index-pattern", "id": "v", "attributes": {"title": "a-*"}, "references": []}
LENS = {"type": "lens", "id": "l", "attributes": {"title": "é"}, "references": []}
OBJECTS = {("index-pattern", "v"): VIEW, ("lens", "l"): LENS}
ALL: tuple[Leaf[Any], ...] = (StatusQuery(), ObjectsQuery(tuple(OBJECTS)), ViewsQuery(("v",)))


def stub(*faults: Fault, **more: Any) -> Stub:
    fields: Any = {"a-*": {"status": ("short",)}}
    return Stub(objects=dict(OBJECTS), faults=list(faults), fields=fields, **more)


def asked(where: KibanaAccess, *leaves: Leaf[Any]) -> list[Answer[Any] | QueryFailure]:
    found = LiveKibana(where).answer(leaves)
    return [found[leaf] for leaf in leaves]


def why_not(where: KibanaAccess, leaf: Leaf[Any] | None = None) -> Finding:
    (answer,) = asked(where, leaf or ObjectsQuery(tuple(OBJECTS)))
    assert isinstance(answer, QueryFailure), answer
    (finding,) = answer.findings
    assert SECRET not in render_finding(finding)
    assert SECRET not in repr(where)
    return finding


def test_all_is_answered_and_keeps_to_the_schemas() -> None:
    with running(stub(api_key=SECRET)) as kibana:
        status, objects, views = asked(KibanaAccess(kibana.url, api_key=SECRET), *ALL)
    assert isinstance(status, Answer)
    assert isinstance(objects, Answer)
    assert isinstance(views, Answer)
    assert json.loads(status.evidence.text)["status"]["overall"]["level"] == "available"
    assert [json.loads(line) for line in objects.evidence.text.splitlines()] == [VIEW, LENS]
    assert json.loads(views.evidence.texts["v"])["data_view"]["fields"]["status"]["type"]
    assert (objects.origin, objects.sampled) == (f"Kibana at {kibana.url[7:]}", 2)


def test_nothing_but_reading_is_asked_and_within_the_space() -> None:
    with running(stub(spaces=("shop",))) as kibana:
        answers = asked(KibanaAccess(kibana.url, space="shop"), *ALL)
    assert all(isinstance(each, Answer) for each in answers), answers
    assert kibana.seen == [
        "GET /s/shop/api/status",
        "POST /s/shop/api/saved_objects/_export",
        "GET /s/shop/api/data_views",
        "GET /s/shop/api/data_views/data_view/v",
    ]
    assert kibana.objects == OBJECTS


def test_what_is_not_there_is_said_to_be_missing() -> None:
    gone = (("lens", "x"), ("dashboard", "y"))
    with running(stub()) as kibana:
        some, none, views = asked(
            KibanaAccess(kibana.url),
            ObjectsQuery((*gone, ("lens", "l"))),
            ObjectsQuery(gone),
            ViewsQuery(("x",)),
        )
    assert isinstance(some, Answer)
    assert isinstance(none, Answer)
    assert isinstance(views, Answer)
    assert (json.loads(some.evidence.text), some.evidence.missing) == (LENS, gone)
    assert none.evidence == DeployedObjects("", gone)
    assert (views.evidence.texts, views.sampled) == ({}, 0)


PASSING = [Fault.RESET, Fault.CUT, Fault.STARTING, Fault.BUSY]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.name)
def test_what_passes_is_waited_for(fault: Fault) -> None:
    with running(stub(fault, fault)) as kibana:
        (answer,) = asked(KibanaAccess(kibana.url), ObjectsQuery(tuple(OBJECTS)))
    assert isinstance(answer, Answer), answer
    assert len(answer.evidence.text.splitlines()) == 2


REFUSALS = {
    Fault.RESET: "Kibana at {} does not answer",
    Fault.CUT: "the answer to `POST /api/saved_objects/_export` was cut off",
    Fault.SHORT: "the answer to `POST /api/saved_objects/_export` was cut off",
    Fault.STARTING: "Kibana is not ready for `POST /api/saved_objects/_export` (HTTP 503)",
    Fault.BUSY: "Kibana is too busy for `POST /api/saved_objects/_export` (HTTP 429)",
    Fault.EXPIRED: (
        "Kibana rejected the credentials for `POST /api/saved_objects/_export` (HTTP 401)"
    ),
    Fault.FORBIDDEN: "Kibana does not allow `POST /api/saved_objects/_export` (HTTP 403)",
    Fault.LOGIN: ("`POST /api/saved_objects/_export` is redirected to a login page (HTTP 302)"),
    Fault.MOVED: "`POST /api/saved_objects/_export` is redirected (HTTP 302)",
    Fault.PAGE: ("`POST /api/saved_objects/_export` is answered by a web page, not by data"),
}


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: fault.name)
def test_what_does_not_pass_is_named(fault: Fault) -> None:
    with running(stub(*[fault] * 9)) as kibana:
        where = KibanaAccess(kibana.url, username="ann", password=SECRET, patience=0)
        finding = why_not(where)
        assert finding.what == REFUSALS[fault].format(kibana.url[7:])
        assert str(finding.where) == f"kibana:{kibana.url[7:]}"


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.DRIP], ids=lambda fault: fault.name)
def test_nobody_waits_longer_than_the_time_out(fault: Fault) -> None:
    with running(stub(fault)) as kibana:
        finding = why_not(KibanaAccess(kibana.url, timeout=0.2, patience=0))
    assert finding.what == f"Kibana at {kibana.url[7:]} does not answer within 0.2 s"


def test_a_secret_that_kibana_repeats_is_not_shown() -> None:
    with running(stub(Fault.EXPIRED)) as kibana:
        finding = why_not(KibanaAccess(kibana.url, api_key=SECRET))
    assert finding.why == "it reports: api key … has expired"


def test_the_page_of_a_proxy_is_named_by_its_title() -> None:
    with running(stub(Fault.PAGE)) as kibana:
        assert why_not(KibanaAccess(kibana.url)).why == "it is titled: Sign in to Shop"


def test_a_redirect_is_shown_without_what_it_carries() -> None:
    with running(stub(Fault.LOGIN, Fault.MOVED)) as kibana:
        login, moved = (why_not(KibanaAccess(kibana.url)).why for _ in range(2))
    assert login == "it redirects to `/login`, which is for people at a browser"
    assert moved == "it redirects to `/kibana/api`"


def test_another_refusal_of_an_export_is_none_of_something_missing() -> None:
    body = {
        "statusCode": 400,
        "error": "Bad Request",
        "message": "Error fetching objects to export",
        "attributes": {
            "objects": [
                {
                    "type": "lens",
                    "id": "l",
                    "error": {
                        "statusCode": 403,
                        "error": "Forbidden",
                        "message": "Unable to bulk_get lens:l",
                    },
                }
            ]
        },
    }
    with running(stub(answers={"/api/saved_objects/_export": (400, json.dumps(body))})) as kibana:
        findings = [
            why_not(KibanaAccess(kibana.url), ObjectsQuery(names))
            for names in ((("lens", "l"),), (("lens", "l"), ("lens", "m")))
        ]
    assert [each.why for each in findings] == ["it reports: Unable to bulk_get lens:l"] * 2


def test_a_space_that_is_not_there() -> None:
    with running(stub()) as kibana:
        finding = why_not(KibanaAccess(kibana.url, space="shop"), ViewsQuery(("v",)))
    assert finding.what == "Kibana has nothing at `GET /api/data_views` (HTTP 404)"
    assert finding.fix == "correct the address, or create the space `shop`."


def test_a_kibana_that_says_it_is_critical_is_heard_in_the_end() -> None:
    with running(stub(level="critical")) as kibana:
        (answer,) = asked(KibanaAccess(kibana.url, patience=0), StatusQuery())
    assert isinstance(answer, Answer), answer
    assert json.loads(answer.evidence.text)["status"]["overall"]["level"] == "critical"


def test_one_that_starts_is_waited_for_once_for_all() -> None:
    with running(stub(*[Fault.STARTING] * 99)) as kibana:
        answers = asked(KibanaAccess(kibana.url, patience=0.6), *ALL)
    assert all(isinstance(each, QueryFailure) for each in answers)
    assert len(kibana.faults) <= 99 - 3


def test_patience_that_is_at_its_end_is_so_for_later_questions_too() -> None:
    with running(stub(*[Fault.STARTING] * 99)) as kibana:
        live = LiveKibana(KibanaAccess(kibana.url, patience=0.11))
        live.answer([StatusQuery()])
        left = len(kibana.faults)
        live.answer([ViewsQuery(("v",))])
    assert left - len(kibana.faults) == 1


def test_who_breaks_off_waits_no_longer() -> None:
    with running(stub(*[Fault.STARTING] * 99)) as kibana:
        live = LiveKibana(KibanaAccess(kibana.url, patience=600))
        live.close()
        (answer,) = live.answer([StatusQuery()]).values()
    assert isinstance(answer, QueryFailure)


@contextmanager
def secured(folder: Path, **certificate: Any) -> Iterator[tuple[Stub, str]]:
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1", **certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with running(stub(api_key=SECRET), context) as kibana:
        yield kibana, str(folder / "ca.pem")


def test_a_certificate_of_an_authority_of_ones_own(tmp_path: Path) -> None:
    with secured(tmp_path) as (kibana, ca):
        where = KibanaAccess(kibana.url, api_key=SECRET, ca=ca)
        (answer,) = asked(where, StatusQuery())
        assert isinstance(answer, Answer), answer
        finding = why_not(replace(where, ca=None))
        assert finding.what == f"Kibana at {kibana.url[8:]} cannot be trusted"
        assert finding.fix.endswith("TOOLKIT_KIBANA_CA.")


def test_a_certificate_that_is_expired(tmp_path: Path) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    with secured(tmp_path, not_before=past - timedelta(days=1), not_after=past) as (kibana, ca):
        finding = why_not(KibanaAccess(kibana.url, api_key=SECRET, ca=ca))
    assert finding.fix == "renew the server's certificate."


def test_certificates_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate", "utf-8")
    for name in ("ca.pem", "gone.pem"):
        finding = why_not(KibanaAccess("https://127.0.0.1:9", ca=str(tmp_path / name)))
        assert finding.what.endswith(f"{name}` cannot be read as certificates")


DECLARED = Location("toolkit.yml", 1, 1)
OWN = KibanaTarget(
    declared=DECLARED, url="http://kibana:5601/", space="shop", username="ann", writable=True
)


def reach(
    named: str | None, target: KibanaTarget | None = None, folder: Path = Path(), **names: str
) -> KibanaAccess | None:
    environment = {f"TOOLKIT_KIBANA_{name.upper()}": value for name, value in names.items()}
    return KibanaAccess.named(named, target, folder, environment)


def test_the_call_goes_before_the_environment_and_that_before_the_contract() -> None:
    found = [reach("http://a"), reach(None, OWN, url="http://b"), reach(None, OWN), reach(None)]
    assert [each and each.url for each in found] == [
        "http://a",
        "http://b",
        "http://kibana:5601",
        None,
    ]


def test_what_the_contract_says_holds_for_its_own_kibana_only(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n", "utf-8")
    target = replace(OWN, api_key_file="key")
    own = reach("http://kibana:5601", target, tmp_path)
    other = reach("http://other:5601", target, tmp_path)
    assert own == KibanaAccess(
        "http://kibana:5601", "ann", api_key=SECRET, writable=True, space="shop"
    )
    assert other == KibanaAccess("http://other:5601")


def test_names_and_passwords_of_the_address_and_of_the_environment() -> None:
    found = reach("http://ann:p%40ss@kibana/base/", ca="/ca.pem", space="shop")
    assert found == KibanaAccess("http://kibana/base", "ann", "p@ss", ca="/ca.pem", space="shop")
    assert found is not None
    assert found.dashboard("a b") == "http://kibana/base/s/shop/app/dashboards#/view/a%20b"
    found = reach("http://kibana", username="ann", password="p", api_key="k")
    assert found == KibanaAccess("http://kibana", "ann", "p", "k")


@pytest.mark.parametrize("url", ["", "kibana:5601", "ftp://kibana", "http://", "http://k:x"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        reach(url)
    assert caught.value.finding.what == "the URL of Kibana is not a plain http(s) URL"


def test_a_file_of_a_secret_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        reach(None, replace(OWN, password_file="gone"), tmp_path)
    assert caught.value.finding.what == "`gone` cannot be read"


@pytest.mark.parametrize("key", ["two words", "hunter2\nx", "hünter2"])
def test_a_key_that_is_none_is_not_shown(key: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{key}\n", "utf-8")
    with pytest.raises(UsageError) as caught:
        reach(None, replace(OWN, api_key_file="key"), tmp_path)
    assert caught.value.finding.what == "the API key for Kibana is malformed"
    assert key not in render_finding(caught.value.finding)


def test_a_password_may_have_any_letters() -> None:
    with running(stub(expects="Basic YW5uOuKCrMOk")) as kibana:
        (answer,) = asked(KibanaAccess(kibana.url, username="ann", password="€ä"), StatusQuery())
    assert isinstance(answer, Answer), answer
