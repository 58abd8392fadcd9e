"""What is recorded is read again as it was, whatever the evidence."""

from __future__ import annotations

import json
import pkgutil
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import evidence
from toolkit.findings import Finding
from toolkit.forms import plain, restored
from toolkit.model.queries import Recordable

for module in pkgutil.walk_packages(evidence.__path__, f"{evidence.__name__}."):
    import_module(module.name)
FORMS: list[Any] = [
    tuple[Finding, ...],
    *(each for each in Recordable.__subclasses__() if each.__module__.startswith("toolkit.")),
]


@pytest.mark.parametrize("form", FORMS, ids=str)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_written_is_read_again(form: Any, data: st.DataObject) -> None:
    value = data.draw(st.from_type(form))
    text = json.dumps(plain(value))
    again = restored(form, json.loads(text))
    assert type(again) is type(value)
    # Not the values: what is no number is not equal to itself.
    assert json.dumps(plain(again)) == text


@pytest.mark.parametrize("form", FORMS[1:], ids=str)
@pytest.mark.parametrize("data", [None, [], "", 1, {"surely": "none"}])
def test_what_is_something_else_is_refused(form: Any, data: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        restored(form, data)
