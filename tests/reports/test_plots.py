"""The page of a run of scaling."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.scaling.runs import run_of
from toolkit.reports.scaling import html

RUN = run_of(
    """autoscaler autoscaler=shop<b> needed=165
load usage=null desired=1 ready=1 p95=null
load users=8 usage=123 wanted=3 desired=3 ready=1
rest users=0 usage=0 wanted=0 desired=1 ready=1
endpoint "GET /<script>" requests=200 failures=1 p95=0.2"""
)


class Balance(HTMLParser):
    """Complains of an element that is closed and not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """It is closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_each_plot_is_drawn() -> None:
    page = html.render(RUN, "PASS")
    balance = Balance()
    balance.feed(page)
    assert balance.open == []
    assert re.findall(r'aria-label="([^"]+)"', page) == [
        "Replicas",
        "Usage in %",
        "Load",
        "Latency in ms",
    ]


def test_nothing_is_loaded_from_elsewhere_and_nothing_slips_in() -> None:
    page = html.render(RUN, "<script>alert(1)</script>")
    assert not re.search(r"https?:|src=|url\(|<script", page)


@pytest.mark.parametrize("block", ["", "rest usage=0 desired=1 ready=1"])
def test_a_run_that_saw_nothing_still_has_a_page(block: str) -> None:
    assert html.render(run_of(block), "UNPROVEN").endswith("</html>\n")


def test_a_value_that_is_unknown_breaks_the_line() -> None:
    usage = html.render(RUN, "").partition('aria-label="Usage in %"')[2].partition("</svg>")[0]
    drawn = re.search(r'class="a" d="([^"]+)"', usage)
    assert drawn is not None
    assert re.sub(r"[\d. ]+", "", drawn[1]) == "ML"
