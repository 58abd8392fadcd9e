"""The `syslog_pri` filter, and 198 answers of syslog_pri 3.2.1."""

from __future__ import annotations

import pytest

from tests.logstash.filters.recorded import expected, observed, recorded
from tests.logstash.filters.runs import run
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import PipelineDied


def test_priorities_are_split_as_the_plugin_splits_them() -> None:
    cases = recorded("syslog_pri.jsonl")
    assert len(cases) == 198
    assert [case for case in cases if observed(case) != expected(case)] == []


def test_a_time_counts_as_its_seconds() -> None:
    [event] = run(
        "syslog_pri",
        {"syslog_pri_field_name": "t", "ecs_compatibility": "disabled"},
        {"t": Timestamp(34_999_999_999)},
    )
    assert (event["syslog_facility"], event["syslog_severity"]) == (
        "security/authorization",
        "critical",
    )


def test_a_scalar_in_the_way_ends_the_pipeline() -> None:
    with pytest.raises(PipelineDied, match="syslog_pri"):
        run("syslog_pri", {}, {"log": "text"})
