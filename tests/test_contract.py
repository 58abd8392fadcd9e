"""Contracts are read with the place of every promise, and refused with every fault."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import read_cases
from toolkit.contract import json_schema, parse_contract
from toolkit.errors import ContractError
from toolkit.findings import Finding
from toolkit.model.contract import Contract

ROOT = Path(__file__).parents[1]


def read(text: str) -> Contract:
    return parse_contract(text, source="toolkit.yml")


def faults(text: str) -> tuple[Finding, ...]:
    with pytest.raises(ContractError) as raised:
        read(text)
    return raised.value.findings


def faults_or_none(text: str) -> tuple[Finding, ...]:
    try:
        read(text)
    except ContractError as error:
        return error.findings
    return ()


def test_the_whole_form() -> None:
    contract = read((ROOT / "toolkit.yml").read_text("utf-8"))
    assert contract.service is not None
    assert contract.service.requests[0].get == "/"
    status = contract.logs[0].fields["http.response.status_code"]
    assert (status.type, status.role, status.between) == ("short", "status", (100, 599))
    assert contract.metrics is not None
    assert contract.metrics.series[0].labels == ("method", "route", "status")


def test_a_stand_in_that_no_event_can_have_is_a_fault() -> None:
    (found,) = faults('logs: [{stand_ins: {geoip: {"[geo": 1}, dns: {}}}]')
    assert found.what == "item 1 of `logs`: the stand-in for `geoip`: `[geo` is no field reference"


def test_an_item_stands_for_a_list_of_one() -> None:
    text = "logs: {samples: a.log}\nsuppress: {check: x/y, reason: r, expires: 2999-01-01}\n"
    contract = read(text + "metrics: {series: up}\nservice: {start: x, requests: {get: /}}\n")
    assert [each.samples for each in contract.logs] == [("a.log",)]
    assert contract.logs[0].declared.line == 1
    assert [each.check for each in contract.suppress] == ["x/y"]
    assert contract.metrics
    assert [each.name for each in contract.metrics.series] == ["up"]
    assert contract.service
    assert [each.get for each in contract.service.requests] == ["/"]
    jsonschema.validate({"logs": {"samples": "a.log"}}, json_schema())
    (found,) = faults("logs: {sample: a.log}")
    assert (found.fix, str(found.where)) == ("did you mean `samples`?", "toolkit.yml:1:8")


@pytest.mark.parametrize(
    ("deployment", "said"),
    [
        ("{versions: {logstash: 8.10}}", 'write it in quotes: `"8.10"`.'),
        ("{variables: {A: true}}", 'write it in quotes: `"true"`.'),
        ("{versions: {logstash: latest}}", "`latest` of logstash is no version, such as `8.19`"),
        ('{versions: {logstash: ""}}', "`` of logstash is no version"),
        ('{versions: {logstahs: "8.19"}}', "did you mean `logstash`?"),
        ("{mounts: {etc/logstash: ./conf}}", "`etc/logstash` of `mounts` is no absolute path"),
        ("{mounts: {/etc/logstash: /conf}}", "`/conf`, mounted at `/etc/logstash`, is no path of"),
        ('{mounts: {/etc/logstash: ""}}', "``, mounted at `/etc/logstash`, is no path of"),
    ],
)
def test_facts_of_a_deployment_that_cannot_be(deployment: str, said: str) -> None:
    (found,) = faults(f"deployment: {deployment}")
    assert said in found.what + found.fix


def test_versions_and_mounts() -> None:
    stated = "{versions: {logstash: '8.10', own: v1.2.3-rc1}, mounts: {/a: ., /b: ./x, /c: ../y}}"
    found = read(f"deployment: {stated}").deployment
    assert found
    assert (len(found.versions), len(found.mounts)) == (2, 3)


def test_every_section_is_optional() -> None:
    for text in ("", "# nothing\n", "version: 1\n", "service:\n"):
        assert not list(read(text).expectations())[1:]


def test_short_forms() -> None:
    contract = read(
        "logs: [{samples: app.log, fields: {latency_ms: float}}]\n"
        "metrics: {series: [up, {name: seconds, slo: 0.5, labels: le}], external: node_}\n"
    )
    (log,), metrics = contract.logs, contract.metrics
    assert log.samples == ("app.log",)
    assert log.fields["latency_ms"].type == "float"
    assert metrics is not None
    assert [each.name for each in metrics.series] == ["up", "seconds"]
    assert (metrics.series[1].slo, metrics.series[1].labels) == ((0.5,), ("le",))
    assert metrics.external == ("node_",)


def test_every_promise_knows_where_it_is_declared() -> None:
    contract = read(
        "service:\n"
        "  start: serve\n"
        "  requests:\n"
        "    - {get: /}\n"
        "logs:\n"
        "  - fields:\n"
        "      a: short\n"
        "      b: {type: float}\n"
        "metrics:\n"
        "  series:\n"
        "    - up\n"
        "suppress:\n"
        "  - {check: '*', reason: r, expires: 2026-01-31}\n"
    )
    service, metrics, (log,) = contract.service, contract.metrics, contract.logs
    assert service is not None
    assert metrics is not None
    promises = (
        contract,
        service,
        service.requests[0],
        log,
        log.fields["a"],
        log.fields["b"],
        metrics.series[0],
        contract.suppress[0],
    )
    assert [str(each.declared) for each in promises] == [
        "toolkit.yml:1:1",
        "toolkit.yml:2:3",
        "toolkit.yml:4:7",
        "toolkit.yml:6:5",
        "toolkit.yml:7:7",
        "toolkit.yml:8:7",
        "toolkit.yml:11:7",
        "toolkit.yml:13:5",
    ]
    assert contract.suppress[0].expires == date(2026, 1, 31)


@dataclass(frozen=True)
class Fault:
    text: str
    where: str
    what: str
    fix: str


FAULTS = {
    "a time that is none": Fault(
        "scaling: {within: soon}\n", "1:19", "`within` is `soon`, which is", "correct the"
    ),
    "a time below zero": Fault(
        "scaling: {back: -1}\n", "1:10", "`scaling`: `within`, `back` and", "correct the value"
    ),
    "a cost that is none": Fault(
        "scaling: {cost: 20}\n", "1:17", "`cost` is `20`, which is invalid", "correct the value"
    ),
    "as many generators as none": Fault(
        "scaling: {workers: 0}\n", "1:10", "`workers` is 1 or more, or `auto`", "correct the value"
    ),
    "a word like another": Fault(
        "scaling: {flaps: nver}\n", "1:18", "`flaps` is `nver`", "did you mean `never`?"
    ),
    "a quantity that is injected": Fault(
        "kubernetes: {injected: [{name: x, limits: {cpu: fast}}]}\n",
        "1:25",
        "item 1 of `injected`: `fast` is not a quantity",
        "correct the value",
    ),
    "a key that is misspelt": Fault(
        "logs:\n- {sample: app.log}\n", "2:4", "`sample` is no key", "did you mean `samples`?"
    ),
    "a key like no other": Fault(
        "service: {start: x, colour: red}\n", "1:21", "`colour` is no key", "the keys here are"
    ),
    "a key of the whole": Fault(
        "metric: {}\n", "1:1", "`metric` is no key of a contract here", "did you mean `metrics`?"
    ),
    "a key within a field": Fault(
        "logs: [{fields: {a: {type: short, rol: x}}}]\n", "1:35", "`rol` is no key", "`role`?"
    ),
    "a key of the model's own": Fault(
        "logs: [{declared: here}]\n", "1:9", "`declared` is no key", "the keys here are"
    ),
    "a key that stands twice": Fault(
        "service: {start: x}\nservice: {start: y}\n", "2:1", "duplicate key `service`", "keep one"
    ),
    "a key that is missing": Fault(
        "service: {ready: /}\n", "1:10", "`start` is missing", "add `start:` here."
    ),
    "a number that is none": Fault(
        "service: {start: x, stop_within: soon}\n",
        "1:34",
        "`stop_within` is `soon`, which is invalid",
        "`toolkit schema` prints the schema.",
    ),
    "a list where a text belongs": Fault(
        "logs: [{index: [a]}]\n", "1:16", "`index` is a list", "correct the value"
    ),
    "a mapping where a list of texts belongs": Fault(
        "logs: [{samples: {a: b}}]\n", "1:18", "`samples` is a mapping", "correct the value"
    ),
    "nothing where a list belongs": Fault(
        "logs: [{samples: }]\n", "1:18", "`samples` is empty", "correct the value"
    ),
    "a word that is misspelt": Fault(
        "logs: [{fields: {a: {type: x, role: latence}}}]\n",
        "1:37",
        "`role` is `latence`",
        "did you mean `latency`?",
    ),
    "an interval with one end": Fault(
        "logs: [{fields: {a: {type: x, between: [1]}}}]\n",
        "1:40",
        "`between` is a list",
        "correct",
    ),
    "a request that is none": Fault(
        "service: {start: x, requests: [{times: 3}]}\n",
        "1:32",
        "item 1 of `requests`: a request has one of",
        "correct the value",
    ),
    "a day there is not": Fault(
        "suppress: [{check: x, reason: r, expires: 2026-02-30}]\n",
        "1:43",
        "`expires` is `2026-02-30`",
        "correct the value",
    ),
    "a suppression without a reason": Fault(
        "suppress: [{check: x, expires: 2026-01-31}]\n", "1:12", "`reason` is missing", "add"
    ),
    "a version from the future": Fault(
        "version: 2\n", "1:10", "`version` is `2`", "correct the value"
    ),
    "a list as the whole": Fault("- a\n", "1:1", "the contract is a list", "toolkit init"),
    "a word as the whole": Fault("hello\n", "1:1", "the contract is `hello`", "toolkit init"),
    "a text that is no YAML": Fault("a: b: c\n", "1:5", "not valid YAML", "quote texts"),
    "a tab that indents": Fault("a:\n\tb: c\n", "2:1", "not valid YAML", "indent with blanks"),
    "a character YAML does not take": Fault("a: \0\n", "1:4", "not valid YAML", "correct"),
    "two documents": Fault("version: 1\n---\nversion: 1\n", "3:1", "not valid YAML", "keep one"),
    "an alias of nothing": Fault("logs: *x\n", "1:7", "not valid YAML", "correct the line"),
    "an alias of itself": Fault("logs: &x [*x]\n", "1:11", "not valid YAML", "correct"),
}


def test_a_value_that_fits_no_choice_is_one_fault() -> None:
    (found,) = faults("scaling: {within: soon}\n")
    assert found.why == "the type of the value is a number or `auto`"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_at_its_place(fault: Fault) -> None:
    found, *_ = faults(fault.text)
    assert str(found.where) == f"toolkit.yml:{fault.where}"
    assert fault.what in found.what
    assert fault.fix in found.fix


def test_nothing_is_made_of_a_tag_that_makes_objects() -> None:
    service = read("service: {start: !!python/name:os.system x}\n").service
    assert service is not None
    assert service.start == "x"


def test_all_faults_are_reported_at_once() -> None:
    found = faults(
        "service: {start: x, start: y, redy: /}\n"
        "logs: [{sample: a, fields: {b: {}}}]\n"
        "metrics: {max_series: many}\n"
    )
    assert [str(each.where) for each in found] == [
        "toolkit.yml:1:21",
        "toolkit.yml:1:31",
        "toolkit.yml:2:32",
        "toolkit.yml:2:9",
        "toolkit.yml:3:23",
    ]


@given(st.text(alphabet="ab: -[]{}\"'#&*!|>%@\n\t0é\\,?~.<"))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for finding in faults_or_none(text):
        assert finding.what
        assert finding.fix.endswith((".", "?"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["service", "logs", "metrics", "suppress", "fields", "start", "type", "declared"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(VALUES)
def test_any_data_is_read_or_refused_in_words(data: object) -> None:
    assert all(each.where.line for each in faults_or_none(yaml.safe_dump(data)))


CONTRACTS = {
    "this repository's": (ROOT / "toolkit.yml").read_text("utf-8"),
    **{
        f"{case.path.stem}: {case.title}": case.blocks["toolkit.yml"]
        for case in read_cases(ROOT / "tests" / "checks")
    },
}


def valid(text: str) -> bool:
    data: Any = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return jsonschema.Draft202012Validator(json_schema()).is_valid(data)


@pytest.mark.parametrize("text", CONTRACTS.values(), ids=CONTRACTS)
def test_the_json_schema_accepts_what_is_a_contract(text: str) -> None:
    assert valid(text)


@pytest.mark.parametrize(
    "name",
    [
        "a key that is misspelt",
        "a key of the whole",
        "a key within a field",
        "a key of the model's own",
        "a key that is missing",
        "a number that is none",
        "a list where a text belongs",
        "a word that is misspelt",
        "a version from the future",
        "a suppression without a reason",
    ],
)
def test_the_json_schema_refuses_what_is_none(name: str) -> None:
    assert not valid(FAULTS[name].text)


def test_the_json_schema_takes_the_short_forms() -> None:
    assert valid("logs: [{samples: app.log, pipeline: a.conf, fields: {a: short}}]")
    assert valid("metrics: {series: [up, {name: s, slo: 0.5}], rules: r.yml}")
    assert not valid("logs: [{samples: {a: b}}]")
    assert not valid("logs: [{fields: {a: [short]}}]")


def test_the_json_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert "Location" not in json.dumps(json_schema())
