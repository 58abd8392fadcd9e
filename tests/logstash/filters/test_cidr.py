"""The `cidr` filter, and 210 answers of cidr 3.2.0."""

from __future__ import annotations

import pytest

from tests.logstash.filters.recorded import expected, observed, recorded
from tests.logstash.filters.runs import context, faults, run
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import PipelineDied
from toolkit.logstash.filters.cidr import Cidr
from toolkit.logstash.options import OptionError

ADDED = {"add_tag": ["in"]}


def test_addresses_are_in_the_networks_ruby_says_they_are_in() -> None:
    cases = recorded("cidr.jsonl")
    assert len(cases) == 210
    assert [case for case in cases if observed(case) != expected(case)] == []


def is_in(text: str, separator: str = "\n") -> bool:
    cidr = Cidr(address=("10.1.2.3",), network_path="nets", separator=separator, add_tag=("in",))
    [event] = cidr.register(context(read_file=lambda name: text.encode()))(Event({}))
    return bool(event.get("tags"))


def test_networks_may_come_from_a_file() -> None:
    assert is_in("192.168.0.0/16\nbad\n10.0.0.0/8\n")
    assert is_in("192.168.0.0/16;10.0.0.0/8", separator=";")
    assert not is_in("10.0.0.0/8\r\n192.168.0.0/16")
    assert not is_in("10.0.0.0/8,10.0.0.0/8")
    with pytest.raises(PipelineDied):
        is_in("\n\n")


def test_a_file_that_cannot_be_read_is_a_fault() -> None:
    def missing(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(OptionError) as caught:
        Cidr(network_path="nets").register(context(read_file=missing))
    [fault] = caught.value.faults
    assert fault.what == "`nets` cannot be read: No such file or directory"


def test_two_sources_exclude_each_other() -> None:
    options = {"network": ["::/0"], "network_path": "x", "address": ["::"], "address_field": "a"}
    assert [fault.option for fault in faults("cidr", options)] == ["network_path", "address_field"]


def test_without_addresses_nothing_is_in() -> None:
    assert run("cidr", {"network": ["0.0.0.0/0"], **ADDED}, {"f": 1}) == [{"f": 1}]
