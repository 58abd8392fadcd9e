"""Expositions: held to prometheus_client's reader and writer, and to promtool."""

from __future__ import annotations

import math
import subprocess
from collections import Counter

import prometheus_client
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from tests.real import program
from toolkit.errors import InputError
from toolkit.prometheus.exposition import Exposition, parse_exposition


def read(text: str) -> Exposition:
    return parse_exposition(text, source="/metrics")


NAMES = st.from_regex(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,8}", fullmatch=True)
LABELS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.floats(width=32)


@st.composite
def expositions(draw: st.DrawFn) -> str:
    """What prometheus_client itself writes of a random registry."""
    registry = CollectorRegistry()
    for name in draw(st.lists(NAMES, unique_by=str.lower, max_size=4)):
        kind = draw(st.sampled_from(["Counter", "Gauge", "Histogram", "Summary"]))
        labels = draw(st.lists(LABELS, unique=True, max_size=2))
        made = getattr(prometheus_client, kind)
        try:
            metric = made(name, draw(VALUES), labels, registry=registry)
        except ValueError:
            continue
        for _ in range(draw(st.integers(0, 2))):
            here = metric.labels(*(draw(VALUES) for _ in labels)) if labels else metric
            if kind == "Gauge":
                here.set(draw(NUMBERS))
            elif kind == "Counter":
                here.inc(draw(st.floats(0, 1e9)))
            else:
                here.observe(draw(st.floats(0, 100)))
    return prometheus_client.generate_latest(registry).decode()


def as_set(series: list[tuple[str, dict[str, str], float]]) -> Counter[str]:
    return Counter(f"{name}{sorted(labels.items())}{value!r}" for name, labels, value in series)


@settings(max_examples=60, deadline=None)
@given(expositions())
def test_what_the_client_library_writes_is_read_as_it_reads_it(text: str) -> None:
    theirs = [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
    ours = [(each.name, dict(each.labels), each.value) for each in read(text)]
    assert as_set(ours) == as_set(theirs)


TYPED = """\
# HELP requests_total All of them,\\nand a \\\\ more.
# TYPE requests_total counter
requests_total{route="/",status="200"} 3
requests_total{status="500",route="/"} 0 1700000000000
# TYPE seconds histogram
seconds_bucket{le="0.1"} 2
seconds_bucket{le="+Inf"} 3
seconds_sum 0.25
seconds_count 3
# TYPE temperature gauge
temperature -1.5e1
# TYPE size summary
size{quantile="0.5"} NaN
size_sum 1
size_count 2
# a comment, and nothing more
other 1
"""


def test_families() -> None:
    found = read(TYPED)
    assert [(each.name, each.type, len(each.series)) for each in found.families] == [
        ("requests", "counter", 2),
        ("seconds", "histogram", 4),
        ("temperature", "gauge", 1),
        ("size", "summary", 3),
        ("other", "unknown", 1),
    ]
    assert found.families[0].help == "All of them,\nand a \\ more."
    assert found.names()[:3] == ("requests_total", "seconds_bucket", "seconds_sum")
    (bucket, infinite) = found.named("seconds_bucket")
    assert (bucket.labels, bucket.value, infinite.labels["le"]) == ({"le": "0.1"}, 2, "+Inf")
    assert math.isnan(found.named("size")[0].value)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("requests_total", "requests"),
        ("requests", "requests"),
        ("seconds", "seconds"),
        ("seconds_bucket", "seconds"),
        ("size_count", "size"),
        ("other", "other"),
        ("nothing", None),
    ],
)
def test_a_family_is_found_by_its_name_or_by_a_series(name: str, family: str | None) -> None:
    found = read(TYPED).family(name)
    assert (found.name if found else None) == family


def test_a_family_that_is_only_declared_is_not_exported() -> None:
    found = read("# HELP a A.\n# TYPE a counter\nb 1\n")
    assert found.family("a") is None
    assert [each.name for each in found.families] == ["a", "b"]


def test_a_counter_without_its_suffix_keeps_its_name() -> None:
    """Prometheus stores it as it is written; OpenMetrics would have added ``_total``."""
    found = read("# TYPE requests counter\nrequests 3\n")
    assert found.names() == ("requests",)


def test_series_without_a_type_are_one_family() -> None:
    (family,) = read('up{job="a"} 1\nother 1\nup{job="b"} 0\n').families[:1]
    assert len(family.series) == 2


