"""The graph of what reads what, and what findings lead to by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observed import CaseFiles, CaseService
from tests.reports.example import EXAMPLE, FINDING, finding, step
from toolkit.checks import all_checks
from toolkit.connectors import Connector
from toolkit.contract import parse_contract
from toolkit.findings import Effect, Finding, Location, Subject
from toolkit.model.contract import Scope
from toolkit.model.effects import with_effects
from toolkit.model.lineage import FIELDS, Lineage, LineageBuilder
from toolkit.model.report import Judgement, Report, Verdict
from toolkit.reports import text
from toolkit.reports.terminal import impact
from toolkit.verification import verify

PLACE = Location("a.yml", 1)


def subject(text: str) -> Subject:
    kind, _, name = text.rpartition(" ")
    return Subject(kind, name)  # type: ignore[arg-type]


def lineage_of(*edges: tuple[str, str]) -> Lineage:
    """A graph of nodes written as ``kind name``; what is broken goes by that too."""
    made = LineageBuilder()

    def node(text: str) -> object:
        kind, _, name = text.rpartition(" ")
        return made.node(kind, name, PLACE, subjects=(subject(text),), means=kind == "capture")

    for source, target in edges:
        made.edge(node(source), node(target))  # type: ignore[arg-type]
    return made.done()


CHAIN = lineage_of(
    ("lines shop", "capture x"),
    ("capture x", "field ms"),
    ("field ms", "mapping ms"),
    ("mapping ms", "panel Slow"),
    ("panel Slow", "dashboard Shop"),
    ("mapping ms", "alert Late"),
    ("field other", "mapping other"),
)


def names(*about: str, up: bool = False) -> list[str]:
    start = CHAIN.about(map(subject, about))
    return [str(node) for node in (CHAIN.above(start) if up else CHAIN.below(start))]


def test_what_reads_it_is_given_nearest_first() -> None:
    expected = ["mapping `ms`", "panel `Slow`", "alert `Late`", "dashboard `Shop`"]
    assert names("field ms") == expected
    assert names("alert Late", up=True) == [
        "mapping `ms`",
        "field `ms`",
        "capture `x`",
        "lines `shop`",
    ]
    assert names("nothing of the kind") == []


def test_steps_on_the_way_are_asked_for_by_nobody() -> None:
    assert [node.kind for node in CHAIN.named("ms")] == ["field", "mapping"]
    assert CHAIN.named("x") == ()


def test_a_node_and_an_edge_are_made_once() -> None:
    made = LineageBuilder()
    one, other = made.node("field", "a", PLACE), made.node("field", "a", Location("b.yml"))
    assert one is other
    assert made.node("field", "a", PLACE, within="elsewhere") is not one
    panel = made.node("panel", "P", PLACE)
    made.edge(one, panel, Location("c.yml", 1))
    made.edge(one, panel, Location("c.yml", 2))
    made.gap(FIELDS, FINDING)
    made.gap(FIELDS, FINDING)
    done = made.done()
    assert [str(edge.where) for edge in done.edges] == ["c.yml:1"]
    assert len(done.gaps) == 1


GRAPHS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=24)


def numbered(pairs: list[tuple[int, int]]) -> Lineage:
    return lineage_of(*((f"field {source}", f"field {target}") for source, target in pairs))


@given(GRAPHS)
def test_what_is_below_something_has_it_above(pairs: list[tuple[int, int]]) -> None:
    graph = numbered(pairs)
    for one in graph.nodes:
        for other in graph.nodes:
            assert (other in graph.below([one])) == (one in graph.above([other]))


@given(GRAPHS)
def test_nothing_goes_in_circles_for_ever(pairs: list[tuple[int, int]]) -> None:
    """Each node is followed once: the two trees have a row for each edge at the most."""
    graph = numbered(pairs)
    for node in graph.nodes:
        tree = impact.render(graph, [node]).splitlines()
        branches = [line for line in tree if "├─ " in line or "└─ " in line]
        assert len(branches) <= 2 * len(graph.edges)
        for below in graph.below([node]):
            assert any(f"field {below.name} " in line for line in branches)


def effect(*breaks: str) -> Effect | None:
    found = finding("broken", breaks=tuple(map(subject, breaks)))
    report = Report((Judgement(step("a/b"), Verdict.FAIL, (found,)),))
    [judgement] = with_effects(report, CHAIN).judgements
    return judgement.findings[0].effect


def reached(*breaks: str) -> list[str]:
    found = effect(*breaks)
    return [f"{each.kind} {each.name}" for each in found.reached] if found else []


def test_a_finding_leads_to_all_that_depends_on_what_it_breaks() -> None:
    assert reached("field ms") == ["mapping ms", "panel Slow", "alert Late", "dashboard Shop"]
    found = effect("field ms")
    assert found is not None
    assert [each.name for each in found.broken] == ["ms"]


def test_what_the_index_never_sees_is_no_effect() -> None:
    chain = lineage_of(("field a", "event field b"), ("event field b", "panel P"))
    broken = finding("x", breaks=(Subject("field", "a"),))
    report = Report((Judgement(step("a/b"), Verdict.FAIL, (broken,)),))
    [judgement] = with_effects(report, chain).judgements
    found = judgement.findings[0].effect
    assert found is not None
    assert [each.name for each in found.reached] == ["P"]


def test_captures_are_no_effect_of_their_own() -> None:
    expected = ["field ms", "mapping ms", "panel Slow", "alert Late", "dashboard Shop"]
    assert reached("lines shop") == expected


@pytest.mark.parametrize("broken", ["field other", "panel Slow", "alert Late", "unknown"])
def test_what_nobody_looks_at_is_no_effect(broken: str) -> None:
    assert effect(broken) is None


def test_what_is_made_of_something_broken_is_explained_by_it() -> None:
    found = finding("never filled", follows=(Subject("field", "ms"), Subject("sources", "ms")))
    report = Report((Judgement(step("a/b"), Verdict.UNPROVEN, (found,), (found,)),))
    [judgement] = with_effects(report, CHAIN).judgements
    for each in (*judgement.findings, *judgement.unproven):
        assert each.follows == tuple(map(subject, ("field ms", "capture x", "lines shop")))


PROJECT = {
    "toolkit.yml": """\
