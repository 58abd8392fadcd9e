"""Load stays on this machine, and on the one that is meant."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from toolkit.connectors.scaling.generator import stay_at


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_may_be_asked(address: str) -> None:
    stay_at("http://127.0.0.1:80")("socket.connect", (None, (address, 80)))


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "0.0.0.0", "2001:db8::1"])
def test_no_other_may(address: str) -> None:
    with pytest.raises(PermissionError, match=r"it is not 127\.0\.0\.1"):
        stay_at("http://127.0.0.1:80")("socket.connect", (None, (address, 80)))


def test_a_name_is_no_way_out() -> None:
    with pytest.raises(PermissionError, match=r"elsewhere\.example"):
        stay_at("http://127.0.0.1")("socket.connect", (None, ("elsewhere.example", 80)))


def test_the_host_that_is_meant_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(name: str, port: None) -> list[Any]:
        assert name == "shop.example"
        return [(None, None, None, "", ("192.0.2.7", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    watch = stay_at("https://shop.example")
    watch("socket.connect", (None, ("192.0.2.7", 443)))
    with pytest.raises(PermissionError, match=r"not shop\.example"):
        watch("socket.connect", (None, ("192.0.2.8", 443)))


def test_what_is_no_connection_is_left_alone() -> None:
    watch = stay_at("http://127.0.0.1")
    watch("socket.connect", (None, "/run/some.socket"))
    watch("open", ("file",))