def test_a_gauge_that_ends_like_a_histogram_is_its_own() -> None:
    found = read("# TYPE a gauge\na 1\na_count 2\n# TYPE b histogram\nb_count 1\nb_total 2\n")
    assert [(each.name, len(each.series)) for each in found.families] == [
        ("a", 1),
        ("a_count", 1),
        ("b", 1),
        ("b_total", 1),
    ]


GOOD = {
    "a blank line": "\n\na 1\n",
    "no line end": "a 1",
    "blanks everywhere": ' a { b = "c" , d="e" }  1\n',
    "a comma behind the last label": 'a{b="c",} 1\n',
    "no labels": "a{} 1\n",
    "escapes": 'a{b="\\\\ \\" \\n"} 1\n',
    "an escape that is none": 'a{b="\\d"} 1\n',
    "letters of the world": 'a{b="é日本"} 1\n',
    "infinities": "a +Inf\nb -Inf\nc NaN\n",
    "a colon in a name": "a:b 1\n",
    "a timestamp": "a 1 1700000000000\nb 1 -1\n",
    "a comment that looks like more": "# TYPE\n# HELP\n#a\n# EOF\n",
    "an empty help": "# HELP a\na 1\n",
    "a quoted name": '{"a.b", "c.d"="e", f="g"} 1\n',
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_good_lines(text: str) -> None:
    read(text)


def test_escapes_are_undone() -> None:
    (series,) = read(GOOD["escapes"])
    assert series.labels == {"b": '\\ " \n'}
    (series,) = read(GOOD["an escape that is none"])
    assert series.labels == {"b": "\\d"}
    (series,) = read(GOOD["a quoted name"])
    assert (series.name, series.labels) == ("a.b", {"c.d": "e", "f": "g"})


BAD = {
    "no value": "a\n",
    "no name": "{} 1\n",
    "a digit first": "1a 1\n",
    "a dash in a name": "a-b 1\n",
    "a value that is none": "a x\n",
    "an underscore in a number": "a 1_000\n",
    "a hexadecimal number": "a 0x1p-2\n",
    "a fraction as time": "a 1 1.5\n",
    "three numbers": "a 1 2 3\n",
    "a carriage return": "a 1\r\n",
    "labels that do not end": 'a{b="c" 1\n',
    "a label without quotes": "a{b=c} 1\n",
    "a label without a value": "a{b} 1\n",
    "a label twice": 'a{b="c",b="d"} 1\n',
    "no comma between labels": 'a{b="c" d="e"} 1\n',
    "a comma first": 'a{,b="c"} 1\n',
    "a dash in a label": 'a{b-c="d"} 1\n',
    "a value that does not end": 'a{b="c} 1\n',
    "a type there is not": "# TYPE a number\na 1\n",
    "no type": "# TYPE a \na 1\n",
    "two names": 'a{"b"} 1\n',
    "a page": "<html>not found</html>\n",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad_lines(text: str) -> None:
    with pytest.raises(InputError) as raised:
        read("first 1\n" + text)
    where = raised.value.finding.where
    assert (where.source, where.line) == ("/metrics", 2)
    assert where.excerpt == text.partition("\n")[0]


OTHERWISE = (
    GOOD["no line end"],
    GOOD["an escape that is none"],
    GOOD["a quoted name"],
    BAD["no type"],
)


@pytest.mark.parametrize("text", [*GOOD.values(), *BAD.values()], ids=[*GOOD, *BAD])
def test_promtool_reads_and_refuses_the_same(text: str) -> None:
    """`promtool check metrics` ends with 1 where it cannot read, with 3 where it would advise.

    It checks with another parser than the one Prometheus scrapes with: `OTHERWISE` is where
    the two part, and we side with the scrape.
    """
    done = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (_is_refused(text) == (done.returncode == 1)) is (text not in OTHERWISE), done.stderr


def _is_refused(text: str) -> bool:
    try:
        read(text)
    except InputError:
        return True
    return False


@given(st.text(alphabet='ab{}="\\,: \t#TYPEHLcounter01.eE+-\n', max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        read(text)
    except InputError as error:
        finding = error.finding
    else:
        return
    assert finding.what == "the exposition is not in Prometheus's text format"
