"""A report for continuous integration: JUnit's XML, one test case for each step."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from toolkit.model.report import Judgement, Report, Verdict
from toolkit.reports.text import render_acceptance, render_judgement

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Write one suite: FAIL is a ``failure``, UNPROVEN an ``error``, not judged ``skipped``."""
    count = [judgement.verdict for judgement in report.judgements]
    suite = ElementTree.Element(
        "testsuite",
        name="toolkit verify",
        tests=str(len(count)),
        failures=str(count.count(Verdict.FAIL)),
        errors=str(count.count(Verdict.UNPROVEN)),
        skipped=str(sum(not each.judged for each in count)),
    )
    for judgement in report.judgements:
        suite.append(_case(judgement))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case(judgement: Judgement) -> ElementTree.Element:
    step = judgement.step
    found = judgement.findings if judgement.verdict is Verdict.FAIL else judgement.unproven
    where = found[0].where if found else step.expectation.declared
    case = ElementTree.Element(
        "testcase",
        classname=step.check.id.replace("/", "."),
        name=_clean(step.name),
        file=_clean(where.source),
        line=str(where.line or 0),
    )
    kind = {Verdict.FAIL: "failure", Verdict.UNPROVEN: "error"}.get(judgement.verdict)
    if kind:
        attributes = {"message": _clean(found[0].what), "type": step.check.id}
        problem = ElementTree.SubElement(case, kind, attributes)
        problem.text = _clean(render_judgement(judgement))
    elif not judgement.verdict.judged:
        message = f"there are no {judgement.unit} to look at"
        if judgement.verdict is Verdict.NOT_RUN:
            message = f"not run: {judgement.origin}"
        ElementTree.SubElement(case, "skipped", message=_clean(message))
    if judgement.accepted:
        accepted = (render_acceptance(each) for each in judgement.accepted)
        ElementTree.SubElement(case, "system-out").text = _clean("\n".join(accepted))
    return case


def _clean(text: str) -> str:
    """Replace characters that XML 1.0 does not allow."""
    return _NOT_XML.sub("�", text)
