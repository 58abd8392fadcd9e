"""Load stays on this machine."""

from __future__ import annotations

import pytest

from toolkit.connectors.scaling.generator import stay_here


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_may_be_asked(address: str) -> None:
    stay_here("socket.connect", (None, (address, 80)))


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "0.0.0.0", "2001:db8::1"])
def test_no_other_may(address: str) -> None:
    with pytest.raises(PermissionError, match="not this machine"):
        stay_here("socket.connect", (None, (address, 80)))


def test_a_name_is_no_way_out() -> None:
    with pytest.raises(ValueError, match="example"):
        stay_here("socket.connect", (None, ("shop.example", 80)))


def test_what_is_no_connection_is_left_alone() -> None:
    stay_here("socket.connect", (None, "/run/some.socket"))
    stay_here("open", ("file",))
