"""Read a contract from YAML, keeping the place of every promise for messages."""

from __future__ import annotations

import pydantic

from toolkit.contract.faults import faults
from toolkit.contract.form import adapter, json_schema
from toolkit.contract.reader import Reader
from toolkit.errors import ContractError
from toolkit.model.contract import Contract

__all__ = ["json_schema", "parse_contract"]


def parse_contract(text: str, *, source: str) -> Contract:
    """Read a contract from ``text``; ``source`` names it in messages.

    Raises `ContractError` with every fault found, each at its line and column.
    """
    reader = Reader(source, text)
    data = reader.read()
    found = reader.faults
    try:
        contract = adapter().validate_python(data)
    except pydantic.ValidationError as error:
        found += faults(error.errors(), reader.document)
        raise ContractError(*dict.fromkeys(found)) from error
    if found:
        raise ContractError(*found)
    return contract