logs: [{name: shop, samples: app.log, pipeline: app.conf, template: template.json,
        fields: {ms: float}}]
kibana: {saved_objects: kibana.ndjson}
""",
    "app.conf": 'filter { grok { match => { "message" => "^ms=%{NUMBER:ms:float}$" } } }\n',
    "app.log": "ms=1.5\n",
    "template.json": (
        '{"mappings": {"properties": {"ms": {"type": "float"}, "@timestamp": {"type": "date"}}}}\n'
    ),
    "kibana.ndjson": """\
{"type":"index-pattern","id":"v","attributes":{"title":"logs-*","timeFieldName":"@timestamp"}}
{"type":"search","id":"s","attributes":{"title":"Slow","columns":["ms"],\
"kibanaSavedObjectMeta":{"searchSourceJSON":"{\\"indexRefName\\":\\"i\\"}"}},\
"references":[{"name":"i","type":"index-pattern","id":"v"}]}
""",
}


def said(**files: str) -> str:
    """What is said of the project, with some files otherwise; names have ``_`` for their dot."""
    blocks = {**PROJECT, **{name.replace("_", "."): text for name, text in files.items()}}
    contract = parse_contract(blocks["toolkit.yml"], source="toolkit.yml")
    connectors: list[Connector] = [CaseFiles(blocks), CaseService(blocks)]
    report = verify(Scope(contract), all_checks(), connectors, today=date(2026, 1, 10))
    return text.render(report)


def test_a_panel_that_no_line_fills_is_explained_by_the_line_that_is_not_parsed() -> None:
    assert said().endswith("0 broken, 0 not proved, 0 accepted\n")
    found = said(app_log="ms=-\n")
    assert "✗ logs/no-match  app.log:1:4" in found
    assert "  effect lines `shop` → field `ms` → saved search `Slow`" in found
    assert "  leaves unproven  kibana/field-missing" in found
    assert "could not look" not in found


def test_a_panel_on_another_field_is_not_explained_by_it() -> None:
    other = PROJECT["kibana.ndjson"].replace('"ms"', '"took"')
    found = said(app_log="ms=-\n", kibana_ndjson=other)
    assert "✗ logs/no-match" in found
    assert "✗ kibana/field-missing" in found


def test_a_report_without_a_lineage_is_what_it_was() -> None:
    bare = Report(
        tuple(
            replace(each, findings=tuple(map(without, each.findings)))
            for each in EXAMPLE.judgements
        )
    )
    assert with_effects(bare, Lineage()) == bare


def without(found: Finding) -> Finding:
    return replace(found, effect=None)
