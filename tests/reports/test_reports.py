"""What each format makes of the same report; `pytest --update` rewrites the golden files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.reports.example import EMPTY, EXAMPLE, FINDING, finding, step
from toolkit.findings import Affected, Effect, Finding, Location, Severity, Subject
from toolkit.model.report import Judgement, Report, Verdict
from toolkit.reports import formats, github, junit, renderer, text
from toolkit.reports import json as json_format
from toolkit.reports.terminal.finding import render_finding
from toolkit.reports.terminal.style import Style

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", formats())
def test_golden(name: str, update: bool) -> None:
    path, output = GOLDEN / f"report.{name}", renderer(name)(EXAMPLE)
    if update:
        path.write_text(output, "utf-8")
    assert output == path.read_text("utf-8")


@pytest.mark.parametrize("name", formats())
def test_every_format_takes_an_empty_report(name: str) -> None:
    output = renderer(name)(EMPTY)
    assert output == "" or output.endswith("\n")


def test_a_format_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        renderer("digest")


def reported(*findings: Judgement) -> Report:
    return Report(findings)


def test_text_is_never_wider_than_the_terminal() -> None:
    wide = replace(
        FINDING,
        what="value " * 40,
        where=Location("app.log", 1, 150, "x" * 140 + " status=- " + "y" * 200, 3),
    )
    report = reported(Judgement(step("logs/no-match"), Verdict.FAIL, (wide,)))
    for width in (60, 80, 120):
        assert max(map(len, text.render(report, Style(width)).splitlines())) <= width


def test_the_caret_points_at_what_is_meant_in_a_line_that_is_cut() -> None:
    line = "x" * 140 + " status=- " + "y" * 200
    found = finding("odd", where=Location("app.log", 1, line.index("-") + 1, line, 1))
    lines = text.render(reported(Judgement(step("a/b"), Verdict.FAIL, (found,)))).splitlines()
    (carets,) = (each for each in lines if each.endswith("^"))
    assert lines[lines.index(carets) - 1][carets.index("^")] == "-"


def test_a_tab_or_an_escape_code_does_not_move_the_caret() -> None:
    found = finding("odd \x1b[2J", where=Location("a", 1, 5, "\t\x1b\x7f\x85status", 6))
    output = text.render(reported(Judgement(step("a/b"), Verdict.FAIL, (found,))))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)
    assert "    1 |  ␛␡�status\n      |     ^^^^^^\n" in output


def test_colour_adds_nothing_but_colour() -> None:
    plain, coloured = text.render(EXAMPLE), text.render(EXAMPLE, Style(colour=True))
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_consequences_are_cut_and_counted() -> None:
    found = [finding(f"effect {n} " + "x" * 90, follows=FINDING.breaks) for n in range(6)]
    report = reported(
        Judgement(step("logs/no-match"), Verdict.FAIL, (FINDING,)),
        Judgement(step("logs/other"), Verdict.FAIL, tuple(found)),
    )
    lines = text.render(report).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("  so   logs/other  effect") for line in lines) == 4
    assert "  so   and 2 more" in lines


def test_findings_that_explain_each_other_are_all_shown() -> None:
    """A circle has no cause: nothing may vanish."""
    one = finding("one", breaks=(Subject("field", "a"),), follows=(Subject("field", "b"),))
    two = finding("two", breaks=(Subject("field", "b"),), follows=(Subject("field", "a"),))
    report = reported(Judgement(step("logs/x"), Verdict.FAIL, (one, two)))
    output = text.render(report)
    assert "one" in output
    assert "two" in output
    (cause,) = json.loads(json_format.render(report))["findings"]
    assert [cause["what"], *(each["what"] for each in cause["consequences"])] == ["one", "two"]


def test_the_gravest_comes_first_then_the_earliest_hop() -> None:
    warning = finding("w", severity=Severity.WARNING)
    report = reported(
        Judgement(step("logs/a"), Verdict.FAIL, (warning,)),
        Judgement(step("metrics/b"), Verdict.FAIL, (finding("m"),)),
        Judgement(step("elasticsearch/c"), Verdict.FAIL, (finding("e"),)),
        Judgement(step("foreign/d"), Verdict.FAIL, (finding("f"),)),
    )
    order = [each["check"] for each in json.loads(json_format.render(report))["findings"]]
    assert order == ["elasticsearch/c", "metrics/b", "foreign/d", "logs/a"]


def test_json_is_versioned_and_complete() -> None:
    data = json.loads(json_format.render(EXAMPLE))
    assert (data["version"], data["verdict"], data["contract"]) == (1, "fail", "toolkit.yml")
    assert set(data) == {
        "version",
        "contract",
        "verdict",
        "fail_on",
        "hops",
        "findings",
        "judgements",
        "stale_suppressions",
    }
    assert [each["verdict"] for each in data["judgements"]] == [
        judgement.verdict.value for judgement in EXAMPLE.judgements
    ]


def test_junit_is_well_formed_and_counts() -> None:
    (suite,) = ElementTree.fromstring(junit.render(EXAMPLE).encode())
    cases = suite.findall("testcase")
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == [
        "8",
        "2",
        "2",
        "0",
    ]
    assert len(cases) == 8
    assert len(suite.findall("testcase/failure")) == 2
    assert len(suite.findall("testcase/error")) == 2
    assert cases[0].get("classname") == "logs.no-match"
    assert (cases[0].get("file"), cases[0].get("line")) == ("app.log", "3")
    failure = cases[0].find("failure")
    assert failure is not None
    assert '<as> "it" & says' in (failure.text or "")


def test_junit_holds_nothing_that_xml_cannot() -> None:
    odd = finding("\x00 \x1b \ud800 \uffff", where=Location("odd\x01\udcff.log", 1))
    output = junit.render(reported(Judgement(step("a/b"), Verdict.FAIL, (odd,))))
    (suite,) = ElementTree.fromstring(output.encode())
    (case,) = suite
    assert case.get("file") == "odd��.log"
    assert [failure.get("message") for failure in case] == ["� � � �"]


def test_junit_names_are_unique() -> None:
    (suite,) = ElementTree.fromstring(junit.render(EXAMPLE).encode())
    names = [case.get("name") for case in suite.findall("testcase")]
    assert len(names) == len(set(names))


def test_github_escapes_what_would_end_a_command() -> None:
    lines = github.render(EXAMPLE).splitlines()
    assert all(re.fullmatch(r"::(error|warning|notice) [^\n]*::.*", line) for line in lines)
    first = next(line for line in lines if "file=app.log" in line)
    assert "100 %25 of them" in first
    assert "50, 60%0Aand more" in first
    odd = next(line for line in lines if "file=a%2Cb%3Ac" in line)
    assert ",line=1,title=logs/no-match::" in odd


def test_a_finding_names_what_its_consequences_leave_unproven() -> None:
    """They are said in a line each, which has no room for it."""
    blind = finding("never filled", follows=(Subject("field", "status"),))
    missing = finding("no `status`", breaks=(Subject("field", "status"),), follows=FINDING.breaks)
    report = reported(
        Judgement(step("logs/no-match"), Verdict.FAIL, (FINDING,)),
        Judgement(step("logs/typed-fields"), Verdict.FAIL, (missing,)),
        Judgement(step("kibana/field-missing"), Verdict.UNPROVEN, unproven=(blind,)),
    )
    lines = text.render(report).splitlines()
    assert "  so   logs/typed-fields  no `status`" in lines
    assert "  leaves unproven  kibana/field-missing" in lines


SAME = [finding("the variable `PW` is not defined", where=Location("a.conf", n)) for n in range(4)]


def test_one_cause_at_several_places_is_one_block() -> None:
    report = reported(Judgement(step("logs/broken-pipeline"), Verdict.FAIL, tuple(SAME)))
    output = text.render(report)
    assert output.count("the variable `PW` is not defined") == 1
    assert "  also at 3 places: a.conf:1, 2, 3\n" in output
    (entry,) = json.loads(json_format.render(report))["findings"]
    assert [place["line"] for place in entry["also_at"]] == [1, 2, 3]
    assert [line.count("a.conf") for line in github.render(report).splitlines()] == [1] * 4


def test_what_differs_in_its_fix_or_its_check_is_another_fault() -> None:
    other = replace(SAME[1], fix="define it.")
    report = reported(
        Judgement(step("logs/broken-pipeline"), Verdict.FAIL, (SAME[0], other)),
        Judgement(step("logs/other"), Verdict.FAIL, (SAME[2],)),
    )
    assert text.render(report).count("the variable `PW` is not defined") == 3


def test_what_could_not_be_looked_at_for_one_reason_is_one_block() -> None:
    blind = [
        finding(
            f"`ruby` is not emulated, and reached by {n} lines", where=Location(f"{n}.conf", 7)
        )
        for n in (2, 3)
    ]
    report = reported(
        Judgement(step("logs/a"), Verdict.UNPROVEN, unproven=(blind[0],)),
        Judgement(step("logs/b"), Verdict.UNPROVEN, unproven=(blind[1],)),
    )
    output = text.render(report)
    assert output.count("could not look") == 1
    assert "  also at 3.conf:7\n  leaves unproven  logs/a, logs/b\n" in output


def test_effects_and_consequences_of_all_places_are_under_one_block() -> None:
    def broken(name: str) -> Finding:
        place = Location(f"{name}.conf", 1)
        effect = Effect((Affected("lines", name, place),), (Affected("alert", name, place),))
        return finding("no", where=place, breaks=(Subject("lines", name),), effect=effect)

    follows = [finding(f"less of {n}", follows=(Subject("lines", n),)) for n in ("a", "b")]
    report = reported(
        Judgement(step("logs/x"), Verdict.FAIL, (broken("a"), broken("b"))),
        Judgement(step("logs/y"), Verdict.FAIL, tuple(follows)),
    )
    lines = text.render(report).splitlines()
    assert "  effect lines `a`, `b` → alerts `a`, `b`" in lines
    assert [line for line in lines if line.startswith("  so ")] == [
        "  so   logs/y  less of a",
        "  so   logs/y  less of b",
    ]


def test_what_follows_at_one_of_its_places_only_stands_for_itself() -> None:
    cause = finding("cause", breaks=(Subject("field", "a"),))
    other = finding("odd", where=Location("b.conf", 2))
    effect = finding("odd", follows=cause.breaks)
    report = reported(
        Judgement(step("logs/x"), Verdict.FAIL, (cause,)),
        Judgement(step("logs/y"), Verdict.FAIL, (effect, other)),
    )
    assert "✗ logs/y  toolkit.yml:9:3" in text.render(report).splitlines()


def test_github_shows_no_more_than_ten() -> None:
    found = tuple(finding(f"number {n}") for n in range(12))
    lines = github.render(reported(Judgement(step("a/b"), Verdict.FAIL, found))).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::notice title=toolkit::and 3 more; see the text report"


def test_a_finding_speaks_in_four_parts_and_says_what_it_leads_to() -> None:
    assert render_finding(FINDING).splitlines() == [
        "✗ error  app.log:3:8",
        "  a line is not parsed by `grok` (`_grokparsefailure`): INT needs a digit",
        "    3 | status=-",
        "      |        ^",
        "  pattern app.conf:2:1",
        "    2 | %{INT:status:int}",
        "      | ^^^^^^^^^^^^^^^^^",
        '  why  100 % of them, <as> "it" & says: 50, 60 and more',
        "  effect lines `requests` → field `status` → alert `Errors & <more>` → 1 panel",
        "  fix  let the pattern take what the line has.",
    ]
